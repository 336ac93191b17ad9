import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { EndpointSpec } from '../protocol/contract.ts';
import { commands, endpoints, type CommandInput, type CommandType, type RouteKey } from '../protocol/index.ts';
import { actors, aWorld, type Actor, type World } from './testing/world.ts';
import {
  aFile,
  aMessage,
  anAvatar,
  anUpload,
  aSocket,
  aUser,
  CommandRefused,
  openSocket,
  startTestBackend,
  testPassword,
  type RequestInput,
  type TestBackend,
  type TestUser,
} from './testing/index.ts';

let server: TestBackend;
let world: World;

beforeAll(async () => {
  // The owner says more in these tests than a person could.
  server = await startTestBackend({
    limits: { messagesPerSecond: 1000, messageBurst: 1000, callsPerMinute: 1000, callChangesPerMinute: 1000 },
    // Nobody is there to take the mail.
    mail: { url: 'smtp://127.0.0.1:9', from: 'chat@example.org', linksTo: 'https://chat.example.org' },
  });
  world = await aWorld(server);
});
afterAll(() => server.close());

interface Row {
  readonly input?: (world: World, actor: Actor) => RequestInput | Promise<RequestInput>;
  /** The status for each actor, in the order of `actors`; one number for all alike. */
  readonly answers: number | readonly [number, number, number, number, number, number];
}

const inPlace =
  (more: Omit<RequestInput, 'params'> = {}) =>
  (w: World, actor: Actor) => ({ params: { conversationId: w.place(actor).id }, ...more });
const onMessage =
  (more: { params?: Record<string, string>; body?: unknown } = {}) =>
  async (w: World, actor: Actor) => {
    const { id, conversationId } = await w.messageFor(actor);
    return { ...more, params: { conversationId, messageId: id, ...more.params } };
  };
const person = (w: World, actor: Actor) => w.people[actor === 'anonymous' ? 'member' : actor];
const somebody = (w: World) => ({ params: { userId: w.stranger.id } });

// anonymous, member, non-member, removed, blocked (in the direct message), other site. What may not be known is 404, never 403.
const membersOnly = [401, 200, 404, 404, 200, 404] as const;
const signedIn = [401, 200, 200, 200, 200, 200] as const;
/** Of a file that the member uploaded. */
const ownersOnly = (status: number) => [401, status, 404, 404, 404, 404] as const;

// The server API has a table of its own: who calls it is nobody of these.
type PeoplesRoute = Exclude<RouteKey, `${string} /admin/${string}`>;

