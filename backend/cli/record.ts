import { userInfo } from 'node:os';
import { writeAudit } from '../database/audit.ts';
import type { Queries } from '../database/transaction.ts';

/** Writes into the audit log of a site what a command has done: by whom on this machine, never secrets. */
export const record = async (
  queries: Queries,
  siteId: string,
  act: string,
  { target, details }: { target?: string; details?: Readonly<Record<string, string | number | boolean>> } = {},
): Promise<void> => {
  await writeAudit(queries, {
    siteId,
    by: { kind: 'command line', name: nameOfUser() },
    act: `teatime ${act}`,
    target,
    outcome: 'done',
    details,
  });
};

const nameOfUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have no name.
    return String(process.getuid?.() ?? 'unknown');
  }
};
