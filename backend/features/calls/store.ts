import type { WhoMayCall } from '../../../protocol/sites.ts';
import type { Database } from '../../database/connect.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Session } from '../../feature.ts';
import { hasSpokenIn } from './policy.ts';
import type { CallRecord, ParticipantRecord } from './state.ts';

const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::bigint`;

const record = (c: string): string => `json_build_object(
  'id', ${c}.id, 'siteId', ${c}.site_id, 'conversationId', ${c}.conversation_id,
  'direct', (select k.kind = 'dm' from conversations k where k.id = ${c}.conversation_id),
  'kind', ${c}.kind, 'state', ${c}.state, 'startedBy', ${c}.started_by, 'version', ${c}.version,
  'createdAt', ${ms(`${c}.created_at`)}, 'acceptedAt', ${ms(`${c}.accepted_at`)}, 'connectedAt', ${ms(`${c}.connected_at`)},
  'endedAt', ${ms(`${c}.ended_at`)}, 'outcome', ${c}.outcome,
  'participants', (
    select json_agg(json_build_object(
      'userId', p.user_id, 'state', p.state, 'peerId', p.peer_id, 'sessionId', p.session_id, 'connectionId', p.connection_id,
      'audio', p.audio, 'video', p.video, 'screen', p.screen, 'relay', p.relay, 'joinedAt', ${ms('p.joined_at')}
    ) order by p.joined_at nulls last, p.user_id)
    from call_participants p where p.call_id = ${c}.id
  )
)`;

interface RecordRow {
  readonly [column: string]: unknown;
  readonly call: CallRecord;
}

/** The time of the database in epoch milliseconds: the same for all processes. */
export const readClock = async (transaction: Queries): Promise<number> => {
  const [row] = await transaction.query<{ now: number }>(
    'calls_clock',
    `select ${ms('clock_timestamp()')}::float8 as now`,
    [],
  );
  return row?.now ?? Date.now();
};

/** Takes a conversation's row until the transaction ends, for what nobody asked for. */
export const lockConversation = async (transaction: Queries, conversationId: string): Promise<void> => {
  await transaction.query('calls_lock_conversation', 'select from conversations where id = $1 for no key update', [
    conversationId,
  ]);
};

/** The id of the call that is on in a conversation, whose row must be locked. */
export const findOn = async (transaction: Queries, conversationId: string): Promise<string | undefined> => {
  const [row] = await transaction.query<{ id: string }>(
    'calls_on',
    `select id from calls where conversation_id = $1 and state <> 'ended'`,
    [conversationId],
  );
  return row?.id;
};

/** A call of a conversation, and all who are in it, taken until the transaction ends. */
export const lockCall = async (
  transaction: Queries,
  conversationId: string,
  callId: string,
): Promise<CallRecord | undefined> => {
  const values = [conversationId, callId];
  await transaction.query('calls_lock', 'select from calls where conversation_id = $1 and id = $2 for update', values);
  // In the order in which whoever was seen is written, so that the two never wait for each other.
  await transaction.query(
    'calls_lock_people',
    'select from call_participants where call_id = $1 order by user_id for update',
    [callId],
  );
  const [row] = await transaction.query<RecordRow>(
    'calls_read',
    `select ${record('c')} as call from calls c where c.conversation_id = $1 and c.id = $2`,
    values,
  );
  return row?.call;
};

/** Writes a call that is new, or was of `before.version` until now. */
export const writeCall = async (
  transaction: Queries,
  call: CallRecord,
  before: CallRecord | undefined,
): Promise<void> => {
  const times = [call.createdAt, call.acceptedAt, call.connectedAt, call.endedAt];
  const values = [call.id, call.state, call.version, ...times, call.outcome];
  const rows = before
    ? await transaction.query('calls_update', updateText, [...values, before.version])
    : await transaction.query('calls_insert', insertText, [
        ...values,
        call.siteId,
        call.conversationId,
        call.kind,
        call.startedBy,
      ]);
  if (rows.length === 0) throw new Error('unable to change the call; somebody else did, though it was taken');
  await transaction.query('calls_write_people', peopleText, [
    call.id,
    JSON.stringify(changedPeople(call, before)),
    call.siteId,
  ]);
};

const changedPeople = (call: CallRecord, before: CallRecord | undefined): ParticipantRecord[] => {
  const old = new Map(before?.participants.map((each) => [each.userId, JSON.stringify(each)]));
  return call.participants.filter((each) => old.get(each.userId) !== JSON.stringify(each));
};

const at = (place: string): string => `to_timestamp(${place}::float8 / 1000)`;

const updateText = `
update calls set state = $2, version = $3, created_at = ${at('$4')}, accepted_at = ${at('$5')}, connected_at = ${at('$6')},
  ended_at = ${at('$7')}, outcome = $8
where id = $1 and version = $9
returning id`;

const insertText = `
insert into calls (id, state, version, created_at, accepted_at, connected_at, ended_at, outcome, site_id, conversation_id, kind, started_by)
values ($1, $2, $3, ${at('$4')}, ${at('$5')}, ${at('$6')}, ${at('$7')}, $8, $9, $10, $11, $12)
returning id`;

// Who comes, or comes by another address, counts as just seen.
const peopleText = `
insert into call_participants as p
  (site_id, call_id, user_id, state, peer_id, session_id, connection_id, audio, video, screen, relay, joined_at, signalled_at, seen_at)