const routes: Record<PeoplesRoute, Row> = {
  'GET /config': { answers: 200 },
  'GET /openapi.json': { answers: 200 },
  // The demo exists on the embedded default only; here it does not.
  'POST /demo/sessions': { input: () => ({ body: { username: 'mia' } }), answers: 404 },
  'POST /auth/register': {
    input: () => ({ body: { username: `u${uuidv7().slice(-12)}`, displayName: 'New', password: 'a good password' } }),
    answers: 201,
  },
  'POST /auth/login': {
    input: () => ({ body: { identifier: 'nobody-here', password: 'a good password' } }),
    answers: 401,
  },
  'POST /auth/exchange': { input: () => ({ body: { token: 'no such token' } }), answers: 401 },
  // The other site takes no guests.
  'POST /auth/guest/challenge': { answers: [200, 200, 200, 200, 200, 403] },
  'POST /auth/guest': {
    input: () => ({ body: { displayName: 'Passer-by', challenge: 'none', solution: '0' } }),
    answers: [422, 422, 422, 422, 422, 403],
  },
  'POST /auth/refresh': { input: () => ({ body: { refreshToken: 'no such token' } }), answers: 401 },
  'POST /auth/logout': { input: () => ({ body: { refreshToken: 'no such token' } }), answers: 204 },
  'GET /auth/me': { answers: signedIn },
  'POST /auth/password/forgot': { input: () => ({ body: { email: 'nobody@example.org' } }), answers: 202 },
  'POST /auth/password/reset': {
    input: () => ({ body: { token: 'no such token', password: 'a good password' } }),
    answers: 422,
  },
  'POST /auth/email/confirm': { input: () => ({ body: { token: 'no such token' } }), answers: 422 },
  'PUT /me/password': {
    input: () => ({ body: { currentPassword: testPassword, newPassword: testPassword } }),
    answers: signedIn,
  },
  'PUT /me/email': {
    input: () => ({ body: { currentPassword: testPassword, email: 'somebody@example.org' } }),
    answers: [401, 202, 202, 202, 202, 202],
  },
  'GET /users': { input: () => ({ query: { search: 'user' } }), answers: signedIn },
  'GET /users/:userId': { input: somebody, answers: [401, 200, 200, 200, 200, 404] },
  'PATCH /me': { input: () => ({ body: { displayName: 'Another name' } }), answers: signedIn },
  'GET /me/settings': { answers: signedIn },
  'PATCH /me/settings': { input: () => ({ body: { showsTyping: true } }), answers: signedIn },
  'POST /me/avatar': {
    input: async (w, actor) => ({ body: { fileId: (await anAvatar(person(w, actor))).id } }),
    answers: signedIn,
  },
  'DELETE /me/avatar': { answers: signedIn },
  'POST /files': {
    input: () => ({ body: { clientId: uuidv7(), name: 'tea.txt', size: 5, type: 'text/plain' } }),
    answers: [401, 201, 201, 201, 201, 201],
  },
  'POST /files/:fileId/upload': {
    input: async (w) => ({ params: { fileId: await anUpload(w.owner) } }),
    answers: ownersOnly(200),
  },
  'POST /files/:fileId/complete': {
    input: async (w) => ({ params: { fileId: await anUpload(w.owner) }, body: {} }),
    answers: ownersOnly(200),
  },
  'GET /files/:fileId': { input: (w, actor) => ({ params: { fileId: w.fileFor(actor).id } }), answers: membersOnly },
  // Nobody is refused; what they may not read is left out, which has a test of its own.
  'POST /files/links': { input: (w, actor) => ({ body: { fileIds: [w.fileFor(actor).id] } }), answers: signedIn },
  'DELETE /files/:fileId': {
    input: async (w) => ({ params: { fileId: (await aFile(w.owner)).id } }),
    answers: ownersOnly(204),
  },
  'GET /blocks': { answers: signedIn },
  'PUT /blocks/:userId': { input: somebody, answers: [401, 204, 204, 204, 204, 404] },
  'DELETE /blocks/:userId': { input: somebody, answers: [401, 204, 204, 204, 204, 404] },
  'GET /conversations': { answers: signedIn },
  'POST /conversations': {
    input: async (w, actor) => ({
      body: {
        kind: 'dm',
        userId: actor === 'blocked' ? w.owner.id : actor === 'other site' ? w.owner.id : (await aUser(w.server)).id,
      },
    }),
    answers: [401, 201, 201, 201, 403, 404],
  },
  'GET /conversations/:conversationId': { input: inPlace(), answers: membersOnly },
  'PATCH /conversations/:conversationId': { input: inPlace({ body: { muted: true } }), answers: membersOnly },
  'PUT /conversations/:conversationId/avatar': {
    input: async (w, actor) => inPlace({ body: { fileId: (await anAvatar(person(w, actor))).id } })(w, actor),
    answers: [401, 200, 404, 404, 403, 404],
  },
  'DELETE /conversations/:conversationId/avatar': { input: inPlace(), answers: [401, 200, 404, 404, 403, 404] },
  'GET /conversations/:conversationId/files': { input: inPlace(), answers: membersOnly },
  'POST /conversations/:conversationId/members': {
    input: async (w, actor) => inPlace({ body: { userIds: [(await aUser(w.server)).id] } })(w, actor),
    // A direct message keeps its two.
    answers: [401, 200, 404, 404, 403, 404],
  },
  'PATCH /conversations/:conversationId/members/:userId': {
    input: (w, actor) => ({
      params: { conversationId: w.place(actor).id, userId: w.other.id },
      body: { role: 'admin' },
    }),
    answers: [401, 200, 404, 404, 403, 404],
  },
  'DELETE /conversations/:conversationId/members/:userId': {
    input: async (w, actor) => {
      const leaver = await aUser(w.server);
      await w.owner.api.call('POST /conversations/:conversationId/members', {
        params: { conversationId: w.group.id },
        body: { userIds: [leaver.id] },
      });
      return { params: { conversationId: w.place(actor).id, userId: leaver.id } };
    },
    answers: [401, 204, 404, 404, 403, 404],
  },
  'GET /conversations/:conversationId/changes': { input: inPlace({ query: { after: 0 } }), answers: membersOnly },
  'GET /conversations/:conversationId/messages': { input: inPlace(), answers: membersOnly },
  'GET /conversations/:conversationId/messages/:messageId': { input: onMessage(), answers: membersOnly },
  'POST /conversations/:conversationId/messages': {
    input: (w, actor) => inPlace({ body: { clientId: uuidv7(), text: 'hello' } })(w, actor),
    answers: [401, 201, 404, 404, 403, 404],
  },
  'PATCH /conversations/:conversationId/messages/:messageId': {
    input: onMessage({ body: { text: 'changed' } }),
    answers: [401, 200, 404, 404, 403, 404],
  },
  'PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji': {
    input: onMessage({ params: { emoji: '👍' } }),
    answers: [401, 200, 404, 404, 403, 404],
  },
  'DELETE /conversations/:conversationId/messages/:messageId/reactions/:emoji': {
    input: onMessage({ params: { emoji: '👍' } }),
    answers: [401, 200, 404, 404, 403, 404],
  },
  'POST /conversations/:conversationId/messages/:messageId/reports': {
    input: async (w, actor) => {
      // Nobody reports what they said themselves.
      const { id, conversationId } =
        actor === 'blocked' ? await w.messageFor(actor) : await aMessage(w.other, w.group, 'buy this');
      return { params: { conversationId, messageId: id }, body: { reason: 'spam' } };
    },
    answers: [401, 201, 404, 404, 403, 404],
  },
  'GET /calls/ice-servers': { answers: signedIn },
  'GET /calls': { answers: signedIn },
  'GET /conversations/:conversationId/calls': { input: inPlace(), answers: membersOnly },
  'POST /conversations/:conversationId/calls': {
    input: inPlace({ body: { kind: 'audio' } }),
    answers: [401, 201, 404, 404, 403, 404],
  },
  'PUT /conversations/:conversationId/receipt': { input: inPlace({ body: { readSeq: 1 } }), answers: membersOnly },
  // Who asks does not matter, but who signed it.
  'POST /hooks/:hookId': { input: () => ({ params: { hookId: uuidv7() }, body: { text: 'built' } }), answers: 401 },
  // Last of the messages: it ends the one that `blocked` tries things on.
  'DELETE /conversations/:conversationId/messages/:messageId': { input: onMessage(), answers: membersOnly },
};

