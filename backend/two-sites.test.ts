import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation } from '../protocol/conversations.ts';
import type { Message } from '../protocol/messages.ts';
import { uuidv7 } from 'uuidv7';
import { inSite } from './database/wall.ts';
import { aSite, type TestSite } from './features/sign-on/test-sites.ts';
import { api, aSocket, startTestBackend, testPassword, type Api, type TestBackend } from './testing/index.ts';

// Two customers of one server whose people are called the same in everything that a site may choose.

interface Person {
  readonly id: string;
  readonly token: string;
  readonly api: Api;
}

interface Twin {
  readonly site: TestSite;
  readonly ada: Person;
  readonly bo: Person;
  /** Between the two. */
  readonly dm: Conversation;
  readonly message: Message;
}

let server: TestBackend;
let one: Twin;
let other: Twin;

const signOn = async (site: TestSite, sub: string, name: string): Promise<Person> => {
  const { user, accessToken } = await api(server, undefined, { 'TeaTime-Site': site.key }).call('POST /auth/exchange', {
    body: { token: site.mint({ sub, name, email: `${sub}@example.org` }) },
  });
  return { id: user.id, token: accessToken, api: api(server, accessToken) };
};

const clientId = uuidv7();

const aTwin = async (): Promise<Twin> => {
  const site = await aSite(server);
  const [ada, bo] = await Promise.all([signOn(site, 'person-1', 'Ada Byron'), signOn(site, 'person-2', 'Bo Diaz')]);
  const { conversation: dm } = await ada.api.call('POST /conversations', { body: { kind: 'dm', userId: bo.id } });
  const { message } = await ada.api.call('POST /conversations/:conversationId/messages', {
    params: { conversationId: dm.id },
    body: { clientId, text: `the secret of ${site.key}` },
  });
  return { site, ada, bo, dm, message };
};

beforeAll(async () => {
  // Few connections, so that work for one site runs where work for the other has just run.
  server = await startTestBackend(
    { limits: { messagesPerSecond: 1_000_000, messageBurst: 2_000_000 } },
    { connectOptions: { poolSize: 2, acquireTimeoutMs: 60_000 } },
  );
  one = await aTwin();
  other = await aTwin();
});
afterAll(() => server.close());

describe('two sites whose people are called the same', () => {
  test('have two people for one external id, e-mail address and name, who find only their own', async () => {
    expect(new Set([one.ada.id, one.bo.id, other.ada.id, other.bo.id]).size).toBe(4);
    for (const { ada, bo } of [one, other]) {
      for (const search of ['Bo', 'person-2@example.org']) {
        const { users } = await ada.api.call('GET /users', { query: { search } });
        expect(users.map(({ id }) => id)).toEqual([bo.id]);
      }
    }
    expect((await one.ada.api.refusal('GET /users/:userId', { params: { userId: other.bo.id } })).status).toBe(404);
  });

  test('take the same user name, and the same password opens each in its own', async () => {
    const sessions = await Promise.all(
      [one, other].map(({ site }) =>
        api(server, undefined, { 'TeaTime-Site': site.key }).call('POST /auth/register', {
          body: { username: 'cleo', displayName: 'Cleo', email: 'cleo@example.org', password: testPassword },
        }),
      ),
    );
    expect(new Set(sessions.map(({ user }) => user.id)).size).toBe(2);
    for (const [place, { site }] of [one, other].entries()) {
      const { user } = await api(server, undefined, { 'TeaTime-Site': site.key }).call('POST /auth/login', {
        body: { identifier: 'cleo@example.org', password: testPassword },
      });
      expect(user.id).toBe(sessions[place]?.user.id);
    }
  });

  test('have a direct message each, a message under the same client id in each, and none of the other’s', async () => {
    expect(one.dm.id).not.toBe(other.dm.id);
    for (const [{ bo, dm, message, site }, stranger] of [
      [one, other],
      [other, one],
    ] as const) {
      const { conversations } = await bo.api.call('GET /conversations');
      expect(conversations.map(({ id }) => id)).toEqual([dm.id]);
      const { messages } = await bo.api.call('GET /conversations/:conversationId/messages', {
        params: { conversationId: dm.id },
      });
      expect(messages).toMatchObject([{ id: message.id, text: `the secret of ${site.key}` }]);

      const there = { conversationId: stranger.dm.id };
      const refused = await Promise.all([
        bo.api.refusal('GET /conversations/:conversationId', { params: there }),
        bo.api.refusal('GET /conversations/:conversationId/messages', { params: there }),
        bo.api.refusal('POST /conversations/:conversationId/messages', {
          params: there,
          body: { clientId: uuidv7(), text: 'hello?' },
        }),
        bo.api.refusal('PUT /blocks/:userId', { params: { userId: stranger.ada.id } }),
        bo.api.refusal('POST /conversations', { body: { kind: 'dm', userId: stranger.ada.id } }),
      ]);
      expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    }
  });

  test('that write at once, in the same batches, each get and hear only what is theirs', async () => {
    const sockets = await Promise.all(
      [one, other].map(({ site, bo }) => aSocket(server, { accessToken: bo.token }, { query: `?site=${site.key}` })),
    );
    const count = 40;
    const send = async ({ ada, dm, site }: Twin, number: number): Promise<void> => {
      const { message } = await ada.api.call('POST /conversations/:conversationId/messages', {
        params: { conversationId: dm.id },
        body: { clientId: uuidv7(), text: `${site.key} ${number}` },
      });
      expect(message).toMatchObject({ conversationId: dm.id, senderId: ada.id });
    };
    await Promise.all(Array.from({ length: count }, (_, number) => [send(one, number), send(other, number)]).flat());
    for (const [place, { dm, site }] of [one, other].entries()) {
      const socket = sockets[place];
      const heard = () => socket?.events.filter(({ type }) => type === 'message.created') ?? [];
      await expect.poll(() => heard().length, { timeout: 20_000 }).toBe(count);
      for (const event of heard()) {
        expect(event).toMatchObject({
          conversationId: dm.id,
          data: { message: { text: expect.stringContaining(site.key) as unknown } },
        });
      }
      await socket?.close();
    }
  });

  test('are apart for the database too: asked without a condition, it answers with one site’s rows', async () => {
    for (const { site, ada, bo } of [one, other]) {
      const rows = await inSite(site.id, () =>
        server.db.query<{ id: string }>('test_people', `select id from users where external_id is not null`, []),
      );
      expect(rows.map(({ id }) => id).sort()).toEqual([ada.id, bo.id].sort());
    }
  });
});
