import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { botScope, type BotScope } from '../../../protocol/bots.ts';
import type { EndpointSpec } from '../../../protocol/contract.ts';
import type { Conversation } from '../../../protocol/conversations.ts';
import { endpoints, type RouteKey } from '../../../protocol/index.ts';
import { inSite } from '../../database/wall.ts';
import {
  aDm,
  aGroup,
  aMessage,
  api,
  aServerKey,
  aSocket,
  aUser,
  CommandRefused,
  openSocket,
  startTestBackend,
  type Api,
  type TestBackend,
  type TestServerKey,
  type TestUser,
} from '../../testing/index.ts';
import { createBotBook } from './index.ts';

const patienceMs = 20_000;
/** What needs a session and does not say what a bot must have been given. */
const peoples = Object.entries<EndpointSpec>(endpoints)
  .filter(([, { auth, bots }]) => auth === 'session' && !bots)
  .map(([key]) => key as RouteKey);

interface TestBot {
  readonly id: string;
  readonly accessToken: string;
  readonly api: Api;
}

let server: TestBackend;
let key: TestServerKey;
let ann: TestUser;
let ben: TestUser;
let inside: Conversation;
let outside: Conversation;
let bot: TestBot;

const aBot = async (scopes?: BotScope[], name = 'Clerk'): Promise<TestBot> => {
  const { bot: made, token } = await key.api.call('POST /admin/bots', { body: { name, ...(scopes && { scopes }) } });
  return { id: made.user.id, accessToken: token, api: api(server, token) };
};
const join = (one: TestBot, { id: conversationId }: Conversation) =>
  ann.api.call('POST /conversations/:conversationId/members', {
    params: { conversationId },
    body: { userIds: [one.id] },
  });
const say = (text = 'beep') => ({ clientId: uuidv7(), text });
const at = ({ id: conversationId }: Conversation) => ({ params: { conversationId } });

beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 1000, messageBurst: 1000 } });
  key = await aServerKey(server);
  [ann, ben] = [await aUser(server), await aUser(server)];
  [inside, outside] = [await aGroup(ann, [ben]), await aGroup(ann, [ben])];
  bot = await aBot();
  await join(bot, inside);
});
afterAll(() => server.close());