/** What a guest is answered who is a plain member of the group, and wrote the message. */
const guestAnswers: Record<PeoplesRoute, number> = {
  'GET /config': 200,
  'GET /openapi.json': 200,
  'POST /demo/sessions': 404,
  'POST /auth/register': 201,
  'POST /auth/login': 401,
  'POST /auth/exchange': 401,
  'POST /auth/guest/challenge': 200,
  'POST /auth/guest': 422,
  'POST /auth/refresh': 401,
  'POST /auth/logout': 204,
  'GET /auth/me': 200,
  'POST /auth/password/forgot': 202,
  'POST /auth/password/reset': 422,
  'POST /auth/email/confirm': 422,
  'PUT /me/password': 403,
  'PUT /me/email': 403,
  'GET /users': 403,
  'GET /users/:userId': 200,
  'PATCH /me': 200,
  'GET /me/settings': 200,
  'PATCH /me/settings': 200,
  'POST /me/avatar': 403,
  'DELETE /me/avatar': 403,
  'POST /files': 201,
  'POST /files/:fileId/upload': 404,
  'POST /files/:fileId/complete': 404,
  'GET /files/:fileId': 200,
  'POST /files/links': 200,
  'DELETE /files/:fileId': 404,
  'GET /blocks': 200,
  'PUT /blocks/:userId': 204,
  'DELETE /blocks/:userId': 204,
  'GET /conversations': 200,
  'POST /conversations': 201,
  'GET /conversations/:conversationId': 200,
  'PATCH /conversations/:conversationId': 200,
  'PUT /conversations/:conversationId/avatar': 403,
  'DELETE /conversations/:conversationId/avatar': 403,
  'GET /conversations/:conversationId/files': 200,
  'POST /conversations/:conversationId/members': 403,
  'PATCH /conversations/:conversationId/members/:userId': 403,
  'DELETE /conversations/:conversationId/members/:userId': 403,
  'GET /conversations/:conversationId/changes': 200,
  'GET /conversations/:conversationId/messages': 200,
  'GET /conversations/:conversationId/messages/:messageId': 200,
  'POST /conversations/:conversationId/messages': 201,
  'PATCH /conversations/:conversationId/messages/:messageId': 200,
  'PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji': 200,
  'DELETE /conversations/:conversationId/messages/:messageId/reactions/:emoji': 200,
  'POST /conversations/:conversationId/messages/:messageId/reports': 201,
  'GET /calls/ice-servers': 200,
  'GET /calls': 200,
  'GET /conversations/:conversationId/calls': 200,
  // Into the one that the member has begun.
  'POST /conversations/:conversationId/calls': 200,
  'PUT /conversations/:conversationId/receipt': 200,
  'POST /hooks/:hookId': 401,
  'DELETE /conversations/:conversationId/messages/:messageId': 200,
};

