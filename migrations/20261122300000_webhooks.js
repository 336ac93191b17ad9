/**
 * Webhooks: what a site's own servers are told of, the outbox that it waits in, and hooks by which others post into a conversation.
 * @param {import('knex').Knex} knex
 */
export async function up(knex) {
  await knex.raw(`
    create table webhooks (
      id uuid primary key,
      site_id uuid not null references sites (id) on delete cascade,
      url text not null,
      description text not null default '',
      events text[] not null check (cardinality(events) > 0),
      -- Bodies carry what people write.
      includes_text boolean not null default false,
      -- Sealed by the installation's; for a while after a rotation there are two.
      sealed_secret bytea not null,
      previous_secret bytea,
      previous_until timestamptz check ((previous_until is null) = (previous_secret is null)),
      enabled boolean not null default true,
      disabled_reason text check (disabled_reason is null or not enabled),
      -- Failures since something was last delivered, and when they began.
      failures integer not null default 0,
      failing_since timestamptz check ((failing_since is null) = (failures = 0)),
      created_at timestamptz not null default now(),
      unique (site_id, id)
    );

    -- The outbox: what each webhook is yet to be told, and what it was told lately. A row names what happened and to whom; bodies are made when they are sent.
    create table webhook_deliveries (
      id uuid primary key default gen_random_uuid(),
      site_id uuid not null,
      -- No foreign key: checking it would lock the webhook's row for every message.
      webhook_id uuid not null,
      -- What happened in one lane is told in this order: within a conversation it is that of the commits, for its row is held by whoever changes it.
      position bigint generated always as identity,
      lane uuid not null,
      event text not null,
      conversation_id uuid,
      -- The message, member, call or user.
      subject_id uuid not null,
      seq bigint,
      occurred_at timestamptz not null default now(),
      state text not null default 'pending' check (state in ('pending', 'delivered', 'failed', 'skipped')),
      attempts integer not null default 0,
      next_at timestamptz not null default now(),
      -- Some process is delivering it until then, unless it has died.
      leased_until timestamptz,
      tried_at timestamptz,
      took_ms integer,
      status integer,
      error text,
      finished_at timestamptz
    ) with (fillfactor = 80);
    create index webhook_deliveries_due on webhook_deliveries (next_at) where state = 'pending';
    create index webhook_deliveries_in_lane on webhook_deliveries (webhook_id, lane, position) where state = 'pending';
    create index webhook_deliveries_by_position on webhook_deliveries (webhook_id, position desc);
    create index webhook_deliveries_by_age on webhook_deliveries (occurred_at);

    -- Triggers, so that whatever changes something, what it is told by is written in the same transaction. They cost nothing where columns
    -- change that no event is about, and one look at an empty index where nobody wants to be told.
    create function tell_webhooks(of_site uuid, what text, in_lane uuid, conversation uuid, subject uuid, at_seq bigint)
    returns void language sql as $$
      insert into webhook_deliveries (site_id, webhook_id, lane, event, conversation_id, subject_id, seq)
      select w.site_id, w.id, in_lane, what, conversation, subject, at_seq
      from webhooks w where w.site_id = of_site and w.enabled and what = any (w.events)
    $$;

    create function tell_webhooks_of_new_messages() returns trigger language plpgsql as $$
    begin
      if exists (select from webhooks where enabled) then
        insert into webhook_deliveries (site_id, webhook_id, lane, event, conversation_id, subject_id, seq)
        select w.site_id, w.id, m.conversation_id, 'message.created', m.conversation_id, m.id, m.seq
        from inserted m
        join conversations c on c.id = m.conversation_id
        join webhooks w on w.site_id = c.site_id and w.enabled and 'message.created' = any (w.events)
        order by m.seq;
      end if;
      return null;
    end
    $$;
    create trigger tell_webhooks after insert on messages referencing new table as inserted
    for each statement execute function tell_webhooks_of_new_messages();

    create function tell_webhooks_of_changed_message() returns trigger language plpgsql as $$
    begin
      perform tell_webhooks(c.site_id, case when new.deleted_at is null then 'message.changed' else 'message.deleted' end,
        new.conversation_id, new.conversation_id, new.id, new.changed_seq)
      from conversations c where c.id = new.conversation_id;
      return null;
    end
    $$;
    create trigger tell_webhooks_of_change after update of text, sender_id, deleted_at on messages
    for each row when (old.deleted_at is null and (old.text, old.sender_id, old.deleted_at) is distinct from (new.text, new.sender_id, new.deleted_at))
    execute function tell_webhooks_of_changed_message();

    create function tell_webhooks_of_new_members() returns trigger language plpgsql as $$
    begin
      if exists (select from webhooks where enabled) then
        insert into webhook_deliveries (site_id, webhook_id, lane, event, conversation_id, subject_id, seq)
        select w.site_id, w.id, m.conversation_id, 'member.joined', m.conversation_id, m.user_id, m.joined_seq
        from inserted m
        join webhooks w on w.site_id = m.site_id and w.enabled and 'member.joined' = any (w.events)
        where m.left_seq is null
        order by m.joined_seq, m.user_id;
      end if;
      return null;
    end
    $$;
    create trigger tell_webhooks after insert on members referencing new table as inserted
    for each statement execute function tell_webhooks_of_new_members();

    create function tell_webhooks_of_changed_member() returns trigger language plpgsql as $$
    begin
      perform tell_webhooks(new.site_id, case
          when new.left_seq is not null then 'member.left'
          when old.left_seq is not null then 'member.joined'
          else 'member.changed'
        end, new.conversation_id, new.conversation_id, new.user_id, new.changed_seq);
      return null;
    end
    $$;
    create trigger tell_webhooks_of_change after update of left_seq, role on members
    for each row when ((old.left_seq is null) <> (new.left_seq is null) or (new.left_seq is null and old.role <> new.role))
    execute function tell_webhooks_of_changed_member();

    create function tell_webhooks_of_call() returns trigger language plpgsql as $$
    begin
      perform tell_webhooks(new.site_id, case when new.state = 'ended' then 'call.ended' else 'call.started' end,
        new.conversation_id, new.conversation_id, new.id, null);
      return null;
    end
    $$;
    create trigger tell_webhooks after insert on calls
    for each row execute function tell_webhooks_of_call();
    create trigger tell_webhooks_of_end after update of state on calls
    for each row when (old.state <> 'ended' and new.state = 'ended') execute function tell_webhooks_of_call();

    create function tell_webhooks_of_disabled_user() returns trigger language plpgsql as $$
    begin
      perform tell_webhooks(new.site_id, 'user.disabled', new.id, null, new.id, null);
      return null;
    end
    $$;
    create trigger tell_webhooks_of_disabling after update of disabled_at on users
    for each row when (old.disabled_at is null and new.disabled_at is not null) execute function tell_webhooks_of_disabled_user();

    create table incoming_hooks (
      id uuid primary key,
      site_id uuid not null,
      conversation_id uuid not null,
      -- Whom its messages are from.
      user_id uuid not null,
      sealed_secret bytea not null,
      created_at timestamptz not null default now(),
      foreign key (site_id, conversation_id) references conversations (site_id, id) on delete cascade,
      foreign key (site_id, user_id) references users (site_id, id),
      unique (site_id, id)
    );
    create index incoming_hooks_of_conversation on incoming_hooks (conversation_id);

    -- What has come lately, by the SHA-256 of its id: it is taken once.
    create table incoming_hook_uses (
      site_id uuid not null,
      hook_id uuid not null,
      id_hash bytea not null check (length(id_hash) = 32),
      used_at timestamptz not null default now(),
      primary key (hook_id, id_hash),
      foreign key (site_id, hook_id) references incoming_hooks (site_id, id) on delete cascade
    );
    create index incoming_hook_uses_by_age on incoming_hook_uses (used_at);
  `);
}

/** @param {import('knex').Knex} knex */
export async function down(knex) {
  await knex.raw(`
    drop trigger tell_webhooks on messages;
    drop trigger tell_webhooks_of_change on messages;
    drop trigger tell_webhooks on members;
    drop trigger tell_webhooks_of_change on members;
    drop trigger tell_webhooks on calls;
    drop trigger tell_webhooks_of_end on calls;
    drop trigger tell_webhooks_of_disabling on users;
    drop function tell_webhooks_of_new_messages(), tell_webhooks_of_changed_message(), tell_webhooks_of_new_members(),
      tell_webhooks_of_changed_member(), tell_webhooks_of_call(), tell_webhooks_of_disabled_user(),
      tell_webhooks(uuid, text, uuid, uuid, uuid, bigint);
    drop table incoming_hook_uses, incoming_hooks, webhook_deliveries, webhooks;
  `);
}
