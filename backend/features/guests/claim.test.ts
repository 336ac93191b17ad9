import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Conversation } from '../../../protocol/conversations.ts';
import type { Message } from '../../../protocol/messages.ts';
import {
  aFile,
  aGuest,
  aMessage,
  api,
  aSocket,
  letGuestsIn,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';
import { aSite, type TestSite } from '../sign-on/test-sites.ts';

let server: TestBackend;
let site: TestSite;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

interface Person {
  readonly id: string;
  readonly accessToken: string;
  readonly api: TestUser['api'];
}

let host: Person;
let guest: TestUser;
beforeEach(async () => {
  site = await aSite(server);
  await letGuestsIn(server, site.key);
  host = await signOn('host');
  guest = await aGuest(server, { siteKey: site.key, displayName: 'Passer-by' });
});

const at = (where = site, cookie?: string) =>
  api(server, undefined, { 'TeaTime-Site': where.key, ...(cookie && { cookie: `teatime-${where.key}=${cookie}` }) });
const signOn = async (sub: string, more: object = {}, cookie?: string): Promise<Person> => {
  const token = site.mint({ sub, name: `The ${sub}` });
  const { user, accessToken } = await at(site, cookie).call('POST /auth/exchange', { body: { token, ...more } });
  return { id: user.id, accessToken, api: api(server, accessToken) };
};
const direct = async (one: Pick<Person, 'api'>, other: { id: string }): Promise<Conversation> =>
  (await one.api.call('POST /conversations', { body: { kind: 'dm', userId: other.id } })).conversation;
const group = async (owner: Person, others: readonly { id: string }[]): Promise<Conversation> =>
  (
    await owner.api.call('POST /conversations', {
      body: { kind: 'group', title: 'A group', userIds: others.map(({ id }) => id) },
    })
  ).conversation;
const params = ({ id }: { id: string }) => ({ params: { conversationId: id } });
const said = async (who: Pick<Person, 'api'>, conversation: { id: string }): Promise<Message[]> =>
  (await who.api.call('GET /conversations/:conversationId/messages', params(conversation))).messages;
const lines = (messages: readonly Message[]) => messages.map(({ senderId, text }) => [senderId, text]);
const listOf = async (who: Pick<Person, 'api'>): Promise<Conversation[]> =>
  (await who.api.call('GET /conversations')).conversations;
const ended = async (who: TestUser): Promise<boolean> =>
  (await at().request('POST /auth/refresh', { body: { refreshToken: who.refreshToken } })).status === 401;
/** What a client that was away gets to know, which must be no other than what one sees who comes anew. */
const caughtUp = async (who: Pick<Person, 'api'>, { id }: { id: string }, after: number) =>
  who.api.call('GET /conversations/:conversationId/changes', { params: { conversationId: id }, query: { after } });
const isGapFree = async ({ id }: { id: string }): Promise<boolean> => {
  const { rows } = await server.db.pool.query<{ taken: string[]; head: string }>(
    `select c.head_seq as head, array(
       select seq from messages where conversation_id = c.id union select changed_seq from messages where conversation_id = c.id
       union select changed_seq from members where conversation_id = c.id and changed_seq > 0
     )::bigint[] as taken from conversations c where c.id = $1`,
    [id],
  );
  return Math.max(...rows[0]!.taken.map(Number)) === Number(rows[0]!.head);
};

describe('by a sign-on from the same browser', () => {
  test('a guest becomes the person, when the site had none: all stays where it is', async () => {
    const dm = await direct(guest, host);
    await aMessage(guest, dm, 'Is this in stock?');
    const watcher = await aSocket(server, asUser(host), there());
    const person = await signOn('ada', { accessToken: guest.accessToken });
    expect(person.id).toBe(guest.id);
    const { user } = await person.api.call('GET /auth/me');
    expect(user).toMatchObject({ displayName: 'The ada' });
    expect(user).not.toHaveProperty('kind');
    expect(lines(await said(person, dm))).toEqual([[person.id, 'Is this in stock?']]);
    const { data } = await watcher.next('member.changed', undefined, 20_000);
    expect(data.member.user).toMatchObject({ id: guest.id, displayName: 'The ada' });
    expect(data.member.user).not.toHaveProperty('kind');
    expect(await ended(guest)).toBe(true);
    expect((await signOn('ada')).id).toBe(person.id);
    await watcher.close();
  });

  test('by its cookie as well, which is cleared', async () => {
    const dm = await direct(guest, host);
    const answer = await at(site, guest.refreshToken).request('POST /auth/exchange', {
      body: { token: site.mint({ sub: 'cookie' }) },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(new RegExp(`^teatime-${site.key}=;.*Max-Age=0`));
    expect((answer.body as { user: { id: string } }).user.id).toBe(guest.id);
    expect((await listOf(await signOn('cookie'))).map(({ id }) => id)).toEqual([dm.id]);
  });

  test('a direct message becomes one of the person who was there before, as a new one', async () => {
    const person = await signOn('ada');
    const dm = await direct(guest, host);
    const first = await aMessage(guest, dm, 'Hello');
    const answer = await aMessage(asUser(host), dm, 'Hi there');
    const watcher = await aSocket(server, asUser(host), there());
    await signOn('ada', { accessToken: guest.accessToken });
    const { data } = await watcher.next('conversation.created', undefined, 20_000);
    const [mine] = await listOf(person);
    expect(data.conversation.id).toBe(mine!.id);
    expect(mine!.members.map(({ userId }) => userId).sort()).toEqual([host.id, person.id].sort());
    expect((await listOf(host)).map(({ id }) => id)).toEqual([mine!.id]);
    const messages = await said(person, mine!);
    expect(messages.map(({ id, senderId }) => [id, senderId])).toEqual([
      [first.id, person.id],
      [answer.id, host.id],
    ]);
    expect(await ended(guest)).toBe(true);
    await aMessage(asUser(host), mine!, 'Go on');
    await watcher.close();
  });

  test('a direct message goes to the end of the one that the two had, with all that belongs to it', async () => {
    const person = await signOn('ada');
    const before = await direct(person, host);
    await aMessage(asUser(person), before, 'Last year');
    const head = await receipt(host, before, 1);
    const dm = await direct(guest, host);
    const hello = await aMessage(guest, dm, 'Hello', [await aFile(guest, { body: 'a list' })]);
    const reply = await host.api.call('POST /conversations/:conversationId/messages', {
      ...params(dm),
      body: { clientId: uuidv7(), text: 'Hi', replyTo: hello.id, mentions: [guest.id] },
    });
    await host.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
      params: { conversationId: dm.id, messageId: hello.id, emoji: '👍' },
    });
    await receipt(host, dm, 2);
    const watcher = await aSocket(server, asUser(host), there());
    await signOn('ada', { accessToken: guest.accessToken });
    await watcher.next('conversation.removed', ({ data }) => data.conversationId === dm.id, 20_000);
    await watcher.next('message.changed', undefined, 20_000);

    const messages = await said(host, before);
    expect(lines(messages)).toEqual([
      [person.id, 'Last year'],
      [person.id, 'Hello'],
      [host.id, 'Hi'],
    ]);
    expect(messages.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(messages[1]).toMatchObject({ id: hello.id, createdAt: hello.createdAt, files: [{ name: 'tea.txt' }] });
    expect(messages[1]!.reactions).toEqual([{ emoji: '👍', userIds: [host.id] }]);
    expect(messages[2]).toMatchObject({ id: reply.message.id, replyTo: hello.id, mentions: [person.id] });
    expect((await caughtUp(host, before, head)).messages).toEqual(messages.slice(1));
    expect((await listOf(host)).map(({ id, unread }) => [id, unread])).toEqual([[before.id, 0]]);
    expect((await person.api.request('GET /files/:fileId', { params: { fileId: hello.files[0]!.id } })).status).toBe(
      200,
    );
    expect(await isGapFree(before)).toBe(true);
    await watcher.close();
  });

  test('in a group the person takes the place of the guest, and others hear of it', async () => {
    const [person, other] = [await signOn('ada'), await signOn('other')];
    const mine = await group(host, [guest, other]);
    const hello = await aMessage(guest, mine, 'Hello');
    const named = await host.api.call('POST /conversations/:conversationId/messages', {
      ...params(mine),
      body: { clientId: uuidv7(), text: '@guest welcome', mentions: [guest.id] },
    });
    const { conversation: known } = await host.api.call('GET /conversations/:conversationId', params(mine));
    const [watcher, persons] = [
      await aSocket(server, asUser(host), there()),
      await aSocket(server, asUser(person), there()),
    ];
    await signOn('ada', { accessToken: guest.accessToken });
    const { data, seq } = await watcher.next('member.changed', undefined, 20_000);
    expect(data.member).toMatchObject({ userId: person.id, role: 'member' });
    await persons.next('conversation.created', ({ data: { conversation } }) => conversation.id === mine.id, 20_000);

    const changes = await caughtUp(host, mine, known.head);
    expect(changes.head).toBe(seq);
    expect(changes.messages.map(({ id, senderId, mentions }) => [id, senderId, mentions])).toEqual([
      [hello.id, person.id, []],
      [named.message.id, host.id, [person.id]],
    ]);
    expect(changes.members.map(({ userId, removed }) => [userId, removed])).toEqual([
      [guest.id, true],
      [person.id, undefined],
    ]);
    const { conversation } = await host.api.call('GET /conversations/:conversationId', params(mine));
    expect(conversation.members.map(({ userId }) => userId).sort()).toEqual([host.id, other.id, person.id].sort());
    expect(lines(await said(person, mine))).toEqual([
      [person.id, 'Hello'],
      [host.id, '@guest welcome'],
    ]);
    await aMessage(asUser(person), mine, 'It is me');
    await Promise.all([watcher.close(), persons.close()]);
  });

  test('a person who was in the group already keeps their role, and one reaction where both had the same', async () => {
    const person = await signOn('ada');
    const mine = await group(person, [guest, host]);
    const message = await aMessage(asUser(host), mine, 'Tea?');
    for (const who of [person, guest])
      await who.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
        params: { conversationId: mine.id, messageId: message.id, emoji: '🍵' },
      });
    await signOn('ada', { accessToken: guest.accessToken });
    const { conversation } = await host.api.call('GET /conversations/:conversationId', params(mine));
    expect(conversation.members.map(({ userId, role }) => [userId, role]).sort()).toEqual(
      [
        [host.id, 'member'],
        [person.id, 'owner'],
      ].sort(),
    );
    expect((await said(host, mine))[0]!.reactions).toEqual([{ emoji: '🍵', userIds: [person.id] }]);
  });

  test('a block that was put on the guest holds for the person, and the conversation stays where it was', async () => {
    const person = await signOn('ada');
    const dm = await direct(guest, host);
    await aMessage(guest, dm, 'Rude');
    await host.api.call('PUT /blocks/:userId', { params: { userId: guest.id } });
    await signOn('ada', { accessToken: guest.accessToken });
    expect(await listOf(person)).toEqual([]);
    expect((await person.api.refusal('POST /conversations', { body: { kind: 'dm', userId: host.id } })).code).toBe(
      'blocked',
    );
    expect(lines(await said(host, dm))).toEqual([[guest.id, 'Rude']]);
    expect((await host.api.call('GET /blocks')).users.map(({ id }) => id)).toContain(person.id);
  });
});

