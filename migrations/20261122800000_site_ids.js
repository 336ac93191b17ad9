/**
 * Rows that were known to be of a site by what they belong to say so themselves, so that row-level security can go by it
 * (docs/decisions/0017-row-level-security.md).
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    alter table sessions add constraint sessions_site_id_id_key unique (site_id, id);
    alter table calls add constraint calls_site_id_id_key unique (site_id, id);

    alter table refresh_tokens add column site_id uuid;
    update refresh_tokens r set site_id = s.site_id from sessions s where s.id = r.session_id;
    alter table refresh_tokens
      alter column site_id set not null,
      drop constraint refresh_tokens_session_id_fkey,
      add constraint refresh_tokens_session_fkey foreign key (site_id, session_id) references sessions (site_id, id) on delete cascade;

    alter table call_participants add column site_id uuid;
    update call_participants p set site_id = c.site_id from calls c where c.id = p.call_id;
    alter table call_participants
      alter column site_id set not null,
      drop constraint call_participants_call_id_fkey,
      drop constraint call_participants_user_id_fkey,
      add constraint call_participants_call_fkey foreign key (site_id, call_id) references calls (site_id, id) on delete cascade,
      add constraint call_participants_user_fkey foreign key (site_id, user_id) references users (site_id, id);

    -- No foreign key: see 20261121100000_messages_without_row_checks.js. The statement that sends takes it from the conversation.
    alter table messages add column site_id uuid;
    update messages m set site_id = c.site_id from conversations c where c.id = m.conversation_id;
    alter table messages alter column site_id set not null;

    alter table reactions add column site_id uuid;
    update reactions r set site_id = c.site_id from conversations c where c.id = r.conversation_id;
    alter table reactions
      alter column site_id set not null,
      drop constraint reactions_user_id_fkey,
      add constraint reactions_user_fkey foreign key (site_id, user_id) references users (site_id, id);
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    -- Policies hold on to the columns that they name.
    drop policy if exists wall on reactions;
    drop policy if exists wall on messages;
    drop policy if exists wall on call_participants;
    drop policy if exists wall on refresh_tokens;
    alter table reactions
      drop column site_id,
      add constraint reactions_user_id_fkey foreign key (user_id) references users (id);
    alter table messages drop column site_id;
    alter table call_participants
      drop column site_id,
      add constraint call_participants_call_id_fkey foreign key (call_id) references calls (id) on delete cascade,
      add constraint call_participants_user_id_fkey foreign key (user_id) references users (id);
    alter table refresh_tokens
      drop column site_id,
      add constraint refresh_tokens_session_id_fkey foreign key (session_id) references sessions (id) on delete cascade;
    alter table calls drop constraint calls_site_id_id_key;
    alter table sessions drop constraint sessions_site_id_id_key;
  `);
}
