/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(`
    -- What the back ends of a site sign their requests by. Of the key itself only its SHA-256 is kept.
    create table server_keys (
      id uuid primary key,
      site_id uuid not null references sites (id) on delete cascade,
      name text not null check (length(name) between 1 and 64),
      hash bytea not null unique check (length(hash) = 32),
      scopes text[] not null check (cardinality(scopes) > 0),
      created_at timestamptz not null default now(),
      last_used_at timestamptz,
      revoked_at timestamptz,
      unique (site_id, id)
    );

    -- Answers to writes that carried an Idempotency-Key, sealed by the server key that asked.
    create table idempotent_requests (
      site_id uuid not null,
      server_key_id uuid not null,
      key text not null,
      -- Of method, path and body.
      request_hash bytea not null check (length(request_hash) = 32),
      -- While it is worked on; a process that has died is not waited for longer.
      busy_until timestamptz,
      status smallint,
      sealed_answer bytea,
      created_at timestamptz not null default now(),
      primary key (site_id, server_key_id, key),
      foreign key (site_id, server_key_id) references server_keys (site_id, id) on delete cascade
    );
    create index idempotent_requests_by_age on idempotent_requests (created_at);

    create table audit_log (
      id uuid primary key,
      site_id uuid not null references sites (id) on delete cascade,
      at timestamptz not null default now(),
      by_kind text not null check (by_kind in ('server key', 'command line')),
      by_id uuid,
      by_name text not null,
      act text not null,
      target text,
      outcome text not null check (outcome in ('started', 'done', 'refused', 'failed')),
      code text,
      ip text,
      request_id text,
      details jsonb not null default '{}'
    );
    create index audit_log_by_site on audit_log (site_id, id desc);
    create index audit_log_by_target on audit_log (site_id, target, id desc);
    create index audit_log_by_age on audit_log (at);

    -- Whose profile is gone for good: the row stays, for what they said has to be somebody's.
    alter table users add column erased_at timestamptz;

    -- What every process looks for twice a second: whose tokens are good no more.
    create index users_disabled on users (disabled_at) where disabled_at is not null;
    create index sessions_revoked on sessions (revoked_at) where revoked_at is not null;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    drop index sessions_revoked;
    drop index users_disabled;
    alter table users drop column erased_at;
    drop table audit_log, idempotent_requests, server_keys;
  `);
}
