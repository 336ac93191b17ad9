/**
 * How a site looks, what members see of the time before they came, and how far old messages are deleted.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    -- As protocol/sites.ts has it.
    alter table sites add column branding jsonb not null default '{}' check (jsonb_typeof(branding) = 'object');

    -- A member sees what comes after this seq.
    alter table members add column visible_from_seq bigint not null default 0;
    create index members_without_history on members (conversation_id, visible_from_seq) where visible_from_seq > 0 and left_seq is null;

    -- Up to this seq everything that was too old is deleted.
    alter table conversations add column swept_seq bigint not null default 0;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    alter table conversations drop column swept_seq;
    drop index members_without_history;
    alter table members drop column visible_from_seq;
    alter table sites drop column branding;
  `);
}
