/**
 * Guests: which challenges have brought one in, and who can go again.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    -- Challenges that were solved, until they would be too old anyway.
    create table used_guest_challenges (
      site_id uuid not null references sites (id) on delete cascade,
      nonce bytea not null check (length(nonce) = 12),
      expires_at timestamptz not null,
      primary key (site_id, nonce)
    );
    create index used_guest_challenges_by_end on used_guest_challenges (expires_at);

    -- What the sweep goes through, and what the limit of a site counts.
    create index users_guests on users (site_id, created_at) where kind = 'guest' and disabled_at is null;
    create index users_gone_guests on users (disabled_at) where kind = 'guest' and disabled_at is not null;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    drop index users_gone_guests;
    drop index users_guests;
    drop table used_guest_challenges;
  `);
}
