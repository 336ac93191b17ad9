import { adminPageSize } from '../../../protocol/admin.ts';
import { Problem } from '../../problem.ts';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What a page of the server API is asked for, when rows are told apart by their ids: one row more than it shows, to tell whether there are more. */
export const readPageQuery = (query: {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}): { readonly limit: number; readonly after: string | undefined } => {
  const { limit = adminPageSize, cursor } = query;
  if (cursor === undefined || uuid.test(cursor)) return { limit, after: cursor };
  throw new Problem('validation_failed', 'unable to take the request; its query is not valid', {
    issues: [{ path: 'cursor', message: 'must be the nextCursor of a page' }],
  });
};

/** The rows of a page out of `limit + 1`, and where the next one begins, if there is one. */
export const toPage = <T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
): { readonly rows: T[]; readonly next: { readonly nextCursor?: string } } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1)?.id;
  return { rows: shown, next: rows.length > limit && last !== undefined ? { nextCursor: last } : {} };
};
