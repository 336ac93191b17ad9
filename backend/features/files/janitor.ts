import { acrossSites } from '../../database/wall.ts';
import type { Deps } from '../../feature.ts';
import type { Disposal } from './disposal.ts';

/** Tidies up after those who went away in the middle: uploads that were never completed, files that were never sent, objects that no file names. */
export interface Janitor {
  /** Begins to come by, at once and every ten minutes. */
  start(): void;
  /** Tidies up once. */
  run(): Promise<void>;
  close(): Promise<void>;
}

const everyMs = 10 * 60_000;
const hourMs = 60 * 60_000;
const keysAtOnce = 500;

/** Makes the janitor of a process; those of several do each other no harm. */
export const createJanitor = (
  { config, db, storage, log }: Pick<Deps, 'config' | 'db' | 'storage' | 'log'>,
  disposal: Disposal,
): Janitor => {
  const hours = config.files.unsentHours;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let closed = false;

  const markForgotten = async (): Promise<void> => {
    const rows = await db.query<{ id: string }>('files_forgotten', forgottenText, [hours]);
    // One at a time: a statement that changed the sums of several sites could wait for one that waits for it.
    for (const { id } of rows) if (!closed) await db.query('files_mark_forgotten', markText, [id, hours]);
    if (rows.length === forgottenAtOnce && !closed) await markForgotten();
  };

  const removeOrphans = async (): Promise<void> => {
    let keys: string[] = [];
    const check = async (): Promise<void> => {
      const rows = await db.query<{ key: string }>('files_orphans', orphansText, [keys]);
      keys = [];
      if (rows.length === 0) return;
      log.info({ count: rows.length }, 'removing objects that belong to no file');
      await storage.remove(rows.map(({ key }) => key));
    };
    for await (const key of storage.list(new Date(Date.now() - hours * hourMs))) {
      if (closed) return;
      if (keys.push(key) === keysAtOnce) await check();
    }
    if (keys.length > 0) await check();
  };

  const tidy = async (): Promise<void> => {
    await markForgotten();
    await disposal.now();
    await removeOrphans();
  };
  const run = (): Promise<void> => (running ??= acrossSites(tidy).finally(() => (running = undefined)));
  const comeBy = (): void => {
    run().catch((error: unknown) => {
      if (!closed) log.warn({ err: error }, 'unable to tidy up files; trying again in ten minutes');
    });
  };

  return {
    run,
    start() {
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

const forgottenAtOnce = 500;

const isForgotten = (hours: string): string =>
  `used_at is null and state <> 'removed' and (inspected_until is null or inspected_until < now())
   and created_at < now() - ${hours} * interval '1 hour' and (completed_at is null or completed_at < now() - ${hours} * interval '1 hour')`;

const forgottenText = `
select id from files where ${isForgotten('$1::float8')} order by created_at limit ${forgottenAtOnce}`;

// Where another janitor or the owner is at it, they have it.
const markText = `
update files set state = 'removed'
where id = (select id from files where id = $1 and ${isForgotten('$2::float8')} for update skip locked)`;

// Only of this installation's sites: a bucket may be shared with another one.
const orphansText = `
select given.key from unnest($1::text[]) as given (key)
where split_part(given.key, '/', 1) in (select id::text from sites)
  and not exists (select from files f where f.key = given.key)
  and not exists (select from files f where f.thumbnail_key = given.key)`;
