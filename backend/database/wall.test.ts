import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { administer, cloneDatabase, createDatabase, dropDatabase, sharedTemplate } from '../testing/postgres.ts';
import { connect, type Database } from './connect.ts';
import { migrate } from './migrate.ts';
import { queryAfter } from './prepared-query.ts';
import { inTransaction } from './transaction.ts';
import { acrossSites, inSite, wallFor } from './wall.ts';

/** The only tables that no site has a part of. */
const tablesOfNoSite = ['call_watch', 'installation', 'knex_migrations', 'knex_migrations_lock'];

interface Column {
  readonly name: string;
  readonly type: string;
}

interface Table {
  readonly name: string;
  /** The column that says whose row it is. */
  readonly site: string;
  readonly columns: readonly Column[];
}

const [acme, globex] = [randomUUID(), randomUUID()];
let url: string;
let db: Database;
let walled: pg.Client;
let tables: Table[];

const rowsOf = async (text: string): Promise<Record<string, unknown>[]> => (await db.pool.query(text)).rows;

/** What Postgres lets the walled connection do with one statement, with the rows of these sites in sight: how many rows it concerned, or why not. */
const attempt = async (siteIds: readonly string[], text: string): Promise<number | string> => {
  const statement = {
    name: '',
    text: `with it as (${text} returning 1) select count(*)::int as count from it`,
    values: [],
  };
  try {
    const [row] = await queryAfter<{ count: number }>(walled, [wallFor(siteIds)], statement, 5000);
    return row?.count ?? 0;
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
};

const seen = async (siteIds: readonly string[], { name, site }: Table): Promise<string[]> => {
  const statement = { name: '', text: `select ${site} as site from ${name} order by 1`, values: [] };
  const rows = await queryAfter<{ site: string }>(walled, [wallFor(siteIds)], statement, 5000);
  return rows.map((row) => row.site);
};

const valueOf = ({ type }: Column): string => {
  if (type.endsWith('[]')) return `'{}'`;
  if (type === 'uuid') return 'gen_random_uuid()';
  if (type === 'text') return 'gen_random_uuid()::text';
  if (type === 'bytea') return `decode(replace(gen_random_uuid()::text, '-', ''), 'hex')`;
  if (type === 'jsonb') return `'{}'`;
  if (type === 'boolean') return 'true';
  if (type.startsWith('timestamp')) return 'now()';
  if (type === 'inet') return `'127.0.0.1'`;
  if (/^(?:bigint|integer|smallint|numeric|double precision|real)$/.test(type)) return 'floor(random() * 30000)';
  throw new Error(`unable to make a row; nobody has said what a ${type} is`);
};

const insertText = ({ name, site, columns }: Table, siteId: string): string => {
  const values = columns.map((column) => (column.name === site ? `'${siteId}'` : valueOf(column)));
  return `insert into ${name} (${columns.map((column) => column.name).join()}) values (${values.join()})`;
};

beforeAll(async () => {
  url = await cloneDatabase(sharedTemplate());
  db = connect(url, { poolSize: 2, acquireTimeoutMs: 60_000 });
  expect(await db.checkWall()).toBeUndefined();
  const { options, setup } = db.walled();
  walled = new pg.Client(options);
  await walled.connect();
  await walled.query(setup);

  // A row for each site in every table there is, now and later: so the rows need not make sense, and nothing may ask them to.
  const constraints = await rowsOf(`
    select conrelid::regclass::text as name, conname from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('c', 'f') order by contype desc`);
  for (const { name, conname } of constraints) {
    await db.pool.query(`alter table ${String(name)} drop constraint if exists "${String(conname)}" cascade`);
  }
  const columns = await rowsOf(`
    select c.relname as name, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null)) order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
      and a.attgenerated = '' and a.attidentity = ''
    group by c.relname order by c.relname`);
  tables = (columns as unknown as { name: string; columns: Column[] }[])
    .filter((table) => !tablesOfNoSite.includes(table.name))
    .map((table) => ({ ...table, site: table.name === 'sites' ? 'id' : 'site_id' }));
  const client = await db.pool.connect();
  await client.query('set session_replication_role = replica');
  for (const table of tables) for (const siteId of [acme, globex]) await client.query(insertText(table, siteId));
  client.release(true);
});

afterAll(async () => {
  await walled.end();
  await db.close();
  await dropDatabase(url);
});

describe('Postgres', () => {
  test('has row-level security on every table but those that no site has a part of', async () => {
    const open = await rowsOf(`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relrowsecurity order by 1`);
    expect(open.map(({ name }) => name)).toEqual(tablesOfNoSite);
    expect(tables.length).toBeGreaterThan(15);
    for (const { name, site, columns } of tables) {
      expect(
        columns.map((column) => column.name),
        name,
      ).toContain(site);
    }
  });

  test('shows nothing to who does not say for which site, also on a connection that has just worked for one', async () => {
    for (const table of tables) {
      expect(await seen([acme], table), table.name).toEqual([acme]);
      expect((await walled.query(`select from ${table.name}`)).rowCount, table.name).toBe(0);
      expect(await seen([], table), table.name).toEqual([]);
    }
  });

  test('shows the rows of the named sites alone', async () => {
    for (const table of tables) {
      expect(await seen([globex], table), table.name).toEqual([globex]);
      expect(await seen([randomUUID()], table), table.name).toEqual([]);
      expect(await seen([acme, globex], table), table.name).toEqual([acme, globex].sort());
    }
  });

  test('lets nobody change, remove, take over or add rows of another site', async () => {
    for (const table of tables) {
      const { name, site } = table;
      expect(await attempt([acme], `update ${name} set ${site} = ${site} where ${site} = '${globex}'`), name).toBe(0);
      expect(await attempt([acme], `delete from ${name} where ${site} = '${globex}'`), name).toBe(0);
      expect(await attempt([acme], `update ${name} set ${site} = '${globex}'`), name).toBe('42501');
      expect(await attempt([acme], insertText(table, globex)), name).toBe('42501');
    }
    for (const table of tables) expect(await seen([acme, globex], table), table.name).toEqual([acme, globex].sort());
  });

  test('lets the walled role use nothing that no site has a part of', async () => {
    for (const name of tablesOfNoSite) {
      await expect(walled.query(`select from ${name}`), name).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('the way to the database', () => {
  const names = (): Promise<{ id: string }[]> => db.query('test_names', 'select site_id as id from users', []);

  test('is refused to who does not say for which site', async () => {
    await expect(names()).rejects.toThrow(/nobody has said for which site/);
    await expect(inTransaction(db, async () => undefined)).rejects.toThrow(/nobody has said for which site/);
  });

  test('shows all sites to what looks over all', async () => {
    expect(await acrossSites(names)).toHaveLength(2);
    expect(await inSite(acme, () => acrossSites(names))).toHaveLength(2);
  });

  test('with many at once on two connections, failures among them, nobody sees anything of another site', async () => {
    const look = async (place: number): Promise<void> => {
      const siteId = place % 2 === 0 ? acme : globex;
      const own = [{ id: siteId }];
      await inSite(siteId, async () => {
        if (place % 5 === 0) {
          await expect(db.query('test_broken', 'select 1 / count(*) + 1 / 0 from users', [])).rejects.toMatchObject({
            code: '22012',
          });
        }
        if (place % 7 === 0) {
          const failing = inTransaction(db, async (transaction) => {
            expect(await transaction.query('test_names', 'select site_id as id from users', [])).toEqual(own);
            throw new Error('turned back');
          });
          await expect(failing).rejects.toThrow('turned back');
        }
        expect(await names()).toEqual(own);
        expect(
          await inTransaction(db, (transaction) =>
            transaction.query('test_names', 'select site_id as id from users', []),
          ),
        ).toEqual(own);
      });
    };
    await Promise.all(Array.from({ length: 300 }, (_, place) => look(place)));
  });
});

test('where the role cannot be had the server works with one wall, says so, and has the second at the next start', async () => {
  const name = `limited_${randomUUID().slice(0, 8)}`;
  await administer(url, `create role ${name} login password 'limited'`);
  const made = await createDatabase(url, name);
  await administer(url, `alter database ${name} owner to ${name}`);
  const own = new URL(made);
  own.searchParams.set('user', name);
  own.username &&= name;
  own.password &&= 'limited';
  const limited = connect(own.href);
  try {
    await migrate(own.href);
    expect(await limited.checkWall()).toMatch(/may not take on the role teatime_walled/);
    const insert = (siteId: string) =>
      acrossSites(() =>
        limited.query('test_site', `insert into sites (id, key, name) values ($1::uuid, $1::text, '')`, [siteId]),
      );
    await Promise.all([insert(acme), insert(globex)]);
    const look = () => inSite(acme, () => limited.query('test_sites', 'select id from sites', []));
    expect(await look()).toHaveLength(2);

    await administer(url, `grant teatime_walled to ${name}`);
    await migrate(own.href);
    const restarted = connect(own.href);
    expect(await restarted.checkWall()).toBeUndefined();
    expect(await inSite(acme, () => restarted.query('test_sites', 'select id from sites', []))).toEqual([{ id: acme }]);
    await restarted.close();
  } finally {
    await limited.close();
    await dropDatabase(made);
    await administer(url, `drop role ${name}`);
  }
});
