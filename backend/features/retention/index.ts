import { acrossSites, inSite } from '../../database/wall.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Deps, Feature } from '../../feature.ts';
import type { Disposal } from '../files/index.ts';
import type { Lanes } from '../messages/index.ts';
import { readPolicy } from '../sites/index.ts';
import { findDue, stepSize, sweepOldest } from './sweep.ts';

/** The feature, and what it does every ten minutes. */
export interface Retention extends Feature {
  /** Deletes what is too old on all sites; resolves with how many messages that were. */
  sweep(): Promise<number>;
}

const everyMs = 10 * 60_000;
const firstId = '00000000-0000-0000-0000-000000000000';

/** Deletes messages that are older than their site keeps them, in small steps. Several processes may work at it. */
export const createRetention = (
  { db, hub, log }: Pick<Deps, 'db' | 'hub' | 'log'>,
  lanes: Lanes,
  disposal: Disposal,
): Retention => {
  let closed = false;
  let running: Promise<number> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const sweepConversation = async (siteId: string, conversationId: string, days: number): Promise<number> => {
    for (let deleted = 0; ;) {
      const step = await lanes.run(conversationId, (transaction) =>
        sweepOldest(transaction, hub, { siteId, conversationId, days }),
      );
      if (step.hadFiles) disposal.soon();
      deleted += step.deleted;
      if (step.seen < stepSize || closed) return deleted;
    }
  };

  const sweepSite = async (siteId: string): Promise<number> => {
    const days = (await readPolicy(db, siteId)).retention?.messageDays;
    if (days === undefined) return 0;
    let deleted = 0;
    for (let after = firstId; !closed;) {
      const due = await findDue(db, { siteId, days, after });
      for (const id of due) if (!closed) deleted += await sweepConversation(siteId, id, days);
      const last = due.at(-1);
      if (last === undefined) break;
      after = last;
    }
    if (deleted > 0) log.info({ siteId, deleted, days }, 'old messages of a site were deleted');
    return deleted;
  };

  const sweepAll = async (): Promise<number> => {
    const sites = await acrossSites(() =>
      db.query<{ id: string }>('retention_sites', `select id from sites where policy ? 'retention'`, []),
    );
    let deleted = 0;
    for (const { id } of sites) deleted += await inSite(id, () => sweepSite(id));
    return deleted;
  };
  const sweep = (): Promise<number> => (running ??= sweepAll().finally(() => (running = undefined)));
  const comeBy = (): void => {
    sweep().catch((error: unknown) => {
      if (!closed) log.warn({ err: error }, 'unable to delete old messages; trying again in ten minutes');
    });
  };

  return {
    routes: [],
    commands: [],
    sweep,
    open() {
      if (timer || closed) return;
      comeBy();
      timer = setInterval(comeBy, everyMs);
      timer.unref();
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await running?.catch(() => undefined);
    },
  };
};

/** How many messages and files are older than so many days, and would be deleted. */
export const countOld = async (
  queries: Queries,
  siteId: string,
  days: number,
): Promise<{ readonly messages: number; readonly files: number }> => {
  const [row] = await queries.query<{ messages: number; files: number }>(
    'retention_count',
    `select count(*)::int as messages,
       coalesce(sum((select count(*) from files f where f.conversation_id = m.conversation_id and f.seq = m.seq and f.state = 'ready')), 0)::int as files
     from messages m join conversations c on c.id = m.conversation_id
     where c.site_id = $1 and m.deleted_at is null and m.created_at < now() - make_interval(days => $2::int)`,
    [siteId, days],
  );
  return row ?? { messages: 0, files: 0 };
};