describe('a bot', () => {
  test('reads and writes where it was added, and is seen to be a bot', async () => {
    const asked = await aMessage(ann, inside, 'what time is it?');
    const { conversations } = await bot.api.call('GET /conversations');
    expect(conversations.map(({ id }) => id)).toEqual([inside.id]);
    const { messages } = await bot.api.call('GET /conversations/:conversationId/messages', at(inside));
    expect(messages.map(({ text }) => text)).toContain('what time is it?');
    const { message } = await bot.api.call('POST /conversations/:conversationId/messages', {
      ...at(inside),
      body: { ...say('half past four'), replyTo: asked.id },
    });
    expect(message.senderId).toBe(bot.id);
    await bot.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
      params: { conversationId: inside.id, messageId: asked.id, emoji: '⏰' },
    });
    const { conversation } = await ann.api.call('GET /conversations/:conversationId', at(inside));
    expect(conversation.members.find(({ userId }) => userId === bot.id)?.user).toMatchObject({
      displayName: 'Clerk',
      kind: 'bot',
    });
    const { user } = await bot.api.call('GET /auth/me');
    expect(user).toMatchObject({ id: bot.id, kind: 'bot' });
  });

  test('finds nothing of a conversation that it was not added to, by any door', async () => {
    const { id: messageId } = await aMessage(ann, outside, 'among us');
    const params = { conversationId: outside.id, messageId, emoji: '👍' };
    const refusals = await Promise.all([
      bot.api.refusal('POST /conversations/:conversationId/messages', { params, body: say() }),
      bot.api.refusal('GET /conversations/:conversationId/messages', { params }),
      bot.api.refusal('GET /conversations/:conversationId', { params }),
      bot.api.refusal('GET /conversations/:conversationId/changes', { params, query: { after: 0 } }),
      bot.api.refusal('GET /conversations/:conversationId/messages/:messageId', { params }),
      bot.api.refusal('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', { params }),
      bot.api.refusal('DELETE /conversations/:conversationId/messages/:messageId', { params }),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual(refusals.map(() => 404));
    const socket = await aSocket(server, bot);
    expect(Object.keys(socket.welcome.heads)).toEqual([inside.id]);
    const sending = socket.command('message.send', { conversationId: outside.id, ...say() });
    await expect(sending).rejects.toMatchObject({ code: 'not_found' });
    await aMessage(ann, outside, 'not for bots');
    await aMessage(ann, inside, 'for all');
    await socket.next('message.created', ({ data }) => data.message.text === 'for all', patienceMs);
    expect(JSON.stringify(socket.events)).not.toContain('not for bots');
    await socket.close();
  });

  test('hears by its socket what is said, and answers', async () => {
    const socket = await aSocket(server, bot);
    expect(socket.welcome.user).toMatchObject({ id: bot.id, kind: 'bot' });
    const asked = await aMessage(ben, inside, 'are you there?');
    await socket.next('message.created', ({ data }) => data.message.id === asked.id, patienceMs);
    const anns = await aSocket(server, ann);
    await socket.command('typing.start', { conversationId: inside.id });
    await anns.next('typing.changed', ({ data }) => data.userId === bot.id, patienceMs);
    const { message } = await socket.command('message.send', { conversationId: inside.id, ...say('I am') });
    await anns.next('message.created', ({ data }) => data.message.id === message.id, patienceMs);
    await Promise.all([socket.close(), anns.close()]);
  });

  test('can do nothing that is for people', async () => {
    const params = { conversationId: inside.id, userId: ben.id };
    const refusals = await Promise.all([
      bot.api.refusal('GET /users', { query: { search: 'user' } }),
      bot.api.refusal('GET /users/:userId', { params }),
      bot.api.refusal('POST /conversations', { body: { kind: 'dm', userId: ann.id } }),
      bot.api.refusal('POST /conversations', { body: { kind: 'group', title: 'Mine', userIds: [ann.id] } }),
      bot.api.refusal('PATCH /conversations/:conversationId', { params, body: { title: 'Mine' } }),
      bot.api.refusal('POST /conversations/:conversationId/members', { params, body: { userIds: [ben.id] } }),
      bot.api.refusal('POST /conversations/:conversationId/calls', { params, body: { kind: 'audio' } }),
      bot.api.refusal('PUT /blocks/:userId', { params }),
      bot.api.refusal('PATCH /me', { body: { displayName: 'Somebody' } }),
      bot.api.refusal('PATCH /me/settings', { body: { showsTyping: false } }),
    ]);
    expect(refusals.map(({ code }) => code)).toEqual(refusals.map(() => 'forbidden'));
    const servers = await bot.api.refusal('GET /admin/usage');
    expect(servers.status).toBe(401);
    const socket = await aSocket(server, bot);
    const calling = socket.command('call.start', { conversationId: inside.id, kind: 'audio' });
    await expect(calling).rejects.toMatchObject({ code: 'forbidden' });
    await socket.close();
  });

  test.each(peoples)('is refused what no bot may do, whatever is asked: %s', async (key) => {
    const params = Object.fromEntries([...key.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, uuidv7()]));
    const { status, body } = await bot.api.request(key, { params });
    expect([status, body]).toEqual([403, expect.objectContaining({ code: 'forbidden' })]);
  });

  test('is not rung: alone with a bot there is nobody to call', async () => {
    const group = await aGroup(ann, []);
    await join(bot, group);
    const refusal = await ann.api.refusal('POST /conversations/:conversationId/calls', {
      ...at(group),
      body: { kind: 'audio' },
    });
    expect(refusal.code).toBe('conflict');
  });

  test('of another site is somebody whom nobody here knows', async () => {
    const { refusal } = (await aServerKey(server, { siteKey: await anotherSite() })).api;
    const found = await refusal('GET /admin/bots/:botId', { params: { botId: bot.id } });
    expect(found.status).toBe(404);
  });
});

describe('the scopes of a bot', () => {
  const doors: readonly [BotScope, (one: TestBot, messageId: string) => Promise<unknown>][] = [
    ['messages:read', (one) => one.api.call('GET /conversations/:conversationId/messages', at(inside))],
    [
      'messages:write',
      (one) => one.api.call('POST /conversations/:conversationId/messages', { ...at(inside), body: say() }),
    ],
    [
      'reactions:write',
      (one, messageId) =>
        one.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
          params: { conversationId: inside.id, messageId, emoji: '🤖' },
        }),
    ],
  ];

  test.each(doors)('without %s it is refused what needs it, and told what it lacks', async (scope, enter) => {
    const { id: messageId } = await aMessage(ann, inside);
    const lacking = await aBot(botScope.options.filter((other) => other !== scope));
    const having = await aBot([...new Set<BotScope>([scope, 'messages:read'])]);
    await Promise.all([join(lacking, inside), join(having, inside)]);
    await expect(enter(lacking, messageId)).rejects.toThrow(`was not given ${scope}`);
    await enter(having, messageId);
  });

  test('hold on sockets too, which a bot that may not read cannot open', async () => {
    const reader = await aBot(['messages:read']);
    await join(reader, inside);
    const socket = await aSocket(server, reader);
    for (const attempt of [
      () => socket.command('message.send', { conversationId: inside.id, ...say() }),
      () => socket.command('typing.start', { conversationId: inside.id }),
    ]) {
      const error = await attempt().catch((refusal: unknown) => refusal);
      expect(error).toBeInstanceOf(CommandRefused);
      expect(error).toMatchObject({ code: 'forbidden' });
    }
    await socket.close();
    const writer = await aBot(['messages:write']);
    const shut = await openSocket(server);
    shut.send(JSON.stringify({ id: 1, type: 'auth', data: { token: writer.accessToken } }));
    expect((await shut.closed).code).toBe(4500);
  });

  test('can be changed: its sockets come back with what it may do then', async () => {
    const one = await aBot(['messages:read']);
    await join(one, inside);
    const socket = await aSocket(server, one);
    await key.api.call('PATCH /admin/bots/:botId', {
      params: { botId: one.id },
      body: { scopes: ['messages:read', 'messages:write'], name: 'Town clerk' },
    });
    expect((await socket.closed).code).toBe(4002);
    const again = await aSocket(server, one);
    await again.command('message.send', { conversationId: inside.id, ...say() });
    expect(again.welcome.user.displayName).toBe('Town clerk');
    await again.close();
  });
});