describe('nobody takes over a guest', () => {
  const stillThere = async (): Promise<boolean> =>
    (await guest.api.call('GET /auth/me')).user.kind === 'guest' && !(await ended(guest));

  test('by knowing who it is, by a token of somebody else, or by one that has ended', async () => {
    const other = await aGuest(server, { siteKey: site.key });
    for (const [place, accessToken] of [guest.id, `${guest.accessToken}x`, host.accessToken].entries())
      expect((await signOn(`thief-${place}`, { accessToken })).id).not.toBe(guest.id);
    expect((await signOn('thief-4', {}, 'x'.repeat(43))).id).not.toBe(guest.id);
    expect((await signOn('thief-5', { accessToken: other.accessToken })).id).toBe(other.id);
    expect(await stillThere()).toBe(true);
    const gone = await aGuest(server, { siteKey: site.key });
    await at().call('POST /auth/logout', { body: { refreshToken: gone.refreshToken } });
    expect((await signOn('late', { accessToken: gone.accessToken })).id).not.toBe(gone.id);
  });

  test('of another site', async () => {
    const elsewhere = await aSite(server);
    const token = elsewhere.mint({ sub: 'ada' });
    for (const [more, cookie] of [
      [{ accessToken: guest.accessToken }, undefined],
      [{}, guest.refreshToken],
    ] as const) {
      const fresh = more.accessToken ? token : elsewhere.mint({ sub: 'bea' });
      const { user } = await at(elsewhere, cookie).call('POST /auth/exchange', { body: { token: fresh, ...more } });
      expect(user.id).not.toBe(guest.id);
    }
    expect(await stillThere()).toBe(true);
  });

  test('who was disabled, nor for somebody who was', async () => {
    const person = await signOn('ada');
    await server.db.pool.query('update users set disabled_at = now() where id = $1', [person.id]);
    const token = site.mint({ sub: 'ada' });
    const refusal = await at().refusal('POST /auth/exchange', { body: { token, accessToken: guest.accessToken } });
    expect(refusal.code).toBe('forbidden');
    expect(await stillThere()).toBe(true);
    const bad = await aGuest(server, { siteKey: site.key });
    await server.db.pool.query('update users set disabled_at = now() where id = $1', [bad.id]);
    expect((await signOn('fresh', { accessToken: bad.accessToken })).id).not.toBe(bad.id);
  });

  test('by a token that was used before: nothing of it holds', async () => {
    const token = site.mint({ sub: 'ada' });
    await at().call('POST /auth/exchange', { body: { token }, headers: { 'user-agent': 'another browser' } });
    const refusal = await at().refusal('POST /auth/exchange', { body: { token, accessToken: guest.accessToken } });
    expect(refusal.code).toBe('token_replayed');
    expect(await stillThere()).toBe(true);
  });
});

