import { Problem } from '../problem.ts';

const full = new Set(['ENOSPC', 'EDQUOT']);
const broken = new Set(['EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ESTALE', 'ETIMEDOUT']);

/** The code of an error of the file system. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;

/** A fault of the disk as the Problem that clients are told; anything else as it is. */
export const fromDisk = (error: unknown): unknown => {
  const code = codeOf(error) ?? '';
  if (full.has(code)) return diskFull(error);
  if (broken.has(code))
    return new Problem('dependency_unavailable', 'unable to reach the files; their disk does not work', {
      cause: error,
    });
  return error;
};

/** The refusal when there is no room for more. */
export const diskFull = (cause?: unknown): Problem =>
  new Problem('storage_full', 'unable to store the file; the server has no room left', { cause });

/** Runs something on the disk; its faults become Problems. */
export const onDisk = async <T>(use: () => Promise<T>): Promise<T> => {
  try {
    return await use();
  } catch (error) {
    throw fromDisk(error);
  }
};
