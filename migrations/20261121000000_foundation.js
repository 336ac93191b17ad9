/**
 * Sites, people, sessions, conversations, messages. Everything unique starts with `site_id` or belongs to a
 * conversation, which belongs to one site.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    -- One row. Its table's oid is part of the epoch that tells clients of a restored database (docs/architecture.md).
    create table installation (
      only_row boolean primary key default true check (only_row),
      created_at timestamptz not null default now()
    );
    insert into installation default values;

    create table sites (
      id uuid primary key,
      key text not null unique check (key ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
      name text not null,
      allowed_origins text[] not null default '{}',
      enabled boolean not null default true,
      created_at timestamptz not null default now()
    );

    create table users (
      id uuid primary key,
      site_id uuid not null references sites (id),
      username text not null,
      username_key text not null,
      display_name text not null,
      -- Lower-case words of the name and the user name with a space before each, so that ' prefix' finds any word.
      search_text text not null,
      email text,
      phone text,
      avatar_color text not null,
      password_hash text,
      last_seen_at timestamptz,
      disabled_at timestamptz,
      created_at timestamptz not null default now(),
      unique (site_id, username_key),
      unique (site_id, email),
      unique (site_id, phone),
      unique (site_id, id)
    );

    create table sessions (
      id uuid primary key,
      site_id uuid not null,
      user_id uuid not null,
      user_agent text,
      created_at timestamptz not null default now(),
      last_used_at timestamptz not null default now(),
      expires_at timestamptz not null,
      revoked_at timestamptz,
      revoked_reason text,
      foreign key (site_id, user_id) references users (site_id, id) on delete cascade
    );
    create index sessions_by_user on sessions (user_id);

    -- SHA-256 of each refresh token; the token itself is never stored.
    create table refresh_tokens (
      hash bytea primary key check (length(hash) = 32),
      session_id uuid not null references sessions (id) on delete cascade,
      created_at timestamptz not null default now(),
      expires_at timestamptz not null,
      used_at timestamptz
    );
    create index refresh_tokens_by_session on refresh_tokens (session_id);

    create table blocks (
      site_id uuid not null,
      blocker_id uuid not null,
      blocked_id uuid not null check (blocked_id <> blocker_id),
      created_at timestamptz not null default now(),
      primary key (blocker_id, blocked_id),
      foreign key (site_id, blocker_id) references users (site_id, id) on delete cascade,
      foreign key (site_id, blocked_id) references users (site_id, id) on delete cascade
    );
    create index blocks_by_blocked on blocks (blocked_id);

    create table conversations (
      id uuid primary key,
      site_id uuid not null references sites (id),
      kind text not null check (kind in ('dm', 'group')),
      title text,
      -- Of a direct message: both user ids in order, so that there is one per pair.
      dm_key text,
      -- Of a direct message: one of the two has blocked the other. Kept here so that a send checks it under the row lock.
      blocked boolean not null default false,
      head_seq bigint not null default 0,
      changed_seq bigint not null default 0,
      last_message_seq bigint,
      last_activity_at timestamptz not null default now(),
      created_by uuid not null,
      created_at timestamptz not null default now(),
      unique (site_id, id),
      unique (site_id, dm_key),
      check ((kind = 'dm') = (dm_key is not null)),
      foreign key (site_id, created_by) references users (site_id, id)
    ) with (fillfactor = 80);

    create table members (
      conversation_id uuid not null,
      user_id uuid not null,
      site_id uuid not null,
      role text not null check (role in ('owner', 'admin', 'member')),
      joined_seq bigint not null,
      -- The change that ended the membership; the row stays, so that catching up can tell others.
      left_seq bigint,
      changed_seq bigint not null,
      delivered_seq bigint not null default 0,
      read_seq bigint not null default 0,
      muted boolean not null default false,
      pinned boolean not null default false,
      primary key (conversation_id, user_id),
      foreign key (site_id, conversation_id) references conversations (site_id, id) on delete cascade,
      foreign key (site_id, user_id) references users (site_id, id)
    ) with (fillfactor = 80);
    create index members_by_user on members (user_id) where left_seq is null;

    create table messages (
      conversation_id uuid not null references conversations (id) on delete cascade,
      id uuid not null,
      sender_id uuid not null references users (id),
      client_id uuid not null,
      seq bigint not null,
      changed_seq bigint not null,
      text text not null,
      reply_to uuid,
      mentions uuid[] not null default '{}',
      -- SHA-256 of what was first sent, to tell a replay from another message under the same client id.
      draft_hash bytea not null,
      created_at timestamptz not null default now(),
      edited_at timestamptz,
      deleted_at timestamptz,
      primary key (conversation_id, id),
      unique (conversation_id, seq),
      unique (conversation_id, sender_id, client_id),
      foreign key (conversation_id, reply_to) references messages (conversation_id, id)
    );
    -- Only messages that changed after their creation: sending pays nothing for it.
    create index messages_changed on messages (conversation_id, changed_seq) where changed_seq > seq;

    create table reactions (
      conversation_id uuid not null,
      message_id uuid not null,
      emoji text not null,
      user_id uuid not null references users (id),
      created_at timestamptz not null default clock_timestamp(),
      primary key (conversation_id, message_id, emoji, user_id),
      foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade
    );
  `);
  await knex.raw(`create index users_search on users (site_id, search_text text_pattern_ops)`);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(
    'drop table reactions, messages, members, conversations, blocks, refresh_tokens, sessions, users, sites, installation',
  );
}
