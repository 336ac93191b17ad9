import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EndpointSpec } from '../protocol/contract.ts';
import { endpoints, type RouteKey } from '../protocol/index.ts';
import { aMessage, aServerKey, startTestBackend, type Api, type TestBackend } from './testing/index.ts';
import { aWorld, type World } from './testing/world.ts';

let server: TestBackend;
let world: World;
let admin: Api;
let ids: readonly string[];
beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 100_000, messageBurst: 100_000 } });
  world = await aWorld(server);
  admin = (await aServerKey(server)).api;
  const message = await aMessage(world.owner, world.group);
  ids = [world.group.id, world.dm.id, world.owner.id, world.other.id, message.id, uuidv7()];
});
afterAll(() => server.close());

const keys = (Object.keys(endpoints) as RouteKey[]).filter(
  // Both hash passwords: their own tests feed them, and here they would take all the time.
  (key) => key !== 'POST /auth/register' && key !== 'POST /auth/login',
);
const specOf = (key: RouteKey): EndpointSpec => endpoints[key];

/** Values of the kinds that bodies and queries are made of, right and wrong. */
const value = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...ids, ...ids.map((id) => id.toUpperCase())) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        'dm',
        'group',
        'owner',
        'admin',
        'member',
        'leaf',
        '👍',
        'hello',
        '',
        ' ',
        '\0',
        '\ud800',
        '-1',
        '0',
        '7',
      ),
    },
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.constantFrom(...ids), { maxLength: 4 }),
    fc.jsonValue({ maxDepth: 3 }),
  );

const record = (names: readonly string[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.record(Object.fromEntries(names.map((name) => [name, value()])), { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.dictionary(fc.string({ maxLength: 12 }), value(), { maxKeys: 5 }) },
  );

const namesOf = (schema: EndpointSpec['body']): string[] => Object.keys(schema?.shape ?? {});

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

test.each(keys)('%s never fails, whatever it is given', { timeout: 60_000 }, async (key) => {
  const spec = specOf(key);
  const requests = fc.record({
    params: fc.record(
      Object.fromEntries(
        namesOf(spec.params).map((name) => [
          name,
          fc.oneof(
            { weight: 5, arbitrary: fc.constantFrom(...ids, '👍', '❤️', 'external:someone', 'external:') },
            fc.string({ minLength: 1, maxLength: 20 }),
          ),
        ]),
      ),
    ),
    query: record(namesOf(spec.query)),
    body: spec.body
      ? fc.oneof({ weight: 9, arbitrary: record(namesOf(spec.body)) }, fc.jsonValue())
      : fc.constant(undefined),
    actor: fc.constantFrom(...(['anonymous', 'member', 'member', 'member', 'non-member'] as const)),
  });
  console.info(`seed ${seed}`);
  await fc.assert(
    fc.asyncProperty(requests, async ({ actor, query, ...input }) => {
      const given = Object.keys(query).length > 0 && spec.query ? { query } : {};
      // The client checks every answer against the API's description.
      const client = spec.auth === 'server' && actor !== 'anonymous' ? admin : world.as(actor);
      const { status } = await client.request(key, { ...input, ...given });
      expect(status).toBeLessThan(500);
    }),
    // Each write by a server key is written down twice besides.
    { numRuns: Number(process.env['FUZZ_RUNS'] ?? (spec.auth === 'server' ? 25 : 100)), seed },
  );
});

test('the server is still well', async () => {
  expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' });
  await aMessage(world.owner, world.dm).catch(() => undefined);
  expect(Object.prototype).not.toHaveProperty('x');
});
