/** @param {import('knex').Knex} knex */
export async function up(knex) {
  await knex.raw(`
    -- What is to become of what somebody said whose profile is gone; null once all of it is done.
    alter table users add column erasing text check (erasing in ('keep', 'delete'));
    create index users_erasing on users (id) where erasing is not null;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw('alter table users drop column erasing');
}
