import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { acrossSites, inSite } from '../database/wall.ts';
import { siteAllowsOrigin } from '../http/origin.ts';
import { createSites } from '../http/sites.ts';
import type { HubData, Shows } from '../hub/data.ts';
import { meColumns, toMe, type MeRow } from './users/index.ts';

/** Answers what the hub asks of the database. */
export const createHubData = (db: Database, config: Pick<Config, 'demo' | 'publicUrl'>): HubData => {
  const sites = createSites(db, config);
  return {
    async admit({ userId, siteId, sessionId, kind, scopes }, { siteKey, origin }) {
      // Whoever has a socket hears all that is said.
      if (kind === 'bot' && !scopes?.includes('messages:read')) return { refused: 'unauthorized' };
      const [[row], epoch] = await Promise.all([
        inSite(siteId, () => db.query<AdmissionRow>('hub_admit', admitText, [userId, siteId, sessionId])),
        db.epoch(),
      ]);
      if (!row || row.disabled || row.key !== siteKey) return { refused: 'unauthorized' };
      if (!row.enabled) return { refused: 'site_disabled' };
      if (!row.alive) return { refused: 'session_revoked' };
      const site = { allowedOrigins: row.allowed_origins };
      if (origin !== undefined && !siteAllowsOrigin(site, origin, config)) return { refused: 'unauthorized' };
      return {
        me: toMe(config, row),
        heads: row.heads,
        directPeers: row.direct_peers,
        blockedIds: row.blocked_ids,
        shows: row.shows,
        epoch,
      };
    },

    async siteAllows(siteKey, origin) {
      const site = await sites.byKey(siteKey);
      return site !== undefined && site.enabled && siteAllowsOrigin(site, origin, config);
    },

    async heads(conversationIds) {
      const rows = await db.query<{ id: string; head: number }>(
        'hub_heads',
        'select id, head_seq::float8 as head from conversations where id = any ($1::uuid[])',
        [conversationIds],
      );
      return Object.fromEntries(rows.map(({ id, head }) => [id, head]));
    },

    async members(conversationId, userId) {
      const rows = await db.query<{ user_id: string }>(
        'hub_members',
        `select user_id from members
       where conversation_id = $1 and left_seq is null and exists (
         select from members me where me.conversation_id = $1 and me.user_id = $2 and me.left_seq is null
       )
       order by user_id <> $2, joined_seq, user_id limit 200`,
        [conversationId, userId],
      );
      return rows.length === 0 ? undefined : rows.map((row) => row.user_id);
    },

    async seen(userId, at) {
      await acrossSites(() =>
        db.query('hub_seen', 'update users set last_seen_at = greatest(last_seen_at, $2::timestamptz) where id = $1', [
          userId,
          at,
        ]),
      );
    },
  };
};

interface AdmissionRow extends MeRow {
  readonly disabled: boolean;
  /** Of the session: not revoked and not at its end. */
  readonly alive: boolean;
  readonly key: string;
  readonly enabled: boolean;
  readonly allowed_origins: string[];
  readonly heads: Record<string, number>;
  readonly direct_peers: Record<string, string>;
  readonly blocked_ids: string[];
  readonly shows: Shows;
}

// The other of a direct message comes from its key, which is both ids in order.
const admitText = `
with mine as materialized (
  select c.id, c.head_seq, c.dm_key from members m join conversations c on c.id = m.conversation_id
  where m.user_id = $1 and m.site_id = $2 and m.left_seq is null
)
select ${meColumns('u')}, u.disabled_at is not null as disabled,
  exists (
    select from sessions s
    where s.id = $3 and s.user_id = u.id and s.site_id = u.site_id and s.revoked_at is null and s.expires_at > now()
  ) or exists (select from bots b where b.token_id = $3 and b.user_id = u.id and b.token_hash is not null) as alive,
  sites.key, sites.enabled, sites.allowed_origins,
  json_build_object('receipts', u.shows_receipts, 'presence', u.shows_presence, 'typing', u.shows_typing) as shows,
  coalesce((select json_object_agg(id, head_seq) from mine), '{}') as heads,
  coalesce((
    select json_object_agg(id, replace(replace(dm_key, $1::text, ''), ':', '')) from mine where dm_key is not null
  ), '{}') as direct_peers,
  array(
    select blocked_id::text from blocks where blocker_id = $1 union select blocker_id::text from blocks where blocked_id = $1
  ) as blocked_ids
from users u join sites on sites.id = u.site_id
where u.id = $1 and u.site_id = $2`;
