/**
 * Links that are sent to people by mail, and the mails that are yet to be sent.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    -- One of each purpose for a person: a new one takes the place of the one before.
    create table account_links (
      site_id uuid not null,
      user_id uuid not null,
      purpose text not null check (purpose in ('email', 'password')),
      -- Where the link was sent, which is what the person shows to be theirs.
      email text not null,
      -- SHA-256 of the token, which is made with the mail; none while that waits.
      token_hash bytea unique check (length(token_hash) = 32),
      expires_at timestamptz not null,
      primary key (site_id, user_id, purpose),
      foreign key (site_id, user_id) references users (site_id, id) on delete cascade
    );
    create index account_links_by_age on account_links (expires_at);

    -- The outbox. A row says what happened; the mail, and the token in it, is made when it is sent.
    create table mails (
      id uuid primary key,
      site_id uuid not null references sites (id) on delete cascade,
      kind text not null,
      address text not null,
      user_id uuid,
      attempts integer not null default 0,
      -- While it is being sent: when another process may take it, for this one may have died.
      next_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      foreign key (site_id, user_id) references users (site_id, id) on delete cascade
    );
    create index mails_due on mails (next_at);
    create index mails_by_user on mails (site_id, user_id);
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw('drop table mails, account_links');
}
