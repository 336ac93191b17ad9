import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EndpointSpec } from '../protocol/contract.ts';
import { endpoints, type RouteKey } from '../protocol/index.ts';
import { serverScope } from '../protocol/server-keys.ts';
import { revokeServerKeys } from './features/admin/index.ts';
import { inSite } from './database/wall.ts';
import {
  aGroup,
  api,
  aServerKey,
  aUser,
  startTestBackend,
  type Api,
  type RequestInput,
  type TestBackend,
  type TestUser,
} from './testing/index.ts';
import { anOutsider } from './testing/world.ts';

/**
 * Who may use the server API. Each endpoint is a row here: what it is asked, made anew for each actor, and what it answers to a key with its scope. All
 * others are refused alike.
 */
interface Row {
  readonly input?: (w: World) => RequestInput | Promise<RequestInput>;
  readonly answers: number;
  /** To a key of another site that has all scopes: 404 unless the endpoint is about the site itself. */
  readonly elsewhere?: number;
}

/** Somebody of the site, made by it. */
const somebody =
  (more: Omit<RequestInput, 'params'> = {}) =>
  async (w: World): Promise<RequestInput> => {
    const params = { userId: `external:${uuidv7()}` };
    const { user } = await w.admin.call('PUT /admin/users/:userId', { params, body: { displayName: 'Somebody' } });
    return { ...more, params: { userId: user.id } };
  };

const aSession = async (w: World): Promise<{ userId: string; sessionId: string }> => {
  const { api: own, id: userId } = await aUser(w.server);
  return { userId, sessionId: (await own.call('GET /auth/me')).session.id };
};

type AdminRoute = Extract<RouteKey, `${string} /admin/${string}`>;

const aBot = async (w: World): Promise<string> =>
  (await w.admin.call('POST /admin/bots', { body: { name: 'Clerk' } })).bot.user.id;
const onBot =
  (body?: unknown) =>
  async (w: World): Promise<RequestInput> => ({
    params: { botId: await aBot(w) },
    ...(body !== undefined && { body }),
  });

let made: Promise<Places> | undefined;
interface Places {
  readonly group: string;
  readonly userIds: readonly [string, string];
  readonly member: TestUser;
}
/** A group of two people, made once. */
const places = (w: World): Promise<Places> =>
  (made ??= (async () => {
    const [owner, member] = [await aUser(w.server), await aUser(w.server)];
    return { group: (await aGroup(owner, [member])).id, userIds: [owner.id, member.id] as const, member };
  })());
const inGroup =
  ({ params = {}, ...more }: { params?: Record<string, string>; body?: unknown } = {}) =>
  async (w: World): Promise<RequestInput> => ({
    params: { conversationId: (await places(w)).group, ...params },
    ...more,
  });
/** Something that the site has said in the group. */
const aMessageOf = async (w: World): Promise<string> => {
  const { message } = await w.admin.call('POST /admin/conversations/:conversationId/messages', {
    params: { conversationId: (await places(w)).group },
    body: { clientId: uuidv7(), text: 'Buy this.' },
  });
  return message.id;
};
const aReport = async (w: World): Promise<string> => {
  const { member, group: conversationId } = await places(w);
  const { report } = await member.api.call('POST /conversations/:conversationId/messages/:messageId/reports', {
    params: { conversationId, messageId: await aMessageOf(w) },
    body: { reason: 'spam' },
  });
  return report.id;
};

const aWebhook = async (w: World): Promise<string> =>
  (
    await w.admin.call('POST /admin/webhooks', {
      body: { url: 'https://hooks.example/', events: ['message.created'] },
    })
  ).webhook.id;
let webhook: Promise<string> | undefined;
/** A webhook, made once: a site has only so many. */
const onWebhook =
  (more: RequestInput = {}) =>
  async (w: World): Promise<RequestInput> => ({ params: { webhookId: await (webhook ??= aWebhook(w)) }, ...more });

/** An incoming hook in a group of its own: a conversation has only so many. */
const onHook =
  (more: RequestInput = {}) =>
  async (w: World): Promise<RequestInput> => {
    const owner = await aUser(w.server);
    const { hook } = await w.admin.call('POST /admin/conversations/:conversationId/hooks', {
      params: { conversationId: (await aGroup(owner, [])).id },
      body: { name: 'Builds' },
    });
    return { params: { hookId: hook.id }, ...more };
  };

