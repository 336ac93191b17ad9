/**
 * Bots with their tokens, conversations that are closed, and reports of messages.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    create table bots (
      user_id uuid primary key,
      site_id uuid not null,
      scopes text[] not null,
      -- Stands for the token where a session's id stands elsewhere: a new token is a new one.
      token_id uuid not null unique,
      -- SHA-256 of the token; the token itself is never stored. Nothing where it was revoked.
      token_hash bytea unique check (length(token_hash) = 32),
      created_at timestamptz not null default now(),
      token_created_at timestamptz not null default now(),
      foreign key (site_id, user_id) references users (site_id, id) on delete cascade
    );
    create index bots_by_site on bots (site_id, user_id);
    -- Which tokens ended lately: every process looks here for sockets that it must close.
    create table ended_bot_tokens (
      token_id uuid primary key,
      site_id uuid not null references sites (id) on delete cascade,
      ended_at timestamptz not null default now()
    );
    create index ended_bot_tokens_by_end on ended_bot_tokens (ended_at);
    create index ended_bot_tokens_by_site on ended_bot_tokens (site_id);
    -- What a site says by itself, one user says.
    create unique index users_system on users (site_id) where kind = 'system';

    alter table conversations add column closed_at timestamptz;

    create table reports (
      id uuid primary key,
      site_id uuid not null,
      conversation_id uuid not null,
      message_id uuid not null,
      reporter_id uuid not null,
      reason text not null,
      comment text,
      -- The message as it was when it was reported.
      message jsonb not null,
      created_at timestamptz not null default now(),
      resolution text check (resolution in ('dismissed', 'deleted')),
      resolved_at timestamptz check ((resolved_at is null) = (resolution is null)),
      note text,
      -- The server key that did it, by its name.
      resolved_by text,
      unique (conversation_id, message_id, reporter_id),
      foreign key (site_id, conversation_id) references conversations (site_id, id) on delete cascade,
      foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade,
      foreign key (site_id, reporter_id) references users (site_id, id) on delete cascade
    );
    create index reports_by_site on reports (site_id, id);
    create index reports_open on reports (site_id, id) where resolution is null;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    drop table reports, ended_bot_tokens, bots;
    alter table conversations drop column closed_at;
    drop index users_system;
  `);
}