describe('at the same moment', () => {
  test('two who claim the same guest: one has it all, the other nothing', async () => {
    const other = await startTestBackend({}, { databaseUrl: server.databaseUrl, broker: server.broker });
    const people = [await signOn('one'), await signOn('two')];
    const dm = await direct(guest, host);
    await aMessage(guest, dm, 'Hello');
    await Promise.all(
      ['one', 'two'].map((sub, place) =>
        api(place === 0 ? server : other, undefined, { 'TeaTime-Site': site.key }).call('POST /auth/exchange', {
          body: { token: site.mint({ sub }), accessToken: guest.accessToken },
        }),
      ),
    );
    const lists = await Promise.all(people.map(listOf));
    expect(lists.map(({ length }) => length).sort()).toEqual([0, 1]);
    await other.close();
  });

  test('what the guest is sending is there and the person’s, or refused', async () => {
    const person = await signOn('ada');
    const [dm, mine] = [await direct(guest, host), await group(host, [guest])];
    const socket = await aSocket(server, guest, there());
    const sending = [dm, mine].flatMap(({ id }) =>
      Array.from({ length: 8 }, (_, place) =>
        socket.command('message.send', { conversationId: id, clientId: uuidv7(), text: `${place}` }).then(
          ({ message }) => message,
          () => undefined,
        ),
      ),
    );
    await signOn('ada', { accessToken: guest.accessToken });
    const sent = (await Promise.all(sending)).filter((message) => message !== undefined);
    const conversations = await listOf(person);
    const all = (await Promise.all(conversations.map((each) => said(person, each)))).flat();
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(sent.map(({ id }) => id)));
    expect(new Set(all.map(({ senderId }) => senderId)).size).toBeLessThanOrEqual(1);
    for (const message of all) expect(message.senderId).toBe(person.id);
    for (const each of conversations) expect(await isGapFree(each)).toBe(true);
  });
});

const there = () => ({ query: `?site=${site.key}` });
const asUser = (person: Person): TestUser => person as TestUser;
const receipt = async (who: Person, conversation: { id: string }, readSeq: number): Promise<number> => {
  await who.api.call('PUT /conversations/:conversationId/receipt', { ...params(conversation), body: { readSeq } });
  return readSeq;
};
