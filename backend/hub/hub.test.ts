import { uuidv7 } from 'uuidv7';
import { afterEach, describe, expect, test } from 'vitest';
import { aDm, aGroup, aMessage, aSocket, aUser, openSocket, someUsers, startTestBackend } from '../testing/index.ts';
import type { TestBackend, TestSocket, TestUser } from '../testing/index.ts';

const started: TestBackend[] = [];
afterEach(async () => {
  for (const t of started.splice(0)) await t.close();
});

const texts = (socket: TestSocket): string[] =>
  socket.events.flatMap((event) => (event.type === 'message.created' ? [event.data.message.text] : []));

describe.each(['uws', 'ws'] as const)('a whole server on the transport %s', (transport) => {
  const start = async (...[overrides, parts]: Parameters<typeof startTestBackend>): Promise<TestBackend> => {
    const t = await startTestBackend({ transport, ...overrides }, parts);
    started.push(t);
    return t;
  };

  test('who is added hears at once; who is removed hears nothing that is committed later', async () => {
    const t = await start();
    const [mia, noor, zoe] = (await someUsers(t, 3)) as [TestUser, TestUser, TestUser];
    const group = await aGroup(mia, [noor]);
    const [noors, zoes] = [await aSocket(t, noor), await aSocket(t, zoe)];
    const members = { params: { conversationId: group.id } };
    await mia.api.call('POST /conversations/:conversationId/members', { ...members, body: { userIds: [zoe.id] } });
    await aMessage(mia, group, 'with zoe');
    const created = await zoes.next('conversation.created');
    expect(created.data.conversation.id).toBe(group.id);
    await zoes.next('message.created', (event) => event.data.message.text === 'with zoe');

    // A stream of messages while the removal is committed: what has a higher seq than it must not be heard.
    const sending = Promise.all(Array.from({ length: 20 }, (_, i) => aMessage(noor, group, `during ${i}`)));
    await mia.api.call('DELETE /conversations/:conversationId/members/:userId', {
      params: { conversationId: group.id, userId: zoe.id },
    });
    await sending;
    await aMessage(mia, group, 'without zoe');
    await noors.next('message.created', (event) => event.data.message.text === 'without zoe');
    const removal = noors.events.find((event) => event.type === 'member.changed' && event.data.member.removed);
    const removedAt = removal && 'seq' in removal ? removal.seq : 0;
    expect(removedAt).toBeGreaterThan(0);
    await zoes.next('conversation.removed');
    await zoes.settle();
    for (const event of zoes.events) if ('seq' in event) expect(event.seq).toBeLessThan(removedAt);
    expect(texts(zoes)).not.toContain('without zoe');
    expect(texts(noors)).toHaveLength(22);
  });

  test('signing out closes the sockets of that session with 4501, and the tokens of it open none', async () => {
    const t = await start();
    const mia = await aUser(t);
    const socket = await aSocket(t, mia);
    await mia.api.call('POST /auth/logout', { body: { refreshToken: mia.refreshToken } });
    expect(await socket.closed).toMatchObject({ code: 4501 });
    const again = await openSocket(t);
    await expect(again.command('auth', { token: mia.accessToken })).rejects.toThrow();
    expect(await again.closed).toMatchObject({ code: 4501 });
  });

  test('a block ends typing and presence in the direct message at once', async () => {
    const t = await start();
    const [mia, noor] = (await someUsers(t, 2)) as [TestUser, TestUser];
    const dm = await aDm(mia, noor);
    const [mias, noors] = [await aSocket(t, mia), await aSocket(t, noor)];
    expect(noors.welcome.presence).toEqual([{ userId: mia.id, presence: 'online' }]);
    await mias.command('typing.start', { conversationId: dm.id });
    await noors.next('typing.changed');
    await mias.command('typing.stop', { conversationId: dm.id });
    await noors.next('typing.changed', (event) => !event.data.typing);
    await noor.api.call('PUT /blocks/:userId', { params: { userId: mia.id } });
    const gone = await mias.next('presence.changed', (event) => event.data.presence === 'offline');
    expect(gone.data).toEqual({ userId: noor.id, presence: 'offline' });
    await mias.command('typing.start', { conversationId: dm.id });
    await mias.command('presence.set', { presence: 'away' });
    await noors.settle();
    expect(noors.events.filter((event) => event.type === 'typing.changed')).toHaveLength(2);
    expect(noors.events.at(-1)).toMatchObject({ type: 'presence.changed', data: { presence: 'offline' } });
  });

  test('a new direct message lets both follow each other’s presence', async () => {
    const t = await start({ limits: { offlineGraceMs: 10 } });
    const [mia, noor] = (await someUsers(t, 2)) as [TestUser, TestUser];
    const [mias, noors] = [await aSocket(t, mia), await aSocket(t, noor)];
    await aDm(mia, noor);
    await noors.next('conversation.created');
    await noors.close();
    const gone = await mias.next('presence.changed', (event) => event.data.presence === 'offline');
    expect(gone.data).toMatchObject({ userId: noor.id, lastSeenAt: expect.any(String) });
    await expect
      .poll(async () => (await mia.api.call('GET /users/:userId', { params: { userId: noor.id } })).user.lastSeenAt)
      .toBe(gone.data.lastSeenAt);
  });

  test('the messages of one socket are in the order in which it sent them, and their acks come after the commit', async () => {
    const t = await start();
    const [mia, noor] = (await someUsers(t, 2)) as [TestUser, TestUser];
    const dm = await aDm(mia, noor);
    const [mias, noors] = [await aSocket(t, mia), await aSocket(t, noor)];
    const said = Array.from({ length: 15 }, (_, i) => `message ${i}`);
    const replies = await Promise.all(
      said.map((text) => mias.command('message.send', { conversationId: dm.id, clientId: uuidv7(), text })),
    );
    const sent = replies.map(({ message }) => message.seq);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
    await noors.next('message.created', (event) => event.data.message.text === 'message 14');
    expect(texts(noors)).toEqual(said);
    const head = (await mias.command('auth', { token: mia.accessToken })).heads[dm.id];
    expect(head).toBe(Math.max(...sent));
  });

  test('the origin is checked against the site, through the public port', async () => {
    const t = await start({ allowedOrigins: ['https://shop.example'] });
    await expect(openSocket(t, { origin: 'https://evil.test' })).rejects.toThrow('403');
    await expect(openSocket(t, { origin: 'https://shop.example', query: '?site=nosuch' })).rejects.toThrow('403');
    const mia = await aUser(t);
    const allowed = await aSocket(t, mia, { origin: 'https://shop.example', query: '?site=default' });
    expect(allowed.welcome.user.id).toBe(mia.id);
    const own = await aSocket(t, mia, { origin: t.url });
    expect(own.welcome.epoch).toBe(allowed.welcome.epoch);
  });

  test('addresses are told apart behind the public port', async () => {
    const t = await start({ trustedProxies: 1, limits: { unauthenticatedSocketsPerAddress: 1 } });
    const from = (address: string) => openSocket(t, { headers: { 'X-Forwarded-For': address } });
    await from('192.0.2.1');
    await expect(from('192.0.2.1')).rejects.toThrow('429');
    await from('192.0.2.2');
  });
});
