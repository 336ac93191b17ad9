/**
 * Key sets that sites publish by address, and what else a site says of its people.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    -- Where a site publishes its public keys (RFC 7517 §5).
    create table site_key_sets (
      id uuid primary key,
      site_id uuid not null references sites (id) on delete cascade,
      name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$'),
      url text not null,
      created_at timestamptz not null default now(),
      revoked_at timestamptz,
      unique (site_id, name)
    );

    -- As the site's last token had it; protocol/users.ts says what may be in it.
    alter table users add column custom jsonb not null default '{}' check (jsonb_typeof(custom) = 'object');
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw('alter table users drop column custom; drop table site_key_sets');
}
