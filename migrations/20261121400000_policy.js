/**
 * What a site and each person decide: who may call, who learns whose address, what others are told of one.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    -- As protocol/sites.ts has it; what is left out is as the installation has it.
    alter table sites add column policy jsonb not null default '{}' check (jsonb_typeof(policy) = 'object');

    alter table users
      -- Null: as the site has it.
      add column who_may_call text check (who_may_call in ('everybody', 'known', 'nobody')),
      add column shows_receipts boolean not null default true,
      add column shows_presence boolean not null default true,
      add column shows_typing boolean not null default true;

    -- Media of this participant goes through a relay alone, whomever it goes to.
    alter table call_participants add column relay boolean not null default false;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    alter table call_participants drop column relay;
    alter table users drop column who_may_call, drop column shows_receipts, drop column shows_presence, drop column shows_typing;
    alter table sites drop column policy;
  `);
}