const matrix = (Object.keys(routes) as PeoplesRoute[]).flatMap((key) =>
  actors.map((actor, index) => {
    const { answers } = routes[key];
    return { key, actor, status: typeof answers === 'number' ? answers : answers[index] };
  }),
);

describe('endpoints', () => {
  test('every endpoint of the protocol is in the table', () => {
    const peoples = Object.entries<EndpointSpec>(endpoints).filter(([, { auth }]) => auth !== 'server');
    expect(Object.keys(routes).sort()).toEqual(peoples.map(([key]) => key).sort());
  });

  test.each(matrix)('$key answers $status to: $actor', async ({ key, actor, status }) => {
    const input = await routes[key].input?.(world, actor);
    expect((await world.as(actor).request(key, input)).status).toBe(status);
  });

  test.each(Object.entries(guestAnswers) as [PeoplesRoute, number][])(
    '%s answers %i to: guest',
    async (key, status) => {
      const input = await routes[key].input?.(world, 'guest');
      expect((await world.as('guest').request(key, input)).status).toBe(status);
    },
  );

  test('a conversation that one may not see answers like one that does not exist, on every route', async () => {
    const keys = (Object.keys(routes) as PeoplesRoute[]).filter((key) => key.includes(':conversationId'));
    for (const key of keys) {
      const given = (await routes[key].input?.(world, 'member')) ?? {};
      const forbidden = await world.as('non-member').request(key, given);
      const unknown = await world
        .as('non-member')
        .request(key, { ...given, params: { ...given.params, conversationId: uuidv7() } });
      expect(withoutRequestId(forbidden.body), key).toEqual(withoutRequestId(unknown.body));
      expect(forbidden.status, key).toBe(404);
    }
  });
});

interface CommandRow {
  readonly data: (world: World, actor: Actor) => object | Promise<object>;
  /** `ok` or the error code, for each actor but `anonymous`, whose socket is closed. */
  readonly answers: readonly [string, string, string, string, string];
}

const place = (w: World, actor: Actor) => ({ conversationId: w.place(actor).id });
const message = async (w: World, actor: Actor) => {
  const { id, conversationId } = await w.messageFor(actor);
  return { conversationId, messageId: id };
};
/** A call in the group that another member has begun, with the owner in it or not; for `blocked` the one from before the block. */
const call = async (w: World, actor: Actor, ownerIsIn = false) => {
  if (actor === 'blocked') return { callId: w.pastCallId };
  // Of three who were in it, one would keep the last one going.
  for (const who of [w.people.guest, w.other]) {
    const before = await aSocket(server, who);
    const { calls } = await who.api.call('GET /calls');
    for (const { id } of calls) await before.command('call.leave', { callId: id });
    await before.close();
  }
  const socket = await aSocket(server, w.other);
  const started = await socket.command('call.start', { conversationId: w.group.id, kind: 'audio' });
  await socket.close();
  const params = { conversationId: w.group.id };
  if (ownerIsIn)
    await w.owner.api.call('POST /conversations/:conversationId/calls', { params, body: { kind: 'audio' } });
  return { callId: started.call.id };
};
// member, non-member, removed, blocked, other site
const calling = ['ok', 'not_found', 'not_found', 'conflict', 'not_found'] as const;
const all = ['ok', 'ok', 'ok', 'ok', 'ok'] as const;
const talking = ['ok', 'not_found', 'not_found', 'blocked', 'not_found'] as const;

