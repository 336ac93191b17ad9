import { asBody, route, type Deps, type Feature, type Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { findPeople } from '../admin-conversations/index.ts';
import type { Disposal } from '../files/index.ts';
import { createChangeMessage, createSendMessage, readPageOfSite, type Lanes } from '../messages/index.ts';
import { createSayAsSite } from './say-as-site.ts';

export { voiceOf } from './say-as-site.ts';

const pageSize = 50;

/** What a site's own servers say, read and delete. */
export const createAdminMessages = (deps: Deps, lanes: Lanes, disposal: Disposal): Feature => {
  const { db } = deps;
  // Their keys have a limit already.
  const send = createSendMessage(deps, lanes, async () => undefined);
  const sayAsSite = createSayAsSite(deps, lanes);
  const { remove } = createChangeMessage(deps, lanes, disposal);

  /** Stands for a member who is not there. Throws `not_found` for no person and no conversation, `validation_failed` for no member. */
  const onBehalfOf = async (siteId: string, conversationId: string, userId: string): Promise<Session> => {
    const [row] = await db.query<{ member: boolean }>(
      'admin_messages_sender',
      `select exists (
         select from members m where m.conversation_id = c.id and m.user_id = $3 and m.left_seq is null
       ) as member from conversations c where c.id = $2 and c.site_id = $1`,
      [siteId, conversationId, userId],
    );
    if (!row) throw notFound('conversation');
    if (row.member) return { siteId, userId, sessionId: userId };
    throw new Problem('validation_failed', 'unable to send; whom it is sent for is not a member', {
      issues: [{ path: 'senderId', message: 'must be a member of the conversation' }],
    });
  };

  return {
    commands: [],
    routes: [
      route('GET /admin/conversations/:conversationId/messages', async ({ site, params, query }) => {
        const { before, after, limit = pageSize } = query;
        const page = await readPageOfSite(db, site.id, params.conversationId, { before, after, limit });
        if (page === undefined) throw notFound('conversation');
        return { status: 200, body: asBody(page) };
      }),
      route('POST /admin/conversations/:conversationId/messages', async ({ site, params, body }) => {
        const { senderId, senderExternalId, ...said } = body;
        const draft = { ...params, ...said };
        const named = senderId !== undefined || senderExternalId !== undefined;
        const [userId] = named
          ? await findPeople(db, site.id, [{ userId: senderId, externalId: senderExternalId }])
          : [];
        const sent =
          userId === undefined
            ? await sayAsSite(site, draft)
            : await send(await onBehalfOf(site.id, params.conversationId, userId), draft);
        return { status: sent.replayed ? 200 : 201, body: sent };
      }),
      route('DELETE /admin/conversations/:conversationId/messages/:messageId', async (request) => {
        const { site, params, query, note } = request;
        if (query.reason !== undefined) note({ details: { reason: query.reason } });
        return { status: 200, body: await remove({ siteId: site.id }, params) };
      }),
    ],
  };
};
