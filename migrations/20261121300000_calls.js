/**
 * Calls, who is in them, and what the timeline says of them.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    create table calls (
      id uuid primary key,
      site_id uuid not null,
      conversation_id uuid not null,
      kind text not null check (kind in ('audio', 'video')),
      state text not null check (state in ('ringing', 'accepted', 'connected', 'ended')),
      started_by uuid not null,
      -- Counts the changes of the call and of who is in it.
      version integer not null,
      created_at timestamptz not null,
      accepted_at timestamptz,
      connected_at timestamptz,
      ended_at timestamptz,
      outcome text check (outcome in ('completed', 'missed', 'declined', 'cancelled', 'busy', 'failed')),
      foreign key (site_id, conversation_id) references conversations (site_id, id) on delete cascade,
      foreign key (site_id, started_by) references users (site_id, id),
      check ((state = 'ended') = (ended_at is not null) and (state = 'ended') = (outcome is not null))
    );
    create unique index calls_on on calls (conversation_id) where state <> 'ended';
    create index calls_of_conversation on calls (conversation_id, id desc);

    create table call_participants (
      call_id uuid not null references calls (id) on delete cascade,
      user_id uuid not null references users (id),
      state text not null check (state in ('ringing', 'joined', 'declined', 'busy', 'left')),
      -- Where they are in it: their address on the signalling socket, made anew for each joining, and the login that it belongs to.
      peer_id uuid unique,
      session_id uuid,
      -- Of the socket that they joined by, if it was one.
      connection_id uuid,
      audio boolean not null,
      video boolean not null,
      screen boolean not null,
      joined_at timestamptz,
      -- Something was heard from the signalling socket; from that or the connection; somebody said that their media stopped.
      signalled_at timestamptz,
      seen_at timestamptz,
      lost_at timestamptz,
      primary key (call_id, user_id),
      check ((state = 'joined') = (peer_id is not null) and (state = 'joined') = (session_id is not null))
    ) with (fillfactor = 80);
    -- Nobody is in two calls.
    create unique index call_participants_joined on call_participants (user_id) where state = 'joined';

    -- When some process last looked for who is gone from calls. While none did, nobody can have been heard of.
    create table call_watch (
      only_row boolean primary key default true check (only_row),
      at timestamptz not null default now()
    );
    insert into call_watch default values;

    -- Of a message that says how a call went.
    alter table messages add column call jsonb;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    alter table messages drop column call;
    drop table call_participants, calls, call_watch;
  `);
}
