import { setTimeout as wait } from 'node:timers/promises';
import { acrossSites } from '../../database/wall.ts';
import type { Deps } from '../../feature.ts';
import type { FateOfMessages } from './erase.ts';
import type { Farewell } from './farewell.ts';

/** Notices in this process what others ended: sessions, whoever did so, and what is left to do of those who were erased. */
export interface Watch {
  start(): void;
  /** Makes this process refuse sessions at once, and close their sockets in all. */
  end(sessionIds: readonly string[]): void;
  close(): Promise<void>;
}

const lookMs = 500;
/** How far back a look goes: longer than any transaction lasts, so that none that commits late is missed. */
const overlapSeconds = 30;
/** Until then whoever began to erase somebody is still at it; two at once would tell everybody twice. */
const leftSeconds = 15;
/** On the first look: for as long as an access token is good. */
const firstSeconds = 10 * 60;

/** Makes it. */
export const createWatch = (
  { db, hub, tokens, log }: Pick<Deps, 'db' | 'hub' | 'tokens' | 'log'>,
  farewell: Farewell,
): Watch => {
  const stopped = new AbortController();
  let known = new Set<string>();
  let seconds = firstSeconds;
  let working: Promise<void> | undefined;
  let looking: Promise<void> | undefined;

  const lookAtSessions = async (): Promise<void> => {
    const rows = await db.query<{ id: string }>(
      'watch_sessions',
      'select id from sessions where revoked_at > now() - make_interval(secs => $1)',
      [seconds],
    );
    const ended = rows.map(({ id }) => id).filter((id) => !known.has(id));
    tokens.refuse(ended);
    for (const id of ended) hub.closeSessionHere(id, 'session_revoked');
    known = new Set(rows.map(({ id }) => id));
    seconds = overlapSeconds;
  };
  const lookAtErased = async (): Promise<void> => {
    if (working) return;
    const [row] = await db.query<{ id: string; site_id: string; erasing: FateOfMessages }>(
      'watch_erased',
      `select id, site_id, erasing from users
       where erasing is not null and erased_at < now() - make_interval(secs => $1) order by random() limit 1`,
      [leftSeconds],
    );
    if (!row) return;
    working = farewell
      .to({ siteId: row.site_id, userId: row.id, messages: row.erasing })
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) log.warn({ userId: row.id, err: error }, 'unable to finish erasing; trying again');
      })
      .finally(() => (working = undefined));
  };
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      // While the database is away, others say so.
      await lookAtSessions().catch(() => undefined);
      await lookAtErased().catch(() => undefined);
      await wait(lookMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  };

  return {
    start() {
      looking ??= acrossSites(watch);
    },
    end(sessionIds) {
      tokens.refuse(sessionIds);
      for (const id of sessionIds) hub.closeSession(id, 'session_revoked');
    },
    async close() {
      stopped.abort();
      await looking;
      await working;
    },
  };
};
