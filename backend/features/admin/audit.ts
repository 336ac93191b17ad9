import type { AuditEntry } from '../../../protocol/admin.ts';
import type { Queries } from '../../database/transaction.ts';

interface Row {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly at: Date;
  readonly by_kind: AuditEntry['by']['kind'];
  readonly by_id: string | null;
  readonly by_name: string;
  readonly act: string;
  readonly target: string | null;
  readonly outcome: AuditEntry['outcome'];
  readonly code: string | null;
  readonly ip: string | null;
  readonly request_id: string | null;
  readonly details: NonNullable<AuditEntry['details']>;
}

/** A page of the audit log of a site, newest first, from before an entry on. */
export const listAudit = async (
  queries: Queries,
  siteId: string,
  { before, limit, target }: { before?: string | undefined; limit: number; target?: string | undefined },
): Promise<AuditEntry[]> => {
  const rows = await queries.query<Row>(
    'audit_list',
    `select id, at, by_kind, by_id, by_name, act, target, outcome, code, ip, request_id, details from audit_log
     where site_id = $1 and ($2::uuid is null or id < $2) and ($4::text is null or target = $4) order by id desc limit $3`,
    [siteId, before ?? null, limit, target ?? null],
  );
  return rows.map(toEntry);
};

/** How long rows of the audit log are kept: a year, and the month in which somebody looks back at it. */
const keptDays = 400;

/** Forgets what is older. */
export const dropOldAudit = async (queries: Queries): Promise<void> => {
  await queries.query('audit_drop_old', `delete from audit_log where at < now() - interval '${keptDays} days'`, []);
};

const toEntry = (row: Row): AuditEntry => ({
  id: row.id,
  at: row.at.toISOString(),
  by: { kind: row.by_kind, ...(row.by_id !== null && { id: row.by_id }), name: row.by_name },
  act: row.act,
  ...(row.target !== null && { target: row.target }),
  outcome: row.outcome,
  ...(row.code !== null && { code: row.code }),
  ...(row.ip !== null && { ip: row.ip }),
  ...(row.request_id !== null && { requestId: row.request_id }),
  ...(Object.keys(row.details).length > 0 && { details: row.details }),
});
