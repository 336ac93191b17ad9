/**
 * Files that people upload, send and show as their picture, and what they take up.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    create table files (
      id uuid primary key,
      site_id uuid not null,
      owner_id uuid not null,
      client_id uuid not null,
      purpose text not null check (purpose in ('message', 'voice', 'avatar')),
      -- A row that is 'removed' goes once its objects are gone from the storage; until then it says what they are called.
      state text not null default 'uploading' check (state in ('uploading', 'ready', 'rejected', 'removed')),
      name text not null,
      declared_size bigint not null check (declared_size > 0),
      declared_type text not null,
      -- What the bytes are. A picture that lost its metadata has another size than was announced.
      size bigint not null check (size >= 0),
      type text,
      kind text check (kind in ('image', 'video', 'audio', 'voice', 'file')),
      shelf text generated always as (
        case when kind in ('image', 'video') then 'media' when kind in ('audio', 'voice') then 'audio' else 'file' end
      ) stored,
      width integer,
      height integer,
      duration_ms integer,
      waveform smallint[],
      placeholder text,
      unscanned boolean not null default false,
      -- Objects in the storage. The upload is the storage's own note; both are missing until it was begun.
      key text unique,
      upload jsonb,
      thumbnail_key text unique,
      -- Some process is looking at the bytes until then, unless it has died.
      inspected_until timestamptz,
      -- Of the address that a picture of a person or a group is shown by.
      avatar_key text unique check (avatar_key ~ '^[0-9a-f]{32}$'),
      -- The message that it came with; seq is the message's.
      conversation_id uuid,
      message_id uuid,
      seq bigint,
      position smallint,
      created_at timestamptz not null default now(),
      -- All bytes were there; looked at and found good; sent, or made somebody's picture.
      uploaded_at timestamptz,
      completed_at timestamptz,
      used_at timestamptz,
      unique (owner_id, client_id),
      foreign key (site_id, owner_id) references users (site_id, id),
      foreign key (conversation_id, message_id) references messages (conversation_id, id),
      check (num_nulls(conversation_id, message_id, seq, position) in (0, 4)),
      check (state <> 'ready' or (key is not null and type is not null and kind is not null))
    );
    create unique index files_of_messages on files (conversation_id, seq desc, position) where conversation_id is not null;
    create index files_by_shelf on files (conversation_id, shelf, seq desc, position) where conversation_id is not null;
    -- What the janitor looks for.
    create index files_unused on files (created_at) where used_at is null;
    create index files_removed on files (id) where state = 'removed';

    -- How many files and bytes somebody has here, and under the nil UUID the whole site. Quotas are checked against it.
    create table file_usage (
      site_id uuid not null references sites (id),
      user_id uuid not null,
      files bigint not null,
      bytes bigint not null,
      primary key (site_id, user_id)
    ) with (fillfactor = 80);

    -- A trigger, so that whatever changes a file, the sums are right. The site's row comes first: who changes the sums of one site waits there.
    create function count_file() returns trigger language plpgsql as $$
    declare
      place files := case when tg_op = 'DELETE' then old else new end;
      more_files bigint := 0;
      more_bytes bigint := 0;
    begin
      if tg_op <> 'INSERT' and old.state in ('uploading', 'ready') then
        more_files := -1;
        more_bytes := -old.size;
      end if;
      if tg_op <> 'DELETE' and new.state in ('uploading', 'ready') then
        more_files := more_files + 1;
        more_bytes := more_bytes + new.size;
      end if;
      if more_files <> 0 or more_bytes <> 0 then
        insert into file_usage as sum (site_id, user_id, files, bytes)
        values
          (place.site_id, '00000000-0000-0000-0000-000000000000', more_files, more_bytes),
          (place.site_id, place.owner_id, more_files, more_bytes)
        on conflict (site_id, user_id) do update set files = sum.files + excluded.files, bytes = sum.bytes + excluded.bytes;
      end if;
      return null;
    end
    $$;
    create trigger count_file after insert or delete or update of state, size on files
    for each row execute function count_file();

    alter table users add column avatar_key text;
    alter table conversations add column avatar_key text;
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    alter table conversations drop column avatar_key;
    alter table users drop column avatar_key;
    drop table files, file_usage;
    drop function count_file();
  `);
}
