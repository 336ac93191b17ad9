import { createHash, randomBytes } from 'node:crypto';
import type { Queries } from '../../database/transaction.ts';

/** What a link is good for: to show that an address is one's own, or to set a new password. */
export type Purpose = 'email' | 'password';

/** How long a link works, in seconds. */
export const linkSeconds: Readonly<Record<Purpose, number>> = { email: 24 * 60 * 60, password: 30 * 60 };

/** Whose link it is, and where it was sent. */
export interface LinkOwner {
  readonly siteId: string;
  readonly userId: string;
  readonly email: string;
}

/** Keeps the address that somebody says is theirs. A link that was sent to another one before works no more. */
export const keepAddress = async (queries: Queries, { siteId, userId, email }: LinkOwner): Promise<void> => {
  await queries.query(
    'accounts_keep_address',
    `insert into account_links as l (site_id, user_id, purpose, email, expires_at)
     values ($1, $2, 'email', $3, now() + make_interval(secs => $4))
     on conflict (site_id, user_id, purpose) do update
     set email = excluded.email, token_hash = null, expires_at = excluded.expires_at`,
    [siteId, userId, email, linkSeconds.email],
  );
};

/** Makes the token of a link that shows the address to be one's own; `undefined` when the person has since named another one, or it is theirs by now. */
export const makeAddressLink = async (
  queries: Queries,
  { siteId, userId, email }: LinkOwner,
): Promise<string | undefined> => {
  const token = newToken();
  const rows = await queries.query(
    'accounts_address_link',
    `update account_links set token_hash = $4, expires_at = now() + make_interval(secs => $5)
     where site_id = $1 and user_id = $2 and purpose = 'email' and email = $3 returning user_id`,
    [siteId, userId, email, hashOf(token), linkSeconds.email],
  );
  return rows.length > 0 ? token : undefined;
};

/** Makes the token of a link by which a new password can be set; the one before works no more. */
export const makePasswordLink = async (queries: Queries, { siteId, userId, email }: LinkOwner): Promise<string> => {
  const token = newToken();
  await queries.query(
    'accounts_password_link',
    `insert into account_links (site_id, user_id, purpose, email, token_hash, expires_at)
     values ($1, $2, 'password', $3, $4, now() + make_interval(secs => $5))
     on conflict (site_id, user_id, purpose) do update
     set email = excluded.email, token_hash = excluded.token_hash, expires_at = excluded.expires_at`,
    [siteId, userId, email, hashOf(token), linkSeconds.password],
  );
  return token;
};

/** True while the token of a link works. */
export const isLinkGood = async (
  queries: Queries,
  link: { readonly siteId: string; readonly purpose: Purpose; readonly token: string },
): Promise<boolean> => {
  const rows = await queries.query(
    'accounts_link_good',
    `select user_id from account_links
     where token_hash = $3 and site_id = $1 and purpose = $2 and expires_at > now()`,
    [link.siteId, link.purpose, hashOf(link.token)],
  );
  return rows.length > 0;
};

/** Uses a link up; `undefined` when it does not work. */
export const useLink = async (
  transaction: Queries,
  link: { readonly siteId: string; readonly purpose: Purpose; readonly token: string },
): Promise<{ readonly userId: string; readonly email: string } | undefined> => {
  const [row] = await transaction.query<{ userId: string; email: string }>(
    'accounts_use_link',
    `delete from account_links where token_hash = $3 and site_id = $1 and purpose = $2 and expires_at > now()
     returning user_id as "userId", email`,
    [link.siteId, link.purpose, hashOf(link.token)],
  );
  return row;
};

/** Takes away the links by which somebody's password could be set. */
export const dropPasswordLinks = async (
  transaction: Queries,
  { siteId, userId }: Pick<LinkOwner, 'siteId' | 'userId'>,
): Promise<void> => {
  await transaction.query(
    'accounts_drop_password_links',
    `delete from account_links where site_id = $1 and user_id = $2 and purpose = 'password'`,
    [siteId, userId],
  );
};

/** Takes away what has expired, on all sites. */
export const dropExpiredLinks = async (queries: Queries): Promise<void> => {
  await queries.query('accounts_drop_expired', 'delete from account_links where expires_at <= now()', []);
};

const newToken = (): string => randomBytes(32).toString('base64url');
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
