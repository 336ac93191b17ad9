import { uuidv7 } from 'uuidv7';
import { route, type Deps, type Feature } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { notFound, Problem } from '../../problem.ts';
import { readPageQuery, toPage } from '../admin/index.ts';
import type { Disposal } from '../files/index.ts';
import { createChangeMessage, readMessage, type Lanes } from '../messages/index.ts';
import {
  findOwnReport,
  findReport,
  insertReport,
  listReports,
  resolveAlike,
  resolveReport,
  type OwnReport,
  type Resolution,
} from './store.ts';

/** More is no help to anybody. */
const reportsPerHour = 30;
const hour = 60 * 60;

/** Reports of messages: by members, to those who run the site, who dismiss them or delete the message. */
export const createReports = (deps: Deps, lanes: Lanes, disposal: Disposal): Feature => {
  const { config, db, log } = deps;
  const limit = createLimit(reportsPerHour, hour);
  const { remove } = createChangeMessage(deps, lanes, disposal);

  const read = async (siteId: string, reportId: string) => {
    const report = await findReport(config, db, siteId, reportId);
    if (!report) throw notFound('report');
    return report;
  };

  return {
    commands: [],
    routes: [
      route('POST /conversations/:conversationId/messages/:messageId/reports', async ({ session, params, body }) => {
        const { conversationId, messageId } = params;
        const { siteId, userId: reporterId } = session;
        const message = await readMessage(db, session, conversationId, messageId);
        if (!message) throw notFound('message');
        const before = await findOwnReport(db, { conversationId, messageId, reporterId });
        if (before) return { status: 200, body: told(before) };
        if (message.senderId === reporterId)
          throw new Problem('forbidden', 'unable to report the message; you wrote it: delete it');
        if (message.deletedAt !== undefined)
          throw new Problem('conflict', 'unable to report the message; it was deleted');
        await limit(reporterId);
        const report = { id: uuidv7(), siteId, conversationId, messageId, reporterId, message };
        const made = await insertReport(db, { ...report, reason: body.reason, comment: body.comment });
        if (made) {
          log.info(
            { event: 'message_reported', siteId, reportId: made.id, reason: made.reason },
            'a message was reported',
          );
          return { status: 201, body: told(made) };
        }
        const first = await findOwnReport(db, { conversationId, messageId, reporterId });
        if (!first) throw notFound('message');
        return { status: 200, body: told(first) };
      }),

      route('GET /admin/reports', async ({ site, query }) => {
        const { limit: size, after: before } = readPageQuery(query);
        const found = await listReports(config, db, { siteId: site.id, before, limit: size + 1, state: query.state });
        const { rows, next } = toPage(found, size);
        return { status: 200, body: { reports: rows, ...next } };
      }),
      route('GET /admin/reports/:reportId', async ({ site, params }) => ({
        status: 200,
        body: { report: await read(site.id, params.reportId) },
      })),
      route('POST /admin/reports/:reportId/resolve', async ({ site, serverKey, params, body, note }) => {
        const report = await read(site.id, params.reportId);
        if (report.resolution !== undefined) throw resolved();
        const { conversationId, messageId } = report;
        note({
          target: report.id,
          details: { action: body.action, conversationId, messageId, ...(body.note && { note: body.note }) },
        });
        const resolution: Resolution = {
          siteId: site.id,
          resolution: body.action === 'delete' ? 'deleted' : 'dismissed',
          by: serverKey.name,
          note: body.note,
        };
        // First the message: a report that is resolved so must never outlive it.
        if (body.action === 'delete') await remove({ siteId: site.id }, { conversationId, messageId });
        if (!(await resolveReport(db, report.id, resolution))) throw resolved();
        if (body.action === 'delete') await resolveAlike(db, report.id, resolution);
        return { status: 200, body: { report: await read(site.id, report.id) } };
      }),
    ],
  };
};

const told = ({ id, reason, created_at }: OwnReport) => ({
  report: { id, reason, createdAt: created_at.toISOString() },
});

const resolved = (): Problem => new Problem('conflict', 'unable to resolve the report; somebody has done so');
