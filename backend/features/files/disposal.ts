import { acrossSites } from '../../database/wall.ts';
import type { Deps } from '../../feature.ts';
import type { UploadState } from '../../storage/storage.ts';

/** Takes the bytes of removed files out of the storage. */
export interface Disposal {
  /** Begins, now that something was removed; whatever goes wrong is left to the janitor. */
  soon(): void;
  /** Resolves when nothing that was marked before is left, but for what the storage would not let go of. */
  now(): Promise<void>;
  /** Lets what was begun end. */
  close(): Promise<void>;
}

interface RemovedRow {
  readonly id: string;
  readonly key: string | null;
  readonly thumbnail_key: string | null;
  readonly upload: UploadState | null;
  readonly uploaded: boolean;
  readonly declared_size: number;
  readonly declared_type: string;
}

const atOnce = 100;
const nobody = '00000000-0000-0000-0000-000000000000';

/** Makes it. Removing twice does no harm, so that several processes may work at it. */
export const createDisposal = ({ db, storage, log }: Pick<Deps, 'db' | 'storage' | 'log'>): Disposal => {
  let running: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const dispose = async (row: RemovedRow): Promise<boolean> => {
    try {
      if (row.key !== null && row.upload !== null && !row.uploaded) {
        await storage.abort({ key: row.key, size: row.declared_size, type: row.declared_type, state: row.upload });
      }
      await storage.remove([row.key, row.thumbnail_key].filter((key) => key !== null));
      return true;
    } catch (error) {
      log.warn({ fileId: row.id, err: error }, 'unable to remove a file from the storage; it is tried again later');
      return false;
    }
  };

  const sweep = async (): Promise<void> => {
    let after = nobody;
    while (!closed) {
      const rows = await db.query<RemovedRow & Record<string, unknown>>(
        'files_to_dispose',
        `select id, key, thumbnail_key, upload, uploaded_at is not null as uploaded, declared_size, declared_type
         from files where state = 'removed' and id > $1 order by id limit ${atOnce}`,
        [after],
      );
      if (rows.length === 0) return;
      after = rows.at(-1)?.id ?? nobody;
      const gone: string[] = [];
      for (const row of rows) if (await dispose(row)) gone.push(row.id);
      await db.query('files_forget', `delete from files where id = any ($1::uuid[]) and state = 'removed'`, [gone]);
    }
  };

  const work = async (): Promise<void> => {
    do {
      again = false;
      await sweep();
    } while (again && !closed);
  };

  const now = (): Promise<void> => {
    again = true;
    running ??= acrossSites(work).finally(() => (running = undefined));
    return running;
  };

  return {
    now,
    soon() {
      now().catch((error: unknown) => log.warn({ err: error }, 'unable to remove files; the janitor tries again'));
    },
    async close() {
      closed = true;
      await running?.catch(() => undefined);
    },
  };
};
