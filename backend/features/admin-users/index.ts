import { setTimeout as wait } from 'node:timers/promises';
import { externalPrefix } from '../../../protocol/admin-users.ts';
import { inTransaction } from '../../database/transaction.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { readPageQuery, toPage } from '../admin/index.ts';
import type { Disposal } from '../files/index.ts';
import type { Lanes } from '../messages/index.ts';
import { lockPerson, upsertPerson } from '../sign-on/index.ts';
import { eraseUser } from './erase.ts';
import { exportUser } from './export.ts';
import { createFarewell } from './farewell.ts';
import { disableUser, enableUser } from './keep-out.ts';
import { findAdminUser, listAdminUsers, listSessions, revokeSessions, toAdminUser } from './store.ts';
import { createWatch } from './watch.ts';

export { createAccount } from './create-account.ts';
export { eraseUser, type FateOfMessages } from './erase.ts';
export { disableUser, enableUser } from './keep-out.ts';
export { findAdminUser, listAdminUsers, toAdminUser, type AdminUserRow } from './store.ts';

/** How long an answer waits for the last of what an erasure takes. */
const patienceMs = 5000;

/** What a site's servers do with its people, and their sessions. */
export const createAdminUsers = (deps: Deps, lanes: Lanes, disposal: Disposal): Feature => {
  const { config, db } = deps;
  const farewell = createFarewell(deps, lanes, disposal);
  const watch = createWatch(deps, farewell);

  return {
    commands: [],
    routes: [
      route('GET /admin/users', async ({ site, query }) => {
        const { limit, after } = readPageQuery(query);
        const { search, state } = query;
        const found = await listAdminUsers(db, site.id, { before: after, limit: limit + 1, search, state });
        const { rows, next } = toPage(found, limit);
        return { status: 200, body: { users: rows.map((row) => toAdminUser(config, row)), ...next } };
      }),
      route('PUT /admin/users/:userId', async ({ site, params, body, note }) => {
        const externalId = params.userId.slice(externalPrefix.length);
        const { created, id } = await inTransaction(db, async (transaction) => {
          await lockPerson(transaction, site.id, externalId);
          const known = await findAdminUser(transaction, site.id, params.userId).catch(() => undefined);
          const { id } = await upsertPerson(transaction, site.id, {
            externalId,
            name: body.displayName,
            email: body.email,
            pictureUrl: body.pictureUrl,
            custom: body.custom ?? {},
          });
          return { created: known === undefined, id };
        });
        note({ target: id, details: { created } });
        return {
          status: created ? 201 : 200,
          body: { user: toAdminUser(config, await findAdminUser(db, site.id, id)) },
        };
      }),
      route('GET /admin/users/:userId', async ({ site, params }) => ({
        status: 200,
        body: { user: toAdminUser(config, await findAdminUser(db, site.id, params.userId)) },
      })),
      route('POST /admin/users/:userId/disable', async ({ site, params, body: { reason }, note }) => {
        const { user, sessionIds } = await disableUser(db, site.id, params.userId);
        watch.end(sessionIds);
        note({ target: user.id, details: { sessions: sessionIds.length, ...(reason !== undefined && { reason }) } });
        return { status: 200, body: { user: toAdminUser(config, user) } };
      }),
      route('POST /admin/users/:userId/enable', async ({ site, params, note }) => {
        const user = await enableUser(db, site.id, params.userId);
        note({ target: user.id });
        return { status: 200, body: { user: toAdminUser(config, user) } };
      }),
      route('DELETE /admin/users/:userId', async ({ site, params, query: { messages = 'keep' }, note }) => {
        const { userId, sessionIds } = await eraseUser(db, site.id, params.userId, messages);
        note({ target: userId, details: { messages } });
        watch.end(sessionIds);
        // What fails or takes longer is gone on with by the watch.
        const done = farewell.to({ siteId: site.id, userId, messages }).then(
          () => true,
          () => false,
        );
        const finished = await Promise.race([done, wait(patienceMs, false, { ref: false })]);
        return { status: 200, body: { userId, finished } };
      }),
      route('GET /admin/users/:userId/export', async ({ site, params, note }) => {
        const body = await exportUser(deps, site.id, params.userId);
        note({ target: body.profile.id });
        return { status: 200, body };
      }),
      route('GET /admin/users/:userId/sessions', async ({ site, params }) => {
        const { id } = await findAdminUser(db, site.id, params.userId);
        return { status: 200, body: { sessions: await listSessions(db, id, { ended: false }) } };
      }),
      route('DELETE /admin/users/:userId/sessions', async ({ site, params, note }) => {
        const { id } = await findAdminUser(db, site.id, params.userId);
        const ended = await revokeSessions(db, id, { reason: 'revoked by the site' });
        watch.end(ended);
        note({ target: id, details: { sessions: ended.length } });
        return { status: 200, body: { revoked: ended.length } };
      }),
      route(
        'DELETE /admin/users/:userId/sessions/:sessionId',
        async ({ site, params: { userId, sessionId }, note }) => {
          const { id } = await findAdminUser(db, site.id, userId);
          const ended = await revokeSessions(db, id, { reason: 'revoked by the site', sessionId });
          if (ended.length === 0) throw notFound('session');
          watch.end(ended);
          note({ target: id, details: { session: sessionId } });
          return { status: 204, body: null };
        },
      ),
    ],
    open: () => watch.start(),
    close: () => watch.close(),
  };
};
