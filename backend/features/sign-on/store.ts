import { createHash, randomInt } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Queries } from '../../database/transaction.ts';
import { avatarColorOf, meColumns, searchTextOf, type MeRow } from '../users/index.ts';
import type { SignOnToken, VouchedPerson } from './read-token.ts';

/** Somebody whom a site has vouched for. */
export interface VouchedRow extends MeRow {
  readonly disabled: boolean;
}

/** Creates or updates the person of a site's product. An e-mail address that somebody else of the site has stays theirs. */
export const upsertPerson = async (queries: Queries, siteId: string, person: VouchedPerson): Promise<VouchedRow> => {
  const { externalId, name, email = null, pictureUrl = null, custom } = person;
  await lockPerson(queries, siteId, externalId);
  const [known] = await queries.query<{ id: string; username: string }>(
    'sign_on_find_person',
    'select id, username from users where site_id = $1 and external_id = $2',
    [siteId, externalId],
  );
  const id = known?.id ?? uuidv7();
  const username = known?.username ?? userNameFor(name);
  const values = [siteId, id, name, searchTextOf({ username, displayName: name }), email, pictureUrl, custom];
  const freeEmail = `case when exists (select from users o where o.site_id = $1 and o.email = $5 and o.id <> $2) then null else $5 end`;
  const returned = `returning ${meColumns('u')}, u.disabled_at is not null as disabled`;
  const [row] = known
    ? await queries.query<VouchedRow>(
        'sign_on_update_person',
        `update users u set display_name = $3, search_text = $4, email = ${freeEmail}, picture_url = $6, custom = $7
         where u.site_id = $1 and u.id = $2 ${returned}`,
        values,
      )
    : await queries.query<VouchedRow>(
        'sign_on_insert_person',
        `insert into users as u (site_id, id, display_name, search_text, email, picture_url, custom, external_id, username, username_key, avatar_color)
         values ($1, $2, $3, $4, ${freeEmail}, $6, $7, $8, $9, lower($9), $10) ${returned}`,
        [...values, externalId, username, avatarColorOf(id)],
      );
  if (!row) throw new Error('unable to keep the person; nothing was written');
  return row;
};

/** Lets one at a time write a person until the transaction ends, so that two at once make one person. */
export const lockPerson = async (queries: Queries, siteId: string, externalId: string): Promise<void> => {
  await queries.query('sign_on_lock_person', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${siteId} ${externalId}`,
  ]);
};

/** The session of a token that was used before. */
export interface UsedToken {
  readonly session_id: string;
  /** Whose session it is. */
  readonly user_id: string | null;
  /** Seconds since then. */
  readonly used_for: number;
  readonly user_agent: string | null;
  readonly alive: boolean;
}

/** Marks a token as used for a session, or finds for which one it was used before; whoever else presents it meanwhile waits. */
export const useToken = async (
  queries: Queries,
  siteId: string,
  { jti, expiresAt }: SignOnToken,
  sessionId: string,
): Promise<UsedToken | undefined> => {
  const hash = createHash('sha256').update(jti).digest();
  const inserted = await queries.query(
    'sign_on_use_token',
    `insert into used_sign_on_tokens (site_id, jti_hash, session_id, expires_at) values ($1, $2, $3, to_timestamp($4))
     on conflict do nothing returning session_id`,
    [siteId, hash, sessionId, expiresAt],
  );
  if (inserted.length > 0) return undefined;
  const [used] = await queries.query<UsedToken>(
    'sign_on_used_token',
    `select t.session_id, s.user_id, extract(epoch from now() - t.used_at)::float8 as used_for, s.user_agent,
       coalesce(s.revoked_at is null and s.expires_at > now(), false) as alive
     from used_sign_on_tokens t left join sessions s on s.id = t.session_id where t.site_id = $1 and t.jti_hash = $2`,
    [siteId, hash],
  );
  if (!used) throw new Error('unable to tell when the token was used; it is gone');
  return used;
};

/** Lets a session of this person go on for so many seconds; false when it has ended. */
export const prolongSession = async (
  queries: Queries,
  session: { readonly id: string; readonly userId: string; readonly seconds: number },
): Promise<boolean> => {
  const rows = await queries.query(
    'sign_on_prolong',
    `update sessions set last_used_at = now(), expires_at = greatest(expires_at, now() + make_interval(secs => $3))
     where id = $1 and user_id = $2 and revoked_at is null and expires_at > now() returning id`,
    [session.id, session.userId, session.seconds],
  );
  return rows.length > 0;
};

/** Forgets tokens that could not be used again anyway. */
export const dropUsedTokens = async (queries: Queries, graceSeconds: number): Promise<void> => {
  await queries.query(
    'sign_on_drop_used',
    'delete from used_sign_on_tokens where expires_at < now() - make_interval(secs => $1)',
    [graceSeconds],
  );
};

/** A user name that nobody else has, since nobody chose one: letters of the name, and some of chance. */
const userNameFor = (name: string): string => {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 20);
  const chance = Array.from({ length: 10 }, () => randomInt(36).toString(36)).join('');
  return `${letters || 'user'}-${chance}`;
};
