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
  // The SDK is loaded only where it is used.
  const { createS3Storage } = await import('./s3-storage.ts');
  return createS3Storage(storage, log);
};
