import type { QueryResultRow } from 'pg';
import type { Message } from '../../../protocol/messages.ts';
import type { Report, ReportReason } from '../../../protocol/reports.ts';
import type { Queries } from '../../database/transaction.ts';
import { toUser, userColumns, type PublicUrl, type UserRow } from '../users/index.ts';

/** A report to be. */
export interface NewReport {
  readonly id: string;
  readonly siteId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly reporterId: string;
  readonly reason: ReportReason;
  readonly comment: string | undefined;
  readonly message: Message;
}

/** What whoever reports is told. */
export interface OwnReport extends QueryResultRow {
  readonly id: string;
  readonly reason: ReportReason;
  readonly created_at: Date;
}

/** Somebody's report of a message, if there is one. */
export const findOwnReport = async (
  queries: Queries,
  { messageId, conversationId, reporterId }: Pick<NewReport, 'messageId' | 'conversationId' | 'reporterId'>,
): Promise<OwnReport | undefined> => {
  const [row] = await queries.query<OwnReport>(
    'reports_own',
    `select id, reason, created_at from reports where conversation_id = $1 and message_id = $2 and reporter_id = $3`,
    [conversationId, messageId, reporterId],
  );
  return row;
};

/** Keeps a report; `undefined` when the person had reported the message before. */
export const insertReport = async (queries: Queries, report: NewReport): Promise<OwnReport | undefined> => {
  const [row] = await queries.query<OwnReport>(
    'reports_insert',
    `insert into reports (id, site_id, conversation_id, message_id, reporter_id, reason, comment, message)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (conversation_id, message_id, reporter_id) do nothing returning id, reason, created_at`,
    [
      report.id,
      report.siteId,
      report.conversationId,
      report.messageId,
      report.reporterId,
      report.reason,
      report.comment ?? null,
      JSON.stringify(report.message),
    ],
  );
  return row;
};

interface ReportRow extends QueryResultRow {
  readonly id: string;
  readonly conversation_id: string;
  readonly message_id: string;
  readonly reason: ReportReason;
  readonly comment: string | null;
  readonly message: Message;
  readonly created_at: Date;
  readonly resolution: 'dismissed' | 'deleted' | null;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
  readonly note: string | null;
  readonly reporter: PersonRow;
  readonly sender: PersonRow;
}

/** A user as JSON, where times are text. */
type PersonRow = Omit<UserRow, 'last_seen_at'>;

const selectText = `
select r.id, r.conversation_id, r.message_id, r.reason, r.comment, r.message, r.created_at, r.resolution, r.resolved_at, r.resolved_by, r.note,
  (select row_to_json(p) from (select ${userColumns('u')} from users u where u.id = r.reporter_id) p) as reporter,
  (select row_to_json(p) from (select ${userColumns('u')} from users u where u.id = (r.message ->> 'senderId')::uuid) p) as sender
from reports r where r.site_id = $1`;

/** Reports of a site, newest first, from before one of them; only open or only resolved ones if it says so. */
export const listReports = async (
  at: PublicUrl,
  queries: Queries,
  page: { siteId: string; before: string | undefined; limit: number; state: 'open' | 'resolved' | undefined },
): Promise<Report[]> => {
  const { state } = page;
  const [name, which] =
    state === undefined
      ? ['reports_list', '']
      : state === 'open'
        ? ['reports_list_open', 'and r.resolution is null']
        : ['reports_list_resolved', 'and r.resolution is not null'];
  const rows = await queries.query<ReportRow>(
    name,
    `${selectText} ${which} and ($2::uuid is null or r.id < $2) order by r.id desc limit $3`,
    [page.siteId, page.before ?? null, page.limit],
  );
  return rows.map((row) => toReport(at, row));
};

/** One report of a site. */
export const findReport = async (
  at: PublicUrl,
  queries: Queries,
  siteId: string,
  reportId: string,
): Promise<Report | undefined> => {
  const [row] = await queries.query<ReportRow>('reports_find', `${selectText} and r.id = $2`, [siteId, reportId]);
  return row && toReport(at, row);
};

/** How a report is resolved. */
export interface Resolution {
  readonly siteId: string;
  readonly resolution: 'dismissed' | 'deleted';
  readonly by: string;
  readonly note: string | undefined;
}

/** Resolves one report, if it is open; tells whether it was. */
export const resolveReport = async (
  queries: Queries,
  reportId: string,
  { siteId, resolution, by, note }: Resolution,
): Promise<boolean> => {
  const rows = await queries.query(
    'reports_resolve',
    `update reports set resolution = $3, resolved_at = now(), resolved_by = $4, note = $5
     where site_id = $1 and id = $2 and resolution is null returning id`,
    [siteId, reportId, resolution, by, note ?? null],
  );
  return rows.length > 0;
};

/** Resolves every other open report of the same message. */
export const resolveAlike = async (
  queries: Queries,
  reportId: string,
  { siteId, resolution, by, note }: Resolution,
): Promise<void> => {
  await queries.query(
    'reports_resolve_alike',
    `update reports r set resolution = $3, resolved_at = now(), resolved_by = $4, note = $5
     from reports this where this.id = $2 and this.site_id = $1
       and r.conversation_id = this.conversation_id and r.message_id = this.message_id and r.resolution is null`,
    [siteId, reportId, resolution, by, note ?? null],
  );
};

const toReport = (at: PublicUrl, row: ReportRow): Report => ({
  id: row.id,
  conversationId: row.conversation_id,
  messageId: row.message_id,
  reporter: toUser(at, { ...row.reporter, last_seen_at: null }),
  sender: toUser(at, { ...row.sender, last_seen_at: null }),
  reason: row.reason,
  ...(row.comment !== null && { comment: row.comment }),
  message: row.message,
  createdAt: row.created_at.toISOString(),
  ...(row.resolution !== null && { resolution: row.resolution }),
  ...(row.resolved_at !== null && { resolvedAt: row.resolved_at.toISOString() }),
  ...(row.resolved_by !== null && { resolvedBy: row.resolved_by }),
  ...(row.note !== null && { note: row.note }),
});
