import type { Body } from '../../../protocol/contract.ts';
import type { Endpoint } from '../../../protocol/index.ts';
import { route, type Deps, type Feature, type Session } from '../../feature.ts';
import { Problem } from '../../problem.ts';
import type { Disposal } from '../files/index.ts';
import type { Lanes } from '../messages/index.ts';
import { requireStart } from '../sites/index.ts';
import { refuseReserved } from '../users/index.ts';
import { createChangeConversation } from './change-conversation.ts';
import { createChangeMembers } from './change-members.ts';
import { readChanges } from './changes.ts';
import { createCreateConversation } from './create-conversation.ts';
import { createReadConversations } from './read.ts';
import { directKey, findDirect } from './store.ts';

export { createChangeConversation } from './change-conversation.ts';
export { createChangeMembers } from './change-members.ts';
export { createCreateConversation } from './create-conversation.ts';
export { memberJson, noPresence, previewSize, toMember, type MemberRow } from './view.ts';
export { readViews } from './read.ts';
export {
  directKey,
  findDirect,
  insertConversation,
  pairLockKey,
  pairLockText,
  readMembers,
  writeMembers,
} from './store.ts';

const listSize = 50;
const changesSize = 500;

/** Who talks with whom: direct messages, groups, their members, and what changed while somebody was away. */
export const createConversations = (deps: Deps, lanes: Lanes, disposal: Disposal): Feature => {
  const read = createReadConversations(deps);
  const create = createCreateConversation(deps, lanes);
  const change = createChangeConversation(deps, lanes, disposal);
  const members = createChangeMembers(deps, lanes);

  return {
    commands: [],
    routes: [
      route('GET /conversations', async ({ session, query }) => ({
        status: 200,
        body: await read.list(session, { cursor: query.cursor, limit: query.limit ?? listSize }),
      })),
      route('POST /conversations', async ({ session, body }) => {
        await refuseReserved(deps.db, session.siteId, { title: body.title });
        await refuseStart(deps.db, session, body);
        const { id, created } = await (body.kind === 'dm'
          ? create.direct(session, given(body.userId))
          : create.group(session, { title: given(body.title), userIds: given(body.userIds) }));
        return { status: created ? 201 : 200, body: { conversation: await read.one(session, id) } };
      }),
      route('GET /conversations/:conversationId', async ({ session, params }) => ({
        status: 200,
        body: { conversation: await read.one(session, params.conversationId) },
      })),
      route('PATCH /conversations/:conversationId', async ({ session, params, body }) => {
        const { title, ...flags } = body;
        if (title !== undefined) {
          await refuseReserved(deps.db, session.siteId, { title });
          await change.rename(session, params.conversationId, title);
        }
        const personal = flags.muted !== undefined || flags.pinned !== undefined;
        if (personal) await change.setPersonal(session, params.conversationId, flags);
        return { status: 200, body: { conversation: await read.one(session, params.conversationId) } };
      }),
      route('PUT /conversations/:conversationId/avatar', async ({ session, params, body }) => {
        await change.setAvatar(session, params.conversationId, body.fileId);
        return { status: 200, body: { conversation: await read.one(session, params.conversationId) } };
      }),
      route('DELETE /conversations/:conversationId/avatar', async ({ session, params }) => {
        await change.setAvatar(session, params.conversationId, undefined);
        return { status: 200, body: { conversation: await read.one(session, params.conversationId) } };
      }),
      route('POST /conversations/:conversationId/members', async ({ session, params, body }) => {
        await members.add(session, params.conversationId, body.userIds);
        return { status: 200, body: { conversation: await read.one(session, params.conversationId) } };
      }),
      route('PATCH /conversations/:conversationId/members/:userId', async ({ session, params, body }) => ({
        status: 200,
        body: { member: await members.setRole(session, params.conversationId, params.userId, body.role) },
      })),
      route('DELETE /conversations/:conversationId/members/:userId', async ({ session, params }) => {
        await members.remove(session, params.conversationId, params.userId);
        return { status: 204, body: null };
      }),
      route('GET /conversations/:conversationId/changes', async ({ session, params, query }) => {
        const page = { after: query.after, limit: query.limit ?? changesSize };
        return { status: 200, body: await readChanges(deps, session, params.conversationId, page) };
      }),
    ],
  };
};

/** Refuses who may not begin such a conversation; a direct message that is there can be opened by both. */
const refuseStart = async (
  db: Deps['db'],
  session: Session,
  { kind, userId }: Body<Endpoint<'POST /conversations'>>,
): Promise<void> => {
  if (kind === 'group') return requireStart(db, session, 'groups');
  const known = await findDirect(db, session.siteId, directKey(session.userId, given(userId)));
  if (known === undefined) await requireStart(db, session, 'direct');
};

/** A field that the protocol's refinement has seen to be there. */
const given = <T>(value: T | undefined): T => {
  if (value === undefined)
    throw new Problem('validation_failed', 'unable to make the conversation; a field is missing');
  return value;
};
