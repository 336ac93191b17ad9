import { createHash, randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { IncomingHook } from '../../../protocol/incoming-hooks.ts';
import type { Queries } from '../../database/transaction.ts';
import { notFound } from '../../problem.ts';
import { avatarColorOf, searchTextOf, toUser, userColumns, type PublicUrl, type UserRow } from '../users/index.ts';

/** An incoming hook as the database has it, with whom it speaks as. */
export interface HookRow extends UserRow {
  readonly [column: string]: unknown;
  readonly hook_id: string;
  readonly conversation_id: string;
  readonly hook_created_at: Date;
}

const columns = `${userColumns('u')}, h.id as hook_id, h.conversation_id, h.created_at as hook_created_at`;

/** A row as the protocol writes it. */
export const toHook = (at: PublicUrl, baseUrl: string, row: HookRow): IncomingHook => ({
  id: row.hook_id,
  conversationId: row.conversation_id,
  user: toUser(at, row),
  url: `${baseUrl}/api/v1/hooks/${row.hook_id}`,
  createdAt: row.hook_created_at.toISOString(),
});

/** Makes the user that a hook speaks as. */
export const insertVoice = async (queries: Queries, siteId: string, name: string): Promise<string> => {
  const id = uuidv7();
  const username = `hook-${id.slice(-12)}`;
  await queries.query(
    'hooks_insert_voice',
    `insert into users (id, site_id, username, username_key, display_name, search_text, avatar_color, kind)
     values ($1, $2, $3, $3, $4, $5, $6, 'bot')`,
    [id, siteId, username, name, searchTextOf({ username, displayName: name }), avatarColorOf(id)],
  );
  return id;
};

/** Takes such a user back that was never anywhere. */
export const removeVoice = async (queries: Queries, siteId: string, userId: string): Promise<void> => {
  await queries.query('hooks_remove_voice', 'delete from users where site_id = $1 and id = $2', [siteId, userId]);
};

/** Writes a hook with its sealed secret. */
export const insertHook = async (
  queries: Queries,
  place: { readonly siteId: string; readonly conversationId: string; readonly userId: string },
  seal: (hookId: string) => Buffer,
): Promise<HookRow> => {
  const id = randomUUID();
  await queries.query(
    'hooks_insert',
    'insert into incoming_hooks (id, site_id, conversation_id, user_id, sealed_secret) values ($1, $2, $3, $4, $5)',
    [id, place.siteId, place.conversationId, place.userId, seal(id)],
  );
  return findHook(queries, place.siteId, id);
};

/** One hook of a site. Throws `not_found`. */
export const findHook = async (queries: Queries, siteId: string, hookId: string): Promise<HookRow> => {
  const [row] = await queries.query<HookRow>(
    'hooks_find',
    `select ${columns} from incoming_hooks h join users u on u.id = h.user_id where h.site_id = $1 and h.id = $2`,
    [siteId, hookId],
  );
  if (!row) throw notFound('hook');
  return row;
};

/** The hooks of a conversation, oldest first; `undefined` when the site has no such conversation. */
export const listHooks = async (
  queries: Queries,
  siteId: string,
  conversationId: string,
): Promise<HookRow[] | undefined> => {
  const place = [siteId, conversationId];
  const [conversation] = await queries.query(
    'hooks_conversation',
    'select id from conversations where site_id = $1 and id = $2',
    place,
  );
  if (!conversation) return undefined;
  return queries.query<HookRow>(
    'hooks_list',
    `select ${columns} from incoming_hooks h join users u on u.id = h.user_id
     where h.site_id = $1 and h.conversation_id = $2 order by h.created_at, h.id`,
    place,
  );
};

/** Gives a hook another secret. Throws `not_found`. */
export const replaceHookSecret = async (
  queries: Queries,
  siteId: string,
  hookId: string,
  sealed: Buffer,
): Promise<HookRow> => {
  await queries.query(
    'hooks_replace_secret',
    'update incoming_hooks set sealed_secret = $3 where site_id = $1 and id = $2',
    [siteId, hookId, sealed],
  );
  return findHook(queries, siteId, hookId);
};

/** Removes a hook. */
export const removeHook = async (queries: Queries, siteId: string, hookId: string): Promise<void> => {
  await queries.query('hooks_remove', 'delete from incoming_hooks where site_id = $1 and id = $2', [siteId, hookId]);
};

/** What a request to a hook is checked against. */
export interface HookLock {
  readonly [column: string]: unknown;
  readonly siteId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly secret: Buffer;
}

/** A hook of any site that is on. */
export const readLock = async (queries: Queries, hookId: string): Promise<HookLock | undefined> => {
  const [row] = await queries.query<HookLock>(
    'hooks_lock',
    `select h.site_id as "siteId", h.conversation_id as "conversationId", h.user_id as "userId", h.sealed_secret as secret
     from incoming_hooks h join sites s on s.id = h.site_id where h.id = $1 and s.enabled`,
    [hookId],
  );
  return row;
};

const hashOf = (requestId: string): Buffer => createHash('sha256').update(requestId).digest();

/** Takes the id of a request; false when it was taken before. */
export const useId = async (queries: Queries, siteId: string, hookId: string, requestId: string): Promise<boolean> => {
  const rows = await queries.query(
    'hooks_use_id',
    'insert into incoming_hook_uses (site_id, hook_id, id_hash) values ($1, $2, $3) on conflict do nothing returning hook_id',
    [siteId, hookId, hashOf(requestId)],
  );
  return rows.length > 0;
};

/** Gives the id of a request back that came to nothing, so that it can be sent again. */
export const giveIdBack = async (queries: Queries, hookId: string, requestId: string): Promise<void> => {
  await queries.query('hooks_give_id_back', 'delete from incoming_hook_uses where hook_id = $1 and id_hash = $2', [
    hookId,
    hashOf(requestId),
  ]);
};

/** Forgets ids of more than a day ago: by then the time that is signed with them has long been too old. */
export const dropOldIds = async (queries: Queries): Promise<void> => {
  await queries.query('hooks_drop_ids', `delete from incoming_hook_uses where used_at < now() - interval '1 day'`, []);
};
