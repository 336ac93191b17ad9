import { setTimeout as wait } from 'node:timers/promises';
import { acrossSites } from '../../database/wall.ts';
import type { Deps } from '../../feature.ts';

const lookMs = 500;
// A process that was away from the database for longer has had its sockets' commands refused meanwhile.
const lookBackSeconds = 60;

/** Closes the sockets of tokens that ended, within a second of it, whoever ended them. Requests find out by themselves. */
export const createTokenWatch = ({ db, hub }: Pick<Deps, 'db' | 'hub'>) => {
  const stopped = new AbortController();
  let known = new Set<string>();

  const look = async (): Promise<void> => {
    const rows = await db.query<{ token_id: string }>(
      'bots_ended',
      'select token_id from ended_bot_tokens where ended_at > now() - make_interval(secs => $1)',
      [lookBackSeconds],
    );
    for (const { token_id } of rows) if (!known.has(token_id)) hub.closeSession(token_id, 'session_revoked');
    known = new Set(rows.map(({ token_id }) => token_id));
  };
  const forget = async (): Promise<void> => {
    await db.query('bots_forget_ended', `delete from ended_bot_tokens where ended_at < now() - interval '1 hour'`, []);
  };

  const watch = async (): Promise<void> => {
    for (let looks = 0; !stopped.signal.aborted; looks += 1) {
      // While the database is away, others say so.
      await acrossSites(() => (looks % 1000 === 0 ? forget().then(look) : look())).catch(() => undefined);
      await wait(lookMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
    }
  };
  return { open: () => void watch(), stop: () => stopped.abort() };
};
