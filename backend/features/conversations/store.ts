import type { Member, Role } from '../../../protocol/conversations.ts';
import { isoTime } from '../../database/iso-time.ts';
import { notFound, Problem } from '../../problem.ts';
import type { Transaction } from '../messages/index.ts';
import type { PublicUrl } from '../users/index.ts';
import { memberJson, noPresence, toMember, type MemberRow } from './view.ts';

/** Of a direct message: both user ids in order, so that there is one per pair. */
export const directKey = (userId: string, otherId: string): string => [userId, otherId].sort().join(':');

/** The statement by which the opening of a direct message and blocks between the two wait for each other until the transaction ends. */
export const pairLockText = 'select from pg_advisory_xact_lock(hashtextextended($1, 0))';

/** What `pairLockText` is asked for: the same for both of a pair. */
export const pairLockKey = (siteId: string, userId: string, otherId: string): string =>
  `${siteId}:${directKey(userId, otherId)}`;

/** The direct message of a pair. */
export const findDirect = async (
  transaction: Transaction,
  siteId: string,
  key: string,
): Promise<string | undefined> => {
  const [row] = await transaction.query<{ id: string }>(
    'direct_find',
    'select id from conversations where site_id = $1 and dm_key = $2',
    [siteId, key],
  );
  return row?.id;
};

/** Throws `not_found` unless all these people of the site exist, and `blocked` when a block stands between one of them and the user, if there is one. */
export const checkPeople = async (
  transaction: Transaction,
  siteId: string,
  userId: string | undefined,
  otherIds: readonly string[],
): Promise<void> => {
  const rows = await transaction.query<{ blocked: boolean }>(
    'people_check',
    `select exists (
       select from blocks b
       where (b.blocker_id = $2 and b.blocked_id = u.id) or (b.blocker_id = u.id and b.blocked_id = $2)
     ) as blocked
     from users u where u.site_id = $1 and u.id = any ($3::uuid[]) and u.disabled_at is null and u.kind <> 'system'`,
    [siteId, userId ?? null, otherIds],
  );
  if (rows.length < otherIds.length) throw notFound('person');
  if (rows.some((row) => row.blocked)) {
    throw new Problem('blocked', 'unable to bring you together; one of you has blocked the other');
  }
};

/** A conversation to be. */
export interface NewConversation {
  readonly id: string;
  readonly siteId: string;
  readonly createdBy: string;
  readonly kind: 'dm' | 'group';
  readonly title?: string;
  readonly dmKey?: string;
}

/** Writes a conversation without members. */
export const insertConversation = async (transaction: Transaction, created: NewConversation): Promise<void> => {
  await transaction.query(
    'conversations_insert',
    'insert into conversations (id, site_id, kind, title, dm_key, created_by) values ($1, $2, $3, $4, $5, $6)',
    [created.id, created.siteId, created.kind, created.title ?? null, created.dmKey ?? null, created.createdBy],
  );
};

/**
 * Writes members, also those who were there before. With `firstSeq` each takes the next seq from there; without, they are there
 * from the beginning. What was said before somebody came does not count as unread, and with `hidesPast` they do not see it.
 */
export const writeMembers = async (
  transaction: Transaction,
  into: {
    readonly siteId: string;
    readonly conversationId: string;
    readonly firstSeq?: number;
    readonly hidesPast?: boolean;
  },
  members: readonly { readonly userId: string; readonly role: Role }[],
): Promise<void> => {
  const { siteId, conversationId, firstSeq, hidesPast = false } = into;
  await transaction.query(
    'members_write',
    `insert into members (conversation_id, site_id, user_id, role, joined_seq, changed_seq, delivered_seq, read_seq, visible_from_seq)
     select $1, $2, joining.user_id, joining.role, at, at, at, at, case when $6 then at else 0 end
     from unnest($3::uuid[], $4::text[], $5::bigint[]) as joining (user_id, role, at)
     order by joining.user_id
     on conflict (conversation_id, user_id) do update set left_seq = null, role = excluded.role,
       joined_seq = excluded.joined_seq, changed_seq = excluded.changed_seq, visible_from_seq = excluded.visible_from_seq,
       delivered_seq = greatest(members.delivered_seq, excluded.delivered_seq),
       read_seq = greatest(members.read_seq, excluded.read_seq)`,
    [
      conversationId,
      siteId,
      members.map(({ userId }) => userId),
      members.map(({ role }) => role),
      members.map((_, place) => (firstSeq === undefined ? 0 : firstSeq + place)),
      hidesPast,
    ],
  );
};

