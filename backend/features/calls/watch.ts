import { databaseProblem } from '../../database/database-problem.ts';
import { acrossSites, inSite } from '../../database/wall.ts';
import type { Deps } from '../../feature.ts';
import { Problem } from '../../problem.ts';
import type { ChangeCall } from './change-call.ts';
import { anyOn, findOverdue, markConnected, quietConnections, readGone, takeTurn } from './sightings.ts';
import { leaveCall, ringMs, stopRinging } from './state.ts';

/** Ends what has rung for too long, and takes out of calls who is gone. */
export interface Watch {
  /** Looks now, and then each second. */
  start(): void;
  close(): Promise<void>;
}

const everyMs = 1000;

/** Makes the watch of a process; of several processes one a second takes the turn, and each tells of its own connections. */
export const createWatch = ({ db, hub, log }: Pick<Deps, 'db' | 'hub' | 'log'>, changeCall: ChangeCall): Watch => {
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | undefined;
  let closed = false;

  const look = async (): Promise<void> => {
    if (!(await anyOn(db))) return;
    const open = hub.openConnections(await quietConnections(db));
    if (open.length > 0) await markConnected(db, open);
    if (!(await takeTurn(db))) return;
    for (const { id, siteId, conversationId } of await findOverdue(db, ringMs)) {
      if (closed) return;
      await inSite(siteId, () =>
        changeCall({ conversationId, callId: id }, async (call, { now, transaction }) => {
          stopRinging(call, now);
          leaveCall(call, await readGone(transaction, id), now);
        }),
      );
    }
  };
  const comeBy = (): void => {
    looking ??= acrossSites(look)
      .catch((error: unknown) => {
        // That the database is away or the server going down is said elsewhere, once.
        const expected = databaseProblem(error) ?? (error instanceof Problem && error.code === 'draining');
        if (!closed && !expected) log.error({ err: error }, 'unable to look after calls');
      })
      .finally(() => (looking = undefined));
  };

  return {
    start() {
      if (timer || closed) return;
      comeBy();
      timer = setInterval(comeBy, everyMs).unref();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
    },
  };
};
