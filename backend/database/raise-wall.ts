import { walledRole } from './wall.ts';

/** Runs one statement and answers with its rows. */
export type Run = (text: string) => Promise<readonly Record<string, unknown>[]>;

/**
 * Puts row-level security on every table that has a `site_id`, and on `sites` itself; says what is missing where this user of the database
 * may not. Changes only what is not so yet: it runs after the migrations at each start, so that no migration can forget a table, and so that
 * the wall closes by itself once an administrator has made the role.
 */
export const raiseWall = async (run: Run): Promise<string | undefined> => {
  await run(policiesOnAll);
  const lacks = await makeRole(run);
  if (lacks !== undefined) return lacks;
  await run(grantsOnAll);
  return undefined;
};

/** Why the wall does not stand, for the user of `run`; `undefined` when it does. Changes nothing. */
export const whatWallLacks = async (run: Run): Promise<string | undefined> => {
  const [open] = await run(
    `select string_agg(name, ', ') as names from (${walledTables}) t where not secure or not ruled`,
  );
  if (open?.['names'] != null) return `these tables have no policy: ${String(open['names'])}`;
  const [role] = await run(`select exists (select from pg_roles where rolname = '${walledRole}') as present`);
  if (role?.['present'] !== true) return `there is no role ${walledRole}`;
  if (!(await mayTakeRole(run))) return `this user of the database may not take on the role ${walledRole}`;
  const [shut] = await run(`select string_agg(name, ', ') as names from (${walledTables}) t where not ${mayUse('id')}`);
  return shut?.['names'] == null ? undefined : `the role ${walledRole} may not use ${String(shut['names'])}`;
};

const privileges = ['select', 'insert', 'update', 'delete'] as const;

// Each by itself: of a list, has_table_privilege is content with one.
const mayUse = (table: string): string =>
  `(${privileges.map((each) => `has_table_privilege('${walledRole}', ${table}, '${each}')`).join(' and ')})`;

// The sites that the transaction is for, worked out once for each statement because it is a query of its own. Where none was
// named the list is empty.
const sites = `((select string_to_array(current_setting('teatime.sites', true), ',')::uuid[])::uuid[])`;

const walledTables = `
  select c.oid as id, c.relname::text as name, c.relrowsecurity as secure,
    case when c.relname = 'sites' then 'id' else 'site_id' end as site,
    exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'wall') as ruled
  from pg_class c
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and (
    c.relname = 'sites'
    or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'site_id' and not a.attisdropped)
  )`;

// For everybody but the owner of the tables, whom row-level security does not hold for.
const policiesOnAll = `
do $wall$
declare it record;
begin
  for it in ${walledTables} order by name loop
    if not it.secure then
      execute format('alter table %I enable row level security', it.name);
    end if;
    if not it.ruled then
      execute format(
        'create policy wall on %1$I for all using (%2$I = any ${sites.replaceAll("'", "''")}) with check (%2$I = any ${sites.replaceAll("'", "''")})',
        it.name, it.site
      );
    end if;
  end loop;
end
$wall$`;

const grantsOnAll = `
do $wall$
declare it record;
begin
  if not has_schema_privilege('${walledRole}', current_schema(), 'usage') then
    execute format('grant usage on schema %I to ${walledRole}', current_schema());
  end if;
  for it in ${walledTables} order by name loop
    if not ${mayUse('it.id')} then
      execute format('grant ${privileges.join()} on %I to ${walledRole}', it.name);
    end if;
  end loop;
  for it in
    select c.oid as id, c.relname::text as name from pg_class c
    where c.relnamespace = current_schema()::regnamespace 
      and case when c.relkind = 'S' then not has_sequence_privilege('${walledRole}', c.oid, 'usage') end
  loop
    execute format('grant usage on sequence %I to ${walledRole}', it.name);
  end loop;
end
$wall$`;

/** Makes the role, which belongs to the whole server, unless it is there; says why it cannot. */
const makeRole = async (run: Run): Promise<string | undefined> => {
  try {
    await run(`
do $wall$
begin
  if not exists (select from pg_roles where rolname = '${walledRole}') then
    create role ${walledRole} nologin;
  end if;
exception when duplicate_object or unique_violation then
  -- Another database of the same server was faster.
  null;
end
$wall$`);
    if (!(await mayTakeRole(run))) await run(`grant ${walledRole} to current_user`);
    return undefined;
  } catch (error) {
    if ((error as { code?: unknown }).code !== insufficientPrivilege) throw error;
    return error instanceof Error ? error.message : String(error);
  }
};

const insufficientPrivilege = '42501';

/** Whether this user may take the role on. Tried, because what the catalogue says of it differs between versions of Postgres. */
const mayTakeRole = async (run: Run): Promise<boolean> => {
  try {
    await run(`do $wall$ begin perform set_config('role', '${walledRole}', true); end $wall$`);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === insufficientPrivilege) return false;
    throw error;
  }
};
