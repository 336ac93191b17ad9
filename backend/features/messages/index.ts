import { asBody, command, route, type Deps, type Feature } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import type { Disposal } from '../files/index.ts';
import { createChangeMessage } from './change-message.ts';
import type { Lanes } from './lanes.ts';
import { createSendMessage } from './send-message.ts';
import { readMessage, readPage } from './store.ts';

export { writeCallEntry } from './call-entry.ts';
export { writeReaction } from './store.ts';
export { createLanes, type Change, type Lanes } from './lanes.ts';
export type { Transaction } from './lane-connection.ts';
export { createChangeMessage, type ChangeMessage } from './change-message.ts';
export { createSendMessage, hashOf, refusalOf, type SendMessage } from './send-message.ts';
export { tellReaders } from './readers.ts';
export { closed, lockAsMember, refuseClosed, takeSeqs, type Authority, type LockedConversation } from './membership.ts';
export { messageJson, readInside, readMessage, readPageOfSite } from './store.ts';

const pageSize = 50;

/** What people say: sending, the timeline, edits, deletions, reactions. */
export const createMessages = (deps: Deps, lanes: Lanes, disposal: Disposal): Feature => {
  const { db } = deps;
  const sendMessage = createSendMessage(deps, lanes);
  const { edit, remove, react } = createChangeMessage(deps, lanes, disposal);

  return {
    routes: [
      route('GET /conversations/:conversationId/messages', async ({ session, params, query }) => {
        const { before, after, limit = pageSize } = query;
        const page = await readPage(db, session, params.conversationId, { before, after, limit });
        if (page === undefined) throw notFound('conversation');
        return { status: 200, body: asBody(page) };
      }),
      route('GET /conversations/:conversationId/messages/:messageId', async ({ session, params }) => {
        const message = await readMessage(db, session, params.conversationId, params.messageId);
        if (!message) throw notFound('message');
        return { status: 200, body: { message } };
      }),
      route('POST /conversations/:conversationId/messages', async ({ session, params, body }) => {
        const sent = await sendMessage(session, { ...params, ...body });
        return { status: sent.replayed ? 200 : 201, body: sent };
      }),
      route('PATCH /conversations/:conversationId/messages/:messageId', async ({ session, params, body }) => ({
        status: 200,
        body: await edit(session, { ...params, ...body }),
      })),
      route('DELETE /conversations/:conversationId/messages/:messageId', async ({ session, params }) => ({
        status: 200,
        body: await remove(session, params),
      })),
      route('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', async ({ session, params }) => ({
        status: 200,
        body: await react(session, { ...params, on: true }),
      })),
      route(
        'DELETE /conversations/:conversationId/messages/:messageId/reactions/:emoji',
        async ({ session, params }) => ({
          status: 200,
          body: await react(session, { ...params, on: false }),
        }),
      ),
    ],
    commands: [
      command('message.send', ({ session, data }) => sendMessage(session, data)),
      command('message.edit', ({ session, data }) => edit(session, data)),
      command('message.delete', ({ session, data }) => remove(session, data)),
      command('reaction.add', ({ session, data }) => react(session, { ...data, on: true })),
      command('reaction.remove', ({ session, data }) => react(session, { ...data, on: false })),
    ],
    close: () => lanes.close(),
  };
};
