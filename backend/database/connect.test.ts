import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '../problem.ts';
import { administer, cloneDatabase, createDatabase, dropDatabase, sharedTemplate } from '../testing/postgres.ts';
import { connect, type Database } from './connect.ts';
import { databaseProblem } from './database-problem.ts';
import { acrossSites, inSite } from './wall.ts';

let url: string;
let db: Database;

beforeAll(async () => {
  url = await cloneDatabase(sharedTemplate());
  db = connect(url, { poolSize: 10, acquireTimeoutMs: 500, statementTimeoutMs: 1000 });
});
afterAll(async () => {
  await db.close();
  await dropDatabase(url);
});

const siteId = randomUUID();
const ask = (name: string, text: string) => acrossSites(() => db.query(name, text, []));
const askForSite = (name: string, text: string) => inSite(siteId, () => db.query(name, text, []));

const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('counters are numbers', async () => {
  expect(await ask('eight', 'select 9007199254740991::bigint as n')).toEqual([{ n: Number.MAX_SAFE_INTEGER }]);
  expect(await askForSite('seven', 'select 7::bigint as n')).toEqual([{ n: 7 }]);
});

test('with the pool used up, who waits is told to come back, and the pool recovers', async () => {
  const slow = Array.from({ length: 100 }, () => failure(askForSite('slow', 'select pg_sleep(0.9)')));
  const start = performance.now();
  const refused = (await Promise.race(slow.slice(90))) as Problem;
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ code: 'dependency_unavailable', status: 503 });
  expect(refused.retryAfterMs).toBeGreaterThan(0);
  expect(performance.now() - start).toBeLessThan(850);
  await Promise.all(slow);
  expect(await ask('one', 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a statement that takes too long is cut off', async () => {
  const error = await failure(ask('too_slow', 'select pg_sleep(3)'));
  expect(error).toMatchObject({ code: 'dependency_unavailable', cause: { code: '57014' } });
});

test('connections that Postgres ends are replaced, those of single sites too', async () => {
  await Promise.all([ask('one', 'select 1 as one'), askForSite('one', 'select 1 as one')]);
  await administer(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'teatime' and datname = '${new URL(url).pathname.slice(1)}'`,
  );
  // Postgres ends them when it gets to it: some questions may still be answered, and some find out that their connection is gone.
  const again = async (ask: () => Promise<unknown>): Promise<void> => {
    for (let answered = 0, lost = 0; answered < 5;) {
      const error = await failure(ask());
      if (error === undefined) answered += 1;
      else {
        expect(databaseProblem(error)).toBeDefined();
        expect((lost += 1)).toBeLessThan(10);
      }
    }
  };
  await again(() => ask('one', 'select 1 as one'));
  await again(() => askForSite('one', 'select 1 as one'));
});

test('a connection that breaks in the middle of a statement is a 503', async () => {
  const sleeping = failure(ask('sleep', 'select pg_sleep(0.9)'));
  await expect
    .poll(
      async () =>
        (
          await ask(
            'busy',
            `select 1 from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database()`,
          )
        ).length,
    )
    .toBe(1);
  await administer(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%' and datname = '${new URL(url).pathname.slice(1)}'`,
  );
  expect(await sleeping).toMatchObject({ code: 'dependency_unavailable' });
});

test('a server that is not there is a 503, a mistake of ours is not', async () => {
  const nowhere = connect('postgres://nobody@127.0.0.1:1/none');
  expect(await failure(acrossSites(() => nowhere.query('one', 'select 1', [])))).toMatchObject({
    code: 'dependency_unavailable',
  });
  expect(await failure(inSite(siteId, () => nowhere.query('one', 'select 1', [])))).toMatchObject({
    code: 'dependency_unavailable',
  });
  await nowhere.close();
  const mistake = await failure(ask('mistake', 'select nothing_of_the_kind'));
  expect(mistake).toMatchObject({ code: '42703' });
  expect(databaseProblem(mistake)).toBeUndefined();
  expect(
    databaseProblem(Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open' })),
  ).toBeUndefined();
});

test('the epoch stays the same until the database is another one', async () => {
  const epoch = await db.epoch();
  const again = connect(url);
  expect(await again.epoch()).toBe(epoch);
  await again.close();

  const name = `copy_${new URL(url).pathname.slice(1, 30)}`;
  const copyUrl = await createDatabase(sharedTemplate(), name, new URL(sharedTemplate()).pathname.slice(1));
  const copy = connect(copyUrl);
  expect(await copy.epoch()).not.toBe(epoch);
  await copy.close();
  await dropDatabase(copyUrl);
});

test('a dump that is restored into the same database makes another epoch, for connections that stay open too', async () => {
  const epoch = await db.epoch();
  // What `pg_restore --clean` does.
  await db.pool.query('drop table installation; create table installation (only_row boolean primary key default true)');
  await administer(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(url).pathname.slice(1)}'`,
  );
  await expect.poll(() => failure(ask('one', 'select 1 as one'))).toBeUndefined();
  expect(await db.epoch()).not.toBe(epoch);
});
