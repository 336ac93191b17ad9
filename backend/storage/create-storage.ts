import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createDiskStorage } from './disk-storage.ts';
import type { Storage } from './storage.ts';

/** Makes the storage that the configuration names. */
export const createStorage = async (
  { files: { storage, url }, tokenSecret }: Pick<Config, 'files' | 'tokenSecret'>,
  log: Logger,
): Promise<Storage> => {
  if (storage.kind === 'disk') return createDiskStorage({ dir: storage.dir, tokenSecret, url });
  log.fatal('files in a bucket are not there yet');
  throw new Error('unable to keep files in a bucket; this version keeps them on disk only: unset S3_BUCKET');
};