select $3, $1, i."userId", i.state, i."peerId", i."sessionId", i."connectionId", i.audio, i.video, i.screen, i.relay, ${at('i."joinedAt"')},
  case when i.state = 'joined' then now() end, case when i.state = 'joined' then now() end
from jsonb_to_recordset($2::jsonb) as i (
  "userId" uuid, state text, "peerId" uuid, "sessionId" uuid, "connectionId" uuid, audio boolean, video boolean, screen boolean, relay boolean,
  "joinedAt" float8
)
order by i."userId"
on conflict (call_id, user_id) do update set state = excluded.state, peer_id = excluded.peer_id, session_id = excluded.session_id,
  connection_id = excluded.connection_id, audio = excluded.audio, video = excluded.video, screen = excluded.screen, relay = excluded.relay,
  joined_at = excluded.joined_at,
  signalled_at = case when p.peer_id is distinct from excluded.peer_id then excluded.signalled_at else p.signalled_at end,
  seen_at = case when p.peer_id is distinct from excluded.peer_id then excluded.seen_at else p.seen_at end,
  lost_at = case when p.peer_id is distinct from excluded.peer_id then null else p.lost_at end`;

/** Somebody whom a call can ring. */
export interface Asked {
  readonly [column: string]: unknown;
  readonly userId: string;
  /** In another call. */
  readonly busy: boolean;
  /** They let the user ring them. */
  readonly willing: boolean;
  readonly lastSeenAt: Date | null;
}

/** Everybody else in a conversation but those with a block between them and the user, and those whose account is closed. `whoMayCall`: of those who have not said. */
export const readAsked = (
  transaction: Queries,
  { conversationId, userId, whoMayCall }: { conversationId: string; userId: string; whoMayCall: WhoMayCall },
): Promise<Asked[]> =>
  transaction.query<Asked>(
    'calls_asked',
    `select m.user_id as "userId", u.last_seen_at as "lastSeenAt",
       exists (select from call_participants p where p.user_id = m.user_id and p.state = 'joined') as busy,
       case coalesce(u.who_may_call, $3)
         when 'nobody' then false when 'known' then ${hasSpokenIn('m.conversation_id', 'm.user_id')} and (select kind from users where id = $2) <> 'guest' else true
       end as willing
     from members m join users u on u.id = m.user_id
     where m.conversation_id = $1 and m.left_seq is null and m.user_id <> $2 and u.disabled_at is null and u.kind not in ('bot', 'system')
       and not exists (
         select from blocks b
         where (b.blocker_id = $2 and b.blocked_id = m.user_id) or (b.blocker_id = m.user_id and b.blocked_id = $2)
       )`,
    [conversationId, userId, whoMayCall],
  );

/** The call that somebody is in. */
export const findOwn = async (
  queries: Queries,
  userId: string,
): Promise<{ callId: string; conversationId: string } | undefined> => {
  const [row] = await queries.query<{ callId: string; conversationId: string }>(
    'calls_own',
    `select c.id as "callId", c.conversation_id as "conversationId"
     from call_participants p join calls c on c.id = p.call_id
     where p.user_id = $1 and p.state = 'joined'`,
    [userId],
  );
  return row;
};

/** The conversation of a call, for its members. */
export const findConversation = async (
  db: Database,
  { userId, siteId }: Session,
  callId: string,
): Promise<string | undefined> => {
  const [row] = await db.query<{ id: string }>(
    'calls_conversation',
    `select c.conversation_id as id from calls c join members me on me.conversation_id = c.conversation_id
     where c.id = $1 and c.site_id = $3 and me.user_id = $2 and me.left_seq is null`,
    [callId, userId, siteId],
  );
  return row?.id;
};

const mostOn = 100;

/** The calls that are on where the user is a member. */
export const listOn = async (db: Database, { userId, siteId }: Session): Promise<CallRecord[]> => {
  const rows = await db.query<RecordRow>(
    'calls_list_on',
    `select ${record('c')} as call
     from members me join calls c on c.conversation_id = me.conversation_id and c.state <> 'ended'
     where me.user_id = $1 and me.site_id = $2 and me.left_seq is null
     order by c.id desc limit ${mostOn}`,
    [userId, siteId],
  );
  return rows.map(({ call }) => call);
};

/** Calls of a conversation, newest first, from before a call on; `undefined` for who is no member. */
export const listPast = async (
  db: Database,
  { userId, siteId }: Session,
  { conversationId, before, limit }: { conversationId: string; before: string | undefined; limit: number },
): Promise<CallRecord[] | undefined> => {
  const [row] = await db.query<{ calls: CallRecord[] }>(
    'calls_list_past',
    `select coalesce((
       select json_agg(${record('c')} order by c.id desc) from (
         select * from calls where conversation_id = $1 and ($4::uuid is null or id < $4) order by id desc limit $5
       ) c
     ), '[]') as calls
     from members me where me.conversation_id = $1 and me.user_id = $2 and me.site_id = $3 and me.left_seq is null`,
    [conversationId, userId, siteId, before ?? null, limit],
  );
  return row?.calls;
};