describe('the token of a bot', () => {
  const refused = async (one: Pick<TestBot, 'api'>) => (await one.api.refusal('GET /conversations')).code;

  test('that was rotated, revoked or whose bot was deleted is useless at once, and its sockets are closed', async () => {
    for (const [route, status] of [
      ['POST /admin/bots/:botId/token', 200],
      ['DELETE /admin/bots/:botId/token', 204],
      ['DELETE /admin/bots/:botId', 204],
    ] as const) {
      const one = await aBot();
      await join(one, inside);
      const socket = await aSocket(server, one);
      const { status: answered, body } = await key.api.request(route, { params: { botId: one.id } });
      expect(answered, route).toBe(status);
      expect(await refused(one), route).toBe('token_invalid');
      expect((await socket.closed).code, route).toBe(4501);
      if (status === 200) {
        const { token } = body as { token: string };
        expect((await api(server, token).call('GET /auth/me')).user.id).toBe(one.id);
      }
      const members = (await ann.api.call('GET /conversations/:conversationId', at(inside))).conversation.members;
      expect(members.some(({ userId }) => userId === one.id)).toBe(route !== 'DELETE /admin/bots/:botId');
    }
  });

  test('that somebody ends on the command line closes the sockets of every process within a second or so', async () => {
    const other = await startTestBackend({}, { databaseUrl: server.databaseUrl });
    const one = await aBot();
    const socket = await aSocket(other, one);
    const since = performance.now();
    await inSite(key.siteId, () => createBotBook(server.db).revoke(key.siteId, one.id));
    expect(await refused({ api: api(other, one.accessToken) })).toBe('token_invalid');
    expect((await socket.closed).code).toBe(4501);
    // A look every half a second, on a machine that is busy.
    expect(performance.now() - since).toBeLessThan(10_000);
    await other.close();
  });

  test('is shown once and never again, and is not kept', async () => {
    const one = await aBot();
    expect(one.accessToken).toMatch(/^ttb_[\w-]{43}$/);
    const listed = await key.api.call('GET /admin/bots');
    expect(JSON.stringify(listed)).not.toContain(one.accessToken);
    expect(listed.bots[0]).toMatchObject({ user: { id: one.id, kind: 'bot' }, scopes: botScope.options });
    const stored = await server.db.pool.query('select row_to_json(b)::text as row from bots b');
    expect(JSON.stringify(stored.rows)).not.toContain(one.accessToken);
    const url = await fetch(`${server.url}/api/v1/conversations?cursor=${one.accessToken}`);
    expect(url.status).toBe(400);
  });

  test.each(['ttb_', `ttb_${'x'.repeat(43)}`, 'ttb_%00'])('that nobody has is refused: %s', async (token) => {
    expect(await refused({ api: api(server, token) })).toMatch(/token_invalid|unauthorized/);
    const socket = await openSocket(server);
    socket.send(JSON.stringify({ id: 1, type: 'auth', data: { token } }));
    expect((await socket.closed).code).toBe(4500);
  });
});

test('bots are found by people who would add them, pages of them go on', async () => {
  const made = [await aBot(undefined, 'Zeppelin one'), await aBot(undefined, 'Zeppelin two')];
  const { users } = await ann.api.call('GET /users', { query: { search: 'zeppelin' } });
  expect(users.map(({ id, kind }) => [id, kind]).sort()).toEqual(made.map(({ id }) => [id, 'bot']).sort());
  const first = await key.api.call('GET /admin/bots', { query: { limit: 1 } });
  const second = await key.api.call('GET /admin/bots', { query: { limit: 1, cursor: first.nextCursor ?? '' } });
  expect([first, second].map(({ bots }) => bots[0]?.user.id)).toEqual(made.map(({ id }) => id).reverse());
});

test('a direct message that somebody opens with a bot is one that it was added to', async () => {
  const one = await aBot();
  const dm = await aDm(ann, { ...ben, id: one.id });
  await aMessage(ann, dm, 'just the two of us');
  const { messages } = await one.api.call('GET /conversations/:conversationId/messages', at(dm));
  expect(messages.map(({ text }) => text)).toEqual(['just the two of us']);
});

const anotherSite = async (): Promise<string> => {
  const name = `site-${uuidv7().slice(-12)}`;
  await server.db.pool.query('insert into sites (id, key, name) values ($1, $2, $2)', [uuidv7(), name]);
  return name;
};