const rows: Record<AdminRoute, Row> = {
  'GET /admin/usage': { answers: 200, elsewhere: 200 },
  'GET /admin/site': { answers: 200, elsewhere: 200 },
  'PATCH /admin/site': { input: () => ({ body: { policy: { retention: {} } } }), answers: 200, elsewhere: 200 },
  'GET /admin/audit': { answers: 200, elsewhere: 200 },
  'GET /admin/conversations/:conversationId/hooks': { input: inGroup(), answers: 200 },
  'POST /admin/conversations/:conversationId/hooks': { input: inGroup({ body: { name: 'Builds' } }), answers: 201 },
  'POST /admin/hooks/:hookId/rotate': { input: onHook({ body: {} }), answers: 200 },
  'DELETE /admin/hooks/:hookId': { input: onHook(), answers: 204 },
  'GET /admin/webhooks': { answers: 200, elsewhere: 200 },
  'POST /admin/webhooks': {
    input: () => ({ body: { url: 'https://hooks.example/', events: ['message.created'] } }),
    answers: 201,
    elsewhere: 201,
  },
  'GET /admin/webhooks/:webhookId': { input: onWebhook(), answers: 200 },
  'PATCH /admin/webhooks/:webhookId': { input: onWebhook({ body: { description: 'tea' } }), answers: 200 },
  'POST /admin/webhooks/:webhookId/rotate': { input: onWebhook({ body: {} }), answers: 200 },
  'POST /admin/webhooks/:webhookId/test': { input: onWebhook(), answers: 202 },
  'GET /admin/webhooks/:webhookId/deliveries': { input: onWebhook(), answers: 200 },
  'DELETE /admin/webhooks/:webhookId': {
    input: async (w) => ({ params: { webhookId: await aWebhook(w) } }),
    answers: 204,
  },
  'POST /admin/bots': { input: () => ({ body: { name: 'Clerk' } }), answers: 201, elsewhere: 201 },
  'GET /admin/bots': { answers: 200, elsewhere: 200 },
  'GET /admin/bots/:botId': { input: onBot(), answers: 200 },
  'PATCH /admin/bots/:botId': { input: onBot({ name: 'Scribe' }), answers: 200 },
  'POST /admin/bots/:botId/token': { input: onBot(), answers: 200 },
  'DELETE /admin/bots/:botId/token': { input: onBot(), answers: 204 },
  'DELETE /admin/bots/:botId': { input: onBot(), answers: 204 },
  'POST /admin/conversations': {
    input: async (w) => {
      const members = (await places(w)).userIds.map((userId) => ({ userId }));
      return { body: { kind: 'group', title: 'Made for them', members } };
    },
    answers: 201,
  },
  'GET /admin/conversations': { answers: 200, elsewhere: 200 },
  'GET /admin/conversations/:conversationId': { input: inGroup(), answers: 200 },
  'PATCH /admin/conversations/:conversationId': { input: inGroup({ body: { title: 'Another title' } }), answers: 200 },
  'POST /admin/conversations/:conversationId/members': {
    input: async (w) => inGroup({ body: { members: [{ userId: await aBot(w) }] } })(w),
    answers: 200,
  },
  'PATCH /admin/conversations/:conversationId/members/:userId': {
    input: async (w) => inGroup({ body: { role: 'admin' }, params: { userId: (await places(w)).userIds[1] } })(w),
    answers: 200,
  },
  'DELETE /admin/conversations/:conversationId/members/:userId': {
    input: async (w) => {
      const { group } = await places(w);
      const userId = await aBot(w);
      await w.admin.call('POST /admin/conversations/:conversationId/members', {
        params: { conversationId: group },
        body: { members: [{ userId }] },
      });
      return inGroup({ params: { userId } })(w);
    },
    answers: 204,
  },
  'GET /admin/conversations/:conversationId/messages': { input: inGroup(), answers: 200 },
  'POST /admin/conversations/:conversationId/messages': {
    input: (w) => inGroup({ body: { clientId: uuidv7(), text: 'Closed on Monday.' } })(w),
    answers: 201,
  },
  'DELETE /admin/conversations/:conversationId/messages/:messageId': {
    input: async (w) => inGroup({ params: { messageId: await aMessageOf(w) } })(w),
    answers: 200,
  },
  'GET /admin/reports': { answers: 200, elsewhere: 200 },
  'GET /admin/reports/:reportId': { input: async (w) => ({ params: { reportId: await aReport(w) } }), answers: 200 },
  'POST /admin/reports/:reportId/resolve': {
    input: async (w) => ({ params: { reportId: await aReport(w) }, body: { action: 'dismiss' } }),
    answers: 200,
  },
  'GET /admin/users': { answers: 200, elsewhere: 200 },
  'PUT /admin/users/:userId': {
    input: () => ({ params: { userId: `external:${uuidv7()}` }, body: { displayName: 'New' } }),
    answers: 201,
    elsewhere: 201,
  },
  'GET /admin/users/:userId': { input: somebody(), answers: 200 },
  'POST /admin/users/:userId/disable': { input: somebody({ body: {} }), answers: 200 },
  'POST /admin/users/:userId/enable': { input: somebody({ body: {} }), answers: 200 },
  'DELETE /admin/users/:userId': { input: somebody(), answers: 200 },
  'GET /admin/users/:userId/export': { input: somebody(), answers: 200 },
  'GET /admin/users/:userId/sessions': { input: somebody(), answers: 200 },
  'DELETE /admin/users/:userId/sessions': { input: somebody(), answers: 200 },
  'DELETE /admin/users/:userId/sessions/:sessionId': {
    input: async (w) => {
      const { userId, sessionId } = await aSession(w);
      return { params: { userId, sessionId } };
    },
    answers: 204,
  },
};

