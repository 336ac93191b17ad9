import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { closeCodes, protocolVersion } from '../../protocol/codes.ts';
import type { Line } from '../../widget/client/lines.ts';
import { createRelay } from '../../widget/client/relay.ts';
import { createTabLine } from '../../widget/client/tab-line.ts';
import type { TabNote } from '../../widget/client/tab-notes.ts';
import { aPerson, listed, opened, shows, until } from './chats.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

const post = (path: string, body: object) =>
  fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'TeaTime-Site': 'default', 'TeaTime-Client': 'test' },
    body: JSON.stringify(body),
  });

/** A new login of somebody. */
const signIn = async ({ username: identifier, password }: { username: string; password: string }) => {
  const reply = await post('/auth/login', { identifier, password, refreshIn: 'body' });
  return (await reply.json()) as { accessToken: string; refreshToken: string };
};
const tokenOf = async (person: { username: string; password: string }) => (await signIn(person)).accessToken;

let nextId = 1;

/** Speaks over a line as a tab does: `ask` resolves with the answer's data. */
const speakOver = (line: Line, token: string) => {
  const waiting = new Map<number, (frame: { ok: boolean; data: unknown }) => void>();
  const heard: { type: string; data: Record<string, unknown> }[] = [];
  line.onmessage = ({ data }) => {
    const frame = JSON.parse(String(data)) as { id?: number; ok: boolean; type: string; data: Record<string, unknown> };
    if (frame.id === undefined) heard.push(frame);
    else waiting.get(frame.id)?.(frame);
  };
  const ask = (type: string, data: object) =>
    new Promise<{ ok: boolean; data: unknown }>((resolve) => {
      const id = nextId++;
      waiting.set(id, resolve);
      line.send(JSON.stringify({ id, type, data }));
    });
  const closed = new Promise<number>((resolve) => (line.onclose = ({ code }) => resolve(code)));
  const welcome = new Promise<{ ok: boolean; data: unknown }>((resolve) => {
    line.onopen = () => void ask('auth', { token, version: protocolVersion }).then(resolve);
  });
  return { ask, heard, welcome, closed };
};

/** The tab with the socket, as it is while others are there. */
const aLeader = (name: string, token: string) => {
  const id = randomUUID();
  const channel = new BroadcastChannel(name);
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws?site=default`);
  const relay = createRelay({ id, post: (note) => channel.postMessage(note), announce: () => {}, wanted: () => {} });
  const line = socket as unknown as globalThis.WebSocket;
  channel.onmessage = ({ data }) => relay.hear(data as TabNote);
  relay.attach(line, false);
  onTestFinished(() => {
    relay.close();
    socket.terminate();
    channel.close();
  });
  return { ...speakOver(line, token), relay, socket };
};

/** A tab that speaks through it. */
const aFollower = (name: string, token: string) => {
  const id = randomUUID();
  const channel = new BroadcastChannel(name);
  const own: string[] = [];
  const line = createTabLine({
    id,
    post: (note) => channel.postMessage(note),
    said: () => {},
    ownOnly: () => void own.push('asked'),
  });
  channel.onmessage = ({ data }) => line.hear(data as TabNote);
  onTestFinished(() => channel.close());
  return { ...speakOver(line, token), id, line, own };
};

test('three tabs speak over one socket, and each gets its own answers and all events', async () => {
  const [ida, jon] = await Promise.all([aPerson(server), aPerson(server)]);
  ida.chat.destroy();
  const [token, name] = [await tokenOf(ida), randomUUID()];
  const leader = aLeader(name, token);
  const followers = [aFollower(name, token), aFollower(name, token), aFollower(name, token)];
  // They sign in at the same moment, which the server takes one after the other only.
  const welcomes = await Promise.all([leader, ...followers].map(({ welcome }) => welcome));
  const connections = welcomes.map(({ data }) => (data as { connectionId: string }).connectionId);
  expect(new Set(connections).size).toBe(1);
  expect(welcomes.every(({ data }) => (data as { user: { id: string } }).user.id === ida.id)).toBe(true);

  const conversationId = await jon.chat.openDirect(ida.id);
  const there = await opened(jon.chat, conversationId);
  const answers = await Promise.all(
    followers.map(({ ask }, index) =>
      ask('message.send', {
        conversationId,
        clientId: `0192f0c0-0000-7000-8000-00000000000${index}`,
        text: `from ${index}`,
      }),
    ),
  );
  const texts = answers.map(({ data }) => (data as { message: { text: string } }).message.text);
  expect(texts).toEqual(['from 0', 'from 1', 'from 2']);
  await until(there.$timeline, ({ items }) => items.length === 3, 'all three');
  await there.send('to all');
  for (const { heard } of [leader, ...followers]) {
    await expect.poll(() => heard.filter(({ type }) => type === 'message.created').length, { timeout: 20_000 }).toBe(4);
  }
});

test('somebody is away when they are in every tab, and what one tab stops watching others go on watching', async () => {
  const [ida, jon] = await Promise.all([aPerson(server), aPerson(server)]);
  ida.chat.destroy();
  const conversationId = await jon.chat.openDirect(ida.id);
  await listed(jon.chat);
  const [token, name] = [await tokenOf(ida), randomUUID()];
  const leader = aLeader(name, token);
  const [one, two] = [aFollower(name, token), aFollower(name, token)];
  await Promise.all([leader.welcome, one.welcome, two.welcome]);
  const $presence = jon.chat.presence(ida.id);
  await until($presence, (presence) => presence === 'online', 'to be online');

  for (const { ask } of [leader, one]) expect((await ask('presence.set', { presence: 'away' })).ok).toBe(true);
  const said = await jon.chat.open(conversationId);
  await said.send('still online');
  await shows(said, ['still online']);
  expect($presence.get()).toBe('online');
  // The last one that was in use goes without a word.
  leader.relay.forget(two.id);
  await until($presence, (presence) => presence === 'away', 'to be away');
  await one.ask('presence.set', { presence: 'online' });
  await until($presence, (presence) => presence === 'online', 'to be back');

  const watches = async () => Object.keys(((await leader.ask('ping', {})).data as { heads: object }).heads);
  for (const { ask } of [leader, one]) await ask('conversation.watch', { conversationId });
  await leader.ask('conversation.unwatch', { conversationId });
  expect(await watches()).toEqual([conversationId]);
  await one.ask('conversation.unwatch', { conversationId });
  expect(await watches()).toEqual([]);
  await one.ask('conversation.watch', { conversationId });
  one.line.close();
  await expect.poll(watches, { timeout: 20_000 }).toEqual([]);
});

test('when the socket ends, every tab hears with which code; calls ask for a socket of their own', async () => {
  const ida = await aPerson(server);
  ida.chat.destroy();
  const { accessToken: token, refreshToken } = await signIn(ida);
  const name = randomUUID();
  const leader = aLeader(name, token);
  const follower = aFollower(name, token);
  await Promise.all([leader.welcome, follower.welcome]);
  void follower.ask('call.start', { conversationId: randomUUID(), kind: 'audio' });
  expect(follower.own).toEqual(['asked']);
  await post('/auth/logout', { refreshToken });
  expect(await follower.closed).toBe(closeCodes.session_revoked);
  expect(await leader.closed).toBe(closeCodes.session_revoked);
});
