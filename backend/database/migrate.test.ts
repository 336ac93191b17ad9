import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, dropDatabase, sharedTemplate } from '../testing/postgres.ts';
import { migrate, UnusableDatabase } from './migrate.ts';

let url: string;
let folder: string;
let client: pg.Client;

beforeEach(async () => {
  url = await createDatabase(sharedTemplate(), `empty_${randomUUID().replaceAll('-', '')}`);
  folder = mkdtempSync(join(tmpdir(), 'teatime-migrations-'));
  client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await dropDatabase(url);
  rmSync(folder, { recursive: true });
});

const write = (name: string, sql: string): void =>
  writeFileSync(
    join(folder, name),
    `exports.up = (knex) => knex.raw(${JSON.stringify(sql)});\nexports.down = () => undefined;\n`,
  );

const tables = async (): Promise<string[]> =>
  (
    await client.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
    )
  ).rows.map(({ name }) => name);

test('an empty database gets the whole schema, a second run does nothing', async () => {
  expect(await migrate(url)).toContain('20261121000000_foundation.js');
  expect(await tables()).toEqual(expect.arrayContaining(['messages', 'sites', 'users']));
  expect(await migrate(url)).toEqual([]);
});

test('of instances that start at once, one migrates and all go on', async () => {
  write('1_one.js', 'create table one (n int); select pg_sleep(0.2)');
  write('2_two.js', 'create table two (n int)');
  const results = await Promise.all(Array.from({ length: 4 }, () => migrate(url, folder)));
  expect(results.flat().toSorted()).toEqual(['1_one.js', '2_two.js']);
  expect(await tables()).toEqual(expect.arrayContaining(['one', 'two']));
});

test('a migration that was killed half-way is completed by the next run', async () => {
  write('1_one.js', 'create table one (n int)');
  write('2_two.js', 'create table half (n int); select pg_sleep(60)');
  const dying = migrate(url, folder).catch((error: unknown) => error);
  const sleeping = `select pid from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()`;
  await expect.poll(async () => (await client.query(sleeping)).rowCount).toBe(1);
  await client.query(`select pg_terminate_backend(pid) from (${sleeping}) dying`);
  expect(await dying).toBeInstanceOf(Error);
  expect(await tables()).not.toContain('half');

  write('3_rest.js', 'create table rest (n int)');
  rmSync(join(folder, '2_two.js'));
  write('2_two.js', 'create table half (n int)');
  // knex keeps modules that it has loaded: another folder is another module.
  const other = `${folder}-again`;
  cpSync(folder, other, { recursive: true });
  expect(await migrate(url, other)).toEqual(['1_one.js', '2_two.js', '3_rest.js']);
  rmSync(other, { recursive: true });
  expect(await tables()).toEqual(expect.arrayContaining(['half', 'one', 'rest']));
});

test('a lock row that a killed process left behind stops nobody', async () => {
  await migrate(url);
  await client.query('update knex_migrations_lock set is_locked = 1');
  expect(await migrate(url)).toEqual([]);
});

test('a migration waits for long transactions without making others wait behind it for long', async () => {
  write('1_one.js', 'create table one (n int)');
  await migrate(url, folder);
  write('2_two.js', 'alter table one add column m int');
  await client.query('begin');
  await client.query('select * from one');
  const migrating = migrate(url, folder);
  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  const queued = `select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`;
  await expect.poll(async () => (await reader.query(queued)).rowCount).toBe(1);
  const start = performance.now();
  await reader.query('select * from one');
  expect(performance.now() - start).toBeLessThan(3000);
  await client.query('commit');
  expect(await migrating).toEqual(['2_two.js']);
  await reader.end();
});

test('a schema from a newer version is refused by name', async () => {
  await migrate(url);
  await client.query(
    `insert into knex_migrations (name, batch, migration_time) values ('29990101000000_flying_cars.js', 2, now())`,
  );
  const refusal = migrate(url);
  await expect(refusal).rejects.toThrow(UnusableDatabase);
  await expect(refusal).rejects.toThrow(/29990101000000_flying_cars\.js/);
});