const actors = [
  'anonymous',
  'a person',
  'an unknown key',
  'a revoked key',
  'a key without the scope',
  'a key of another site',
  'a key with the scope',
] as const;
type Actor = (typeof actors)[number];

interface World {
  readonly server: TestBackend;
  /** A client with a key for everything. */
  readonly admin: Api;
  readonly as: Readonly<Record<Exclude<Actor, 'a key with the scope' | 'a key without the scope'>, Api>>;
}

let world: World;
let server: TestBackend;
const keysByScope = new Map<string, { with: Api; without: Api }>();

beforeAll(async () => {
  server = await startTestBackend();
  const [admin, revoked, person, outsider] = await Promise.all([
    aServerKey(server),
    aServerKey(server, { name: 'revoked' }),
    aUser(server),
    anOutsider(server),
  ]);
  await inSite(revoked.siteId, () => revokeServerKeys(server.db, revoked.siteId, 'revoked'));
  const siteKey = await siteKeyOf(outsider.id);
  const other = await aServerKey(server, { siteKey });
  world = {
    server,
    admin: admin.api,
    as: {
      anonymous: api(server),
      'a person': person.api,
      'an unknown key': api(server, `tts_${'x'.repeat(43)}`),
      'a revoked key': revoked.api,
      'a key of another site': other.api,
    },
  };
  for (const scope of serverScope.options) {
    const others = serverScope.options.filter((other) => other !== scope);
    const [having, lacking] = await Promise.all([
      aServerKey(server, { scopes: [scope] }),
      aServerKey(server, { scopes: others }),
    ]);
    keysByScope.set(scope, { with: having.api, without: lacking.api });
  }
});
afterAll(() => server.close());

const siteKeyOf = async (userId: string): Promise<string> => {
  const [row] = await server.db.query<{ key: string }>(
    'test_site_key_of',
    'select s.key from sites s join users u on u.site_id = s.id where u.id = $1',
    [userId],
  );
  return row?.key ?? '';
};

const specOf = (key: AdminRoute): EndpointSpec => endpoints[key];

const clientOf = (key: AdminRoute, actor: Actor): Api => {
  const { scope = '' } = specOf(key);
  const byScope = keysByScope.get(scope);
  if (!byScope) throw new Error(`${key} has no scope`);
  if (actor === 'a key with the scope') return byScope.with;
  if (actor === 'a key without the scope') return byScope.without;
  return world.as[actor];
};

const statusFor = (key: AdminRoute, actor: Actor): number => {
  if (actor === 'a key with the scope') return rows[key].answers;
  if (actor === 'a key without the scope') return 403;
  if (actor === 'a key of another site') return rows[key].elsewhere ?? 404;
  return 401;
};

const matrix = (Object.keys(rows) as AdminRoute[]).flatMap((key) =>
  actors.map((actor) => ({ key, actor, status: statusFor(key, actor) })),
);

describe('who may use the server API', () => {
  test('every endpoint of it is in the table, and has a scope', () => {
    const listed = Object.entries<EndpointSpec>(endpoints).filter(([, { auth }]) => auth === 'server');
    expect(Object.keys(rows).sort()).toEqual(listed.map(([key]) => key).sort());
    expect(listed.filter(([, { scope }]) => scope === undefined)).toEqual([]);
  });

  test.each(matrix)('$key answers $status to: $actor', async ({ key, actor, status }) => {
    const input = await rows[key].input?.(world);
    const { status: answered, body } = await clientOf(key, actor).request(key, input);
    expect([answered, body]).toEqual([status, status === 204 ? undefined : expect.anything()]);
    if (actor === 'a key without the scope')
      expect(body).toMatchObject({ detail: expect.stringContaining(`${specOf(key).scope}`) as string });
  });
});
