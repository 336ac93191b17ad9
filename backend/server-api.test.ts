import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EndpointSpec } from '../protocol/contract.ts';
import { endpoints, type RouteKey } from '../protocol/index.ts';
import { serverScope } from '../protocol/server-keys.ts';
import { revokeServerKeys } from './features/admin/index.ts';
import { inSite } from './database/wall.ts';
import {
  api,
  aServerKey,
  aUser,
  startTestBackend,
  type Api,
  type RequestInput,
  type TestBackend,
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

type AdminRoute = Extract<RouteKey, `${string} /admin/${string}`>;

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

const rows: Record<AdminRoute, Row> = {
  'GET /admin/usage': { answers: 200, elsewhere: 200 },
  'GET /admin/audit': { answers: 200, elsewhere: 200 },
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
    expect([answered, body]).toEqual([status, expect.anything()]);
    if (actor === 'a key without the scope')
      expect(body).toMatchObject({ detail: expect.stringContaining(`${specOf(key).scope}`) as string });
  });
});
