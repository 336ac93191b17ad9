import { acrossSites } from '../../database/wall.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { dropOldAnswers } from '../../http/idempotency.ts';
import { dropOldAudit, listAudit } from './audit.ts';
import { readPageQuery, toPage } from './pages.ts';
import { readUsage } from './usage.ts';

export { listAudit } from './audit.ts';
export { readPageQuery, toPage } from './pages.ts';
export { createServerKey, listServerKeys, revokeServerKeys, type ServerKeyRow } from './server-keys.ts';

const hourMs = 60 * 60_000;

/** What a site's servers may ask about the site as a whole, and the log of what they did. */
export const createAdmin = ({ db, log }: Deps): Feature => {
  const sweep = async (): Promise<void> => {
    await dropOldAnswers(db);
    await dropOldAudit(db);
  };
  const timer = setInterval(
    () => void acrossSites(sweep).catch(() => log.warn('unable to drop old answers and old rows of the audit log')),
    hourMs,
  );
  timer.unref();

  return {
    commands: [],
    routes: [
      route('GET /admin/usage', async ({ site }) => ({
        status: 200,
        body: { usage: await readUsage(db, site.id) },
      })),
      route('GET /admin/audit', async ({ site, query }) => {
        const { limit, after } = readPageQuery(query);
        const { target } = query;
        const { rows, next } = toPage(await listAudit(db, site.id, { before: after, limit: limit + 1, target }), limit);
        return { status: 200, body: { entries: rows, ...next } };
      }),
    ],
    async close() {
      clearInterval(timer);
    },
  };
};