/** Members as others are told of them, by user id; those who left are marked as removed. */
export const readMembers = async (
  at: PublicUrl,
  transaction: Transaction,
  conversationId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Member>> => {
  const rows = await transaction.query<{ member: MemberRow }>(
    'members_read',
    `select ${memberJson('false', 'not u.shows_receipts')} as member
     from members m join users u on u.id = m.user_id
     where m.conversation_id = $1 and m.user_id = any ($2::uuid[])`,
    [conversationId, userIds],
  );
  return new Map(rows.map(({ member }) => [member.id, toMember(at, member, noPresence)]));
};

/** How many present members there are, and how many of them own the conversation. */
export const countMembers = async (
  transaction: Transaction,
  conversationId: string,
): Promise<{ members: number; owners: number }> => {
  const [row] = await transaction.query<{ members: number; owners: number }>(
    'members_count',
    `select count(*)::int as members, count(*) filter (where role = 'owner')::int as owners
     from members where conversation_id = $1 and left_seq is null`,
    [conversationId],
  );
  return row ?? { members: 0, owners: 0 };
};

/** Ends a membership with the change that took `seq`. */
export const writeDeparture = async (
  transaction: Transaction,
  conversationId: string,
  userId: string,
  seq: number,
): Promise<void> => {
  await transaction.query(
    'members_depart',
    'update members set left_seq = $3, changed_seq = $3 where conversation_id = $1 and user_id = $2',
    [conversationId, userId, seq],
  );
};

/** Gives a member the role that took `seq`. */
export const writeRole = async (
  transaction: Transaction,
  conversationId: string,
  userId: string,
  { role, seq }: { role: Role; seq: number },
): Promise<void> => {
  await transaction.query(
    'members_role',
    'update members set role = $3, changed_seq = $4 where conversation_id = $1 and user_id = $2',
    [conversationId, userId, role, seq],
  );
};

/** Gives a conversation the title that took `seq`. */
export const writeTitle = async (
  transaction: Transaction,
  conversationId: string,
  { title, seq }: { title: string; seq: number },
): Promise<void> => {
  await transaction.query(
    'conversations_title',
    'update conversations set title = $2, changed_seq = $3 where id = $1',
    [conversationId, title, seq],
  );
};

/** Closes a conversation, or opens it again, by the change that took `seq`; returns since when it is closed. */
export const writeClosed = async (
  transaction: Transaction,
  conversationId: string,
  { closed, seq }: { closed: boolean; seq: number },
): Promise<string | null> => {
  const [row] = await transaction.query<{ at: string | null }>(
    'conversations_close',
    `update conversations set closed_at = case when $2 then now() end, changed_seq = $3 where id = $1
     returning ${isoTime('closed_at')} as at`,
    [conversationId, closed, seq],
  );
  return row?.at ?? null;
};

/** Gives a conversation the picture, or none, that took `seq`. */
export const writeAvatar = async (
  transaction: Transaction,
  conversationId: string,
  { avatarKey, seq }: { avatarKey: string | null; seq: number },
): Promise<void> => {
  await transaction.query(
    'conversations_avatar',
    'update conversations set avatar_key = $2, changed_seq = $3 where id = $1',
    [conversationId, avatarKey, seq],
  );
};