const commandRows: Record<CommandType, CommandRow> = {
  auth: { data: (w, actor) => ({ token: w.people[actor as Exclude<Actor, 'anonymous'>].accessToken }), answers: all },
  ping: { data: () => ({}), answers: all },
  'presence.set': { data: () => ({ presence: 'online' }), answers: all },
  'conversation.watch': { data: place, answers: ['ok', 'not_found', 'not_found', 'ok', 'not_found'] },
  'conversation.unwatch': { data: place, answers: all },
  // No answer tells whether the conversation exists.
  'typing.start': { data: place, answers: all },
  'typing.stop': { data: place, answers: all },
  'receipt.update': {
    data: (w, actor) => ({ ...place(w, actor), readSeq: 1 }),
    answers: ['ok', 'not_found', 'not_found', 'ok', 'not_found'],
  },
  'message.send': { data: (w, actor) => ({ ...place(w, actor), clientId: uuidv7(), text: 'hello' }), answers: talking },
  'message.edit': {
    data: async (w, actor) => ({ ...(await message(w, actor)), text: 'changed' }),
    answers: talking,
  },
  'reaction.add': { data: async (w, actor) => ({ ...(await message(w, actor)), emoji: '👍' }), answers: talking },
  'reaction.remove': { data: async (w, actor) => ({ ...(await message(w, actor)), emoji: '👍' }), answers: talking },
  'message.delete': { data: message, answers: ['ok', 'not_found', 'not_found', 'ok', 'not_found'] },
  'call.start': { data: (w, actor) => ({ ...place(w, actor), kind: 'audio' }), answers: talking },
  'call.join': { data: call, answers: talking },
  // Of a call that is over nothing is left to decline or to leave.
  'call.decline': { data: call, answers: ['ok', 'not_found', 'not_found', 'ok', 'not_found'] },
  'call.leave': {
    data: (w, actor) => call(w, actor, true),
    answers: ['ok', 'not_found', 'not_found', 'ok', 'not_found'],
  },
  'call.update': {
    data: async (w, actor) => ({ ...(await call(w, actor, true)), audio: true, video: false, screen: false }),
    answers: calling,
  },
  'call.connected': { data: (w, actor) => call(w, actor, true), answers: calling },
  'call.lost': {
    data: async (w, actor) => ({ ...(await call(w, actor, true)), userId: w.other.id }),
    answers: calling,
  },
  'call.ticket': { data: (w, actor) => call(w, actor, true), answers: calling },
};

/** What a guest is answered who is a plain member of the group, and not in its call. */
const guestReplies: Record<CommandType, string> = {
  auth: 'ok',
  ping: 'ok',
  'presence.set': 'ok',
  'conversation.watch': 'ok',
  'conversation.unwatch': 'ok',
  'typing.start': 'ok',
  'typing.stop': 'ok',
  'receipt.update': 'ok',
  'message.send': 'ok',
  'message.edit': 'ok',
  'reaction.add': 'ok',
  'reaction.remove': 'ok',
  'message.delete': 'ok',
  'call.start': 'ok',
  'call.join': 'ok',
  'call.decline': 'ok',
  'call.leave': 'ok',
  'call.update': 'conflict',
  'call.connected': 'conflict',
  'call.lost': 'conflict',
  'call.ticket': 'conflict',
};

const commandMatrix = (Object.keys(commandRows) as CommandType[]).flatMap((type) => [
  ...actors.slice(1).map((actor, index) => ({ type, actor, answer: commandRows[type].answers[index] })),
  { type, actor: 'guest' as const, answer: guestReplies[type] },
]);

describe('commands', () => {
  beforeAll(async () => {
    // What was deleted above is needed again.
    world = await aWorld(server);
  });

  test('every command of the protocol is in the table', () => {
    expect(Object.keys(commandRows).sort()).toEqual(Object.keys(commands).sort());
  });

  test.each(commandMatrix)('$type answers $answer to: $actor', async ({ type, actor, answer }) => {
    const person = world.people[actor as Exclude<Actor, 'anonymous'>];
    const site = actor === 'other site' ? { query: `?site=${await siteKeyOf(person.id)}` } : {};
    const socket = await aSocket(server, person, site);
    const data = (await commandRows[type].data(world, actor)) as CommandInput<typeof type>;
    const outcome = await socket.command(type, data).then(
      () => 'ok',
      (error: unknown) => (error instanceof CommandRefused ? error.code : Promise.reject(error)),
    );
    expect(outcome).toBe(answer);
    await socket.close();
  });

  test.each((Object.keys(commandRows) as CommandType[]).filter((type) => type !== 'auth'))(
    '%s before signing in closes the socket',
    async (type) => {
      const socket = await openSocket(server);
      socket.send(JSON.stringify({ id: 1, type, data: await commandRows[type].data(world, 'member') }));
      expect((await socket.closed).code).toBe(4500);
    },
  );
});

