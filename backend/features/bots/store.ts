import { uuidv7 } from 'uuidv7';
import type { Bot, BotScope } from '../../../protocol/bots.ts';
import type { Queries } from '../../database/transaction.ts';
import { notFound } from '../../problem.ts';
import { avatarColorOf, searchTextOf, toUser, userColumns, type PublicUrl, type UserRow } from '../users/index.ts';

/** A bot as the database has it. */
export interface BotRow extends UserRow {
  readonly [column: string]: unknown;
  readonly scopes: BotScope[];
  readonly token_id: string;
  readonly created_at: Date;
  readonly token_created_at: Date;
  readonly has_token: boolean;
}

const columns = `${userColumns('u')}, b.scopes, b.token_id, b.created_at, b.token_created_at, b.token_hash is not null as has_token`;

/** A row as the protocol writes it. */
export const toBot = (at: PublicUrl, row: BotRow): Bot => ({
  user: toUser(at, row),
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  ...(row.has_token && { tokenCreatedAt: row.token_created_at.toISOString() }),
});

/** A bot to be. */
export interface NewBot {
  readonly siteId: string;
  readonly name: string;
  readonly pictureUrl?: string | undefined;
  readonly scopes: readonly BotScope[];
  readonly tokenHash: Buffer;
}

/** Makes a bot and returns its id. */
export const insertBot = async (queries: Queries, bot: NewBot): Promise<string> => {
  const id = uuidv7();
  const username = `bot-${id.slice(-12)}`;
  await queries.query(
    'bots_insert',
    `with made as (
       insert into users (id, site_id, username, username_key, display_name, search_text, picture_url, avatar_color, kind)
       values ($1, $2, $3, $3, $4, $5, $6, $7, 'bot') returning id
     )
     insert into bots (user_id, site_id, scopes, token_id, token_hash) select id, $2, $8, $9, $10 from made`,
    [
      id,
      bot.siteId,
      username,
      bot.name,
      searchTextOf({ username, displayName: bot.name }),
      bot.pictureUrl ?? null,
      avatarColorOf(id),
      bot.scopes,
      uuidv7(),
      bot.tokenHash,
    ],
  );
  return id;
};

/** Bots of a site, newest first, from after one of them. */
export const listBots = (
  queries: Queries,
  siteId: string,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<BotRow[]> =>
  queries.query<BotRow>(
    'bots_list',
    `select ${columns} from bots b join users u on u.id = b.user_id
     where b.site_id = $1 and ($2::uuid is null or b.user_id < $2) order by b.user_id desc limit $3`,
    [siteId, before ?? null, limit],
  );

/** One bot. Throws `not_found`. */
export const findBot = async (queries: Queries, siteId: string, botId: string): Promise<BotRow> => {
  const [row] = await queries.query<BotRow>(
    'bots_find',
    `select ${columns} from bots b join users u on u.id = b.user_id where b.site_id = $1 and b.user_id = $2`,
    [siteId, botId],
  );
  if (!row) throw notFound('bot');
  return row;
};

/** What can be changed of a bot; what is left out stays, and a picture of null goes. */
export interface BotChanges {
  readonly name?: string | undefined;
  readonly pictureUrl?: string | null | undefined;
  readonly scopes?: readonly BotScope[] | undefined;
}

/** Changes a bot. */
export const updateBot = async (queries: Queries, bot: BotRow, changes: BotChanges): Promise<void> => {
  const name = changes.name ?? bot.display_name;
  const picture = changes.pictureUrl === undefined ? bot.picture_url : changes.pictureUrl;
  await queries.query(
    'bots_update',
    `with person as (update users set display_name = $2, search_text = $3, picture_url = $4 where id = $1)
     update bots set scopes = $5 where user_id = $1`,
    [bot.id, name, searchTextOf({ username: bot.username, displayName: name }), picture, changes.scopes ?? bot.scopes],
  );
};

/** Ends the token that a bot has, and gives it another one, if there is one; returns what stood for the old one. */
export const replaceToken = async (
  queries: Queries,
  siteId: string,
  botId: string,
  tokenHash: Buffer | null,
): Promise<string> => {
  const [row] = await queries.query<{ token_id: string }>(
    'bots_token',
    `with before as (
       select user_id, site_id, token_id from bots where site_id = $1 and user_id = $2 for update
     ), ended as (
       insert into ended_bot_tokens (token_id, site_id) select token_id, site_id from before
     )
     update bots b set token_id = $3, token_hash = $4, token_created_at = now()
     from before where b.user_id = before.user_id returning before.token_id`,
    [siteId, botId, uuidv7(), tokenHash],
  );
  if (!row) throw notFound('bot');
  return row.token_id;
};

/** Forgets a bot; the user stays, for what it said. Returns what stood for its token. */
export const removeBot = async (queries: Queries, siteId: string, botId: string): Promise<string> => {
  const [row] = await queries.query<{ token_id: string }>(
    'bots_remove',
    `with gone as (
       delete from bots where site_id = $1 and user_id = $2 returning user_id, site_id, token_id
     ), ended as (
       insert into ended_bot_tokens (token_id, site_id) select token_id, site_id from gone
     ), off as (
       update users u set disabled_at = coalesce(u.disabled_at, now()) from gone where u.id = gone.user_id
     )
     select token_id from gone`,
    [siteId, botId],
  );
  if (!row) throw notFound('bot');
  return row.token_id;
};

/** The groups that somebody is in. */
export const groupsOf = async (queries: Queries, siteId: string, userId: string): Promise<string[]> => {
  const rows = await queries.query<{ id: string }>(
    'bots_groups',
    `select c.id from members m join conversations c on c.id = m.conversation_id
     where m.user_id = $2 and m.site_id = $1 and m.left_seq is null and c.kind = 'group'`,
    [siteId, userId],
  );
  return rows.map(({ id }) => id);
};
