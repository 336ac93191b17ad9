/**
 * What somebody is: a person with an account, a guest who gave nothing but a name, a bot, or the site itself.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(
    `alter table users add column kind text not null default 'person' check (kind in ('person', 'guest', 'bot', 'system'))`,
  );
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw('alter table users drop column kind');
}
