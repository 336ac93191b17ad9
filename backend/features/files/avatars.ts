import { randomBytes } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Config } from '../../config.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Deps, Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';

/** The address of a picture of a person or a group. It never changes and needs no token: who knows it may look. */
export const avatarUrl = ({ publicUrl }: Pick<Config, 'publicUrl'>, avatarKey: string): string =>
  `${publicUrl ?? ''}/avatars/${avatarKey}.webp`;

/**
 * Takes an uploaded picture of one's own for a person or a group and returns its avatar key; that of `current` when it is the picture that is there.
 * Throws `not_found` for what is not one's own, and `conflict` for what is not complete or in use elsewhere.
 */
export const claimAvatar = async (
  transaction: Queries,
  { userId, siteId }: Session,
  fileId: string,
  current: string | null,
): Promise<string> => {
  const [row] = await transaction.query<{ purpose: string; state: string; avatar_key: string | null }>(
    'avatars_lock',
    `select purpose, state, avatar_key from files
     where id = $1 and owner_id = $2 and site_id = $3 and state in ('uploading', 'ready') for no key update`,
    [fileId, userId, siteId],
  );
  if (!row) throw notFound('file');
  if (row.purpose !== 'avatar') {
    throw new Problem('validation_failed', 'unable to show the picture; it was not uploaded for that', {
      issues: [{ path: 'fileId', message: 'must be a file for the purpose avatar' }],
    });
  }
  if (row.state !== 'ready') throw new Problem('conflict', 'unable to show the picture; its upload is not complete');
  if (row.avatar_key !== null && row.avatar_key === current) return current;
  if (row.avatar_key !== null) throw new Problem('conflict', 'unable to show the picture; it is in use elsewhere');
  const avatarKey = randomBytes(16).toString('hex');
  await transaction.query('avatars_claim', 'update files set avatar_key = $2, used_at = now() where id = $1', [
    fileId,
    avatarKey,
  ]);
  return avatarKey;
};

/** Marks a picture that is shown no more as removed; its bytes go with the next disposal. */
export const dropAvatar = async (transaction: Queries, avatarKey: string): Promise<void> => {
  await transaction.query('avatars_drop', `update files set state = 'removed' where avatar_key = $1`, [avatarKey]);
};

/** Answers `/avatars/<key>.webp`, for any page. */
export const serveAvatars = ({ db, storage }: Pick<Deps, 'db' | 'storage'>): Middleware => {
  return async (ctx, next) => {
    const avatarKey = /^\/avatars\/([0-9a-f]{32})\.webp$/.exec(ctx.path)?.[1];
    if (avatarKey === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    const [row] = await db.query<{ key: string; size: number }>(
      'avatars_find',
      `select key, size from files where avatar_key = $1 and state = 'ready'`,
      [avatarKey],
    );
    if (!row) throw notFound('picture');
    ctx.set({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Security-Policy': `default-src 'none'; sandbox`,
      'X-Content-Type-Options': 'nosniff',
      ETag: `"${avatarKey}"`,
    });
    ctx.status = 200;
    ctx.type = 'image/webp';
    if (ctx.fresh) {
      ctx.status = 304;
      return undefined;
    }
    ctx.length = row.size;
    if (ctx.method === 'GET') ctx.body = await storage.read(row.key);
    return undefined;
  };
};
