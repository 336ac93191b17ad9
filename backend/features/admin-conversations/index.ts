import type { AdminConversation, PersonRef } from '../../../protocol/admin-conversations.ts';
import type { Role } from '../../../protocol/conversations.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { Problem } from '../../problem.ts';
import { readPageQuery, toPage } from '../admin/index.ts';
import { createChangeConversation, createChangeMembers, createCreateConversation } from '../conversations/index.ts';
import type { Disposal } from '../files/index.ts';
import type { Lanes } from '../messages/index.ts';
import { findConversation, findPeople, listConversations } from './store.ts';

export { findPeople } from './store.ts';

/** Conversations as a site's own servers make, see and change them: by the same use cases as people, with the say of an owner. */
export const createAdminConversations = (deps: Deps, lanes: Lanes, disposal: Disposal): Feature => {
  const { config, db } = deps;
  const create = createCreateConversation(deps, lanes);
  const change = createChangeConversation(deps, lanes, disposal);
  const members = createChangeMembers(deps, lanes);

  const read = async (siteId: string, conversationId: string): Promise<{ conversation: AdminConversation }> => ({
    conversation: await findConversation(config, db, {
      siteId,
      conversationId,
      mostMembers: config.limits.groupMembers,
    }),
  });
  const people = async (siteId: string, refs: readonly (PersonRef & { role?: Role | undefined })[]) => {
    const ids = await findPeople(db, siteId, refs);
    refuseTwice(ids);
    return ids.map((userId, place) => ({ userId, role: refs[place]?.role }));
  };

  return {
    commands: [],
    routes: [
      route('POST /admin/conversations', async ({ site, body, note }) => {
        const found = await people(site.id, body.members);
        const [one, other] = found.map(({ userId }) => userId);
        if (one === undefined) throw new Error('unable to make the conversation; it has no members');
        const { id, created } =
          body.kind === 'dm' && other !== undefined
            ? await create.directFor(site.id, [one, other])
            : await create.groupFor(site.id, {
                title: body.title ?? '',
                members: found.map(({ userId, role = 'member' }) => ({ userId, role })),
              });
        note({ target: id });
        return { status: created ? 201 : 200, body: await read(site.id, id) };
      }),
      route('GET /admin/conversations', async ({ site, query }) => {
        const { limit, after: before } = readPageQuery(query);
        const { userId: asked, externalId } = query;
        const named = asked !== undefined || externalId !== undefined;
        const [userId] = named ? await findPeople(db, site.id, [{ userId: asked, externalId }]) : [];
        const found = await listConversations(config, db, { siteId: site.id, before, limit: limit + 1, userId });
        const { rows, next } = toPage(found, limit);
        return { status: 200, body: { conversations: rows, ...next } };
      }),
      route('GET /admin/conversations/:conversationId', async ({ site, params }) => ({
        status: 200,
        body: await read(site.id, params.conversationId),
      })),
      route('PATCH /admin/conversations/:conversationId', async ({ site, params, body, note }) => {
        const by = { siteId: site.id };
        if (body.title !== undefined) await change.rename(by, params.conversationId, body.title);
        if (body.closed !== undefined) {
          note({ details: { closed: body.closed } });
          await change.setClosed(by, params.conversationId, body.closed);
        }
        return { status: 200, body: await read(site.id, params.conversationId) };
      }),
      route('POST /admin/conversations/:conversationId/members', async ({ site, params: { conversationId }, body }) => {
        const by = { siteId: site.id };
        const coming = await people(site.id, body.members);
        const roles = new Map(coming.flatMap(({ userId, role }) => (role === undefined ? [] : [[userId, role]])));
        await members.add(
          by,
          conversationId,
          coming.map(({ userId }) => userId),
          roles,
        );
        for (const [userId, role] of roles) await members.setRole(by, conversationId, userId, role);
        return { status: 200, body: await read(site.id, conversationId) };
      }),
      route('PATCH /admin/conversations/:conversationId/members/:userId', async ({ site, params, body }) => {
        const { conversationId, userId } = params;
        await members.setRole({ siteId: site.id }, conversationId, userId, body.role);
        return { status: 200, body: await read(site.id, conversationId) };
      }),
      route('DELETE /admin/conversations/:conversationId/members/:userId', async ({ site, params }) => {
        await members.remove({ siteId: site.id }, params.conversationId, params.userId);
        return { status: 204, body: null };
      }),
    ],
  };
};

const refuseTwice = (userIds: readonly string[]): void => {
  if (new Set(userIds).size === userIds.length) return;
  throw new Problem('validation_failed', 'unable to take the members; somebody is named twice', {
    issues: [{ path: 'members', message: 'must not name anybody twice' }],
  });
};
