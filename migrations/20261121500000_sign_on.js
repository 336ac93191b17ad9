/**
 * Single sign-on: the keys by which sites vouch for their people, who these are there, and which tokens were used.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    create table site_keys (
      id uuid primary key,
      site_id uuid not null references sites (id) on delete cascade,
      -- What tokens name in their header.
      kid text not null check (kid ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$'),
      algorithm text not null check (algorithm in ('HS256', 'ES256', 'EdDSA', 'RS256')),
      -- A secret, sealed by the installation's; or a public key as DER (RFC 5280 SubjectPublicKeyInfo).
      sealed_secret bytea check ((sealed_secret is not null) = (algorithm = 'HS256')),
      public_key bytea check ((public_key is null) = (algorithm = 'HS256')),
      created_at timestamptz not null default now(),
      revoked_at timestamptz,
      unique (site_id, kid)
    );

    alter table users
      -- Who this is to the site's own product. Of somebody who is deleted it is taken away: whoever has it next is somebody else.
      add column external_id text check (length(external_id) between 1 and 128),
      add column picture_url text,
      add constraint users_site_id_external_id_key unique (site_id, external_id);

    -- SHA-256 of each token's jti, until the token could not be used again anyway.
    create table used_sign_on_tokens (
      site_id uuid not null references sites (id) on delete cascade,
      jti_hash bytea not null check (length(jti_hash) = 32),
      session_id uuid not null,
      used_at timestamptz not null default now(),
      expires_at timestamptz not null,
      primary key (site_id, jti_hash)
    );
    create index used_sign_on_tokens_by_end on used_sign_on_tokens (expires_at);
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    drop table used_sign_on_tokens;
    alter table users drop column external_id, drop column picture_url;
    drop table site_keys;
  `);
}
