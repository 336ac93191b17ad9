/**
 * Messages are written in batches by one statement that holds the conversation's row and has seen that the sender is a member, who is a user.
 * Checking both again, row by row, took half of the database's time for a batch (docs/decisions/0006-lanes.md).
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    alter table messages drop constraint messages_conversation_id_fkey, drop constraint messages_sender_id_fkey
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    alter table messages
      add constraint messages_conversation_id_fkey foreign key (conversation_id) references conversations (id) on delete cascade,
      add constraint messages_sender_id_fkey foreign key (sender_id) references users (id)
  `);
}