describe('messages of others', () => {
  test('a plain member can neither edit nor delete what somebody else said', async () => {
    const { id, conversationId } = await aMessage(world.owner, world.group, 'mine');
    const params = { conversationId, messageId: id };
    const key = 'PATCH /conversations/:conversationId/messages/:messageId';
    const edit = await world.other.api.refusal(key, { params, body: { text: 'theirs' } });
    const removal = await world.other.api.refusal('DELETE /conversations/:conversationId/messages/:messageId', {
      params,
    });
    expect([edit.status, removal.status]).toEqual([403, 403]);
    const { message } = await world.owner.api.call('GET /conversations/:conversationId/messages/:messageId', {
      params,
    });
    expect(message).toMatchObject({ text: 'mine', changedSeq: message.seq });
  });

  test('a message of another conversation is not found, though the caller is a member of both', async () => {
    const elsewhere = await aMessage(world.other, world.group);
    const mine = (
      await world.other.api.call('POST /conversations', { body: { kind: 'group', title: 'Mine', userIds: [] } })
    ).conversation;
    const params = { conversationId: mine.id, messageId: elsewhere.id };
    for (const [key, more] of [
      ['GET /conversations/:conversationId/messages/:messageId', {}],
      ['PATCH /conversations/:conversationId/messages/:messageId', { body: { text: 'moved' } }],
      ['DELETE /conversations/:conversationId/messages/:messageId', {}],
    ] as const) {
      expect((await world.other.api.refusal(key, { params, ...more })).status, key).toBe(404);
    }
    const reply = await world.other.api.refusal('POST /conversations/:conversationId/messages', {
      params: { conversationId: mine.id },
      body: { clientId: uuidv7(), text: 'quoting', replyTo: elsewhere.id },
    });
    expect(reply.code).toBe('validation_failed');
  });

  test('links are minted for files that the caller may read, and for no others', async () => {
    // What was deleted above is needed again.
    const w = await aWorld(server);
    const [groups, directs, unsent] = [w.fileFor('member').id, w.fileFor('blocked').id, (await aFile(w.owner)).id];
    const seenBy = async ({ api: client }: TestUser) => {
      const { links } = await client.call('POST /files/links', { body: { fileIds: [groups, directs, unsent] } });
      return links.map(({ fileId }) => fileId).sort();
    };
    expect(await seenBy(w.owner)).toEqual([groups, directs, unsent].sort());
    expect(await seenBy(w.other)).toEqual([groups]);
    expect(await seenBy(w.people.blocked)).toEqual([directs]);
    for (const actor of ['non-member', 'removed', 'other site'] as const)
      expect(await seenBy(w.people[actor])).toEqual([]);
  });

  test('guessing ids finds nothing and is soon told to wait', async () => {
    const strict = await startTestBackend({ limits: { requestsPerMinute: 100 } });
    const [owner, guesser] = [await aUser(strict), await aUser(strict)];
    const { conversation } = await owner.api.call('POST /conversations', {
      body: { kind: 'group', title: 'Hidden', userIds: [] },
    });
    const statuses = new Set<number>();
    for (let step = 1; step <= 150; step++) {
      const conversationId = neighbour(conversation.id, step);
      statuses.add(
        (await guesser.api.request('GET /conversations/:conversationId', { params: { conversationId } })).status,
      );
    }
    expect([...statuses].sort()).toEqual([404, 429]);
    await strict.close();
  });
});

const withoutRequestId = (body: unknown): unknown => ({ ...(body as object), requestId: '' });
const neighbour = (id: string, step: number): string =>
  id.slice(0, -6) + ((parseInt(id.slice(-6), 16) + step) % 0xffffff).toString(16).padStart(6, '0');
const siteKeyOf = async (userId: string): Promise<string> => {
  const [row] = await server.db.query<{ key: string }>(
    'test_site_key',
    'select s.key from sites s join users u on u.site_id = s.id where u.id = $1',
    [userId],
  );
  return row?.key ?? '';
};
