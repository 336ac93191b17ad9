import type { Member, Role } from '../../../protocol/conversations.ts';
import type { Deps } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import {
  lockAsMember,
  takeSeqs,
  type Authority,
  type Lanes,
  type LockedConversation,
  type Transaction,
} from '../messages/index.ts';
import { conversationRulesOf, readPolicy } from '../sites/index.ts';
import type { PublicUrl } from '../users/index.ts';
import { readViews } from './read.ts';
import { checkPeople, countMembers, readMembers, writeDeparture, writeMembers, writeRole } from './store.ts';

/** Who is in a group and as what. */
export interface ChangeMembers {
  /** Those who are in already stay as they are. Each who comes takes a seq. Only the site brings people in as more than members. */
  add(
    by: Authority,
    conversationId: string,
    userIds: readonly string[],
    roles?: ReadonlyMap<string, Role>,
  ): Promise<void>;
  /** Removes somebody, or oneself; they hear nothing that is committed after it. */
  remove(by: Authority, conversationId: string, userId: string): Promise<void>;
  setRole(by: Authority, conversationId: string, userId: string, role: Role): Promise<Member>;
}

/** Makes the use cases. */
export const createChangeMembers = ({ config, hub, log }: Deps, lanes: Lanes): ChangeMembers => {
  const publishMember = (conversationId: string, member: Member): void =>
    hub.publish(`conversation:${conversationId}`, {
      type: 'member.changed',
      conversationId,
      seq: member.changedSeq,
      data: { member },
    });

  return {
    add: (session, conversationId, userIds, roles) =>
      lanes.run(conversationId, async (transaction) => {
        const conversation = await lockAsMember(transaction, session, conversationId);
        refuseDirect(conversation);
        if (conversation.role === 'member')
          throw new Problem('forbidden', 'unable to add people; ask an owner or admin');
        const known = await readMembers(config, transaction, conversationId, userIds);
        const joining = userIds.filter((userId) => known.get(userId)?.removed ?? !known.has(userId));
        if (joining.length === 0) return { value: undefined };
        await checkPeople(transaction, session.siteId, session.userId, joining);
        const { members } = await countMembers(transaction, conversationId);
        if (members + joining.length > config.limits.groupMembers) {
          throw new Problem(
            'conflict',
            `unable to add people; a group has at most ${config.limits.groupMembers} members`,
          );
        }
        const firstSeq = await takeSeqs(transaction, conversationId, joining.length);
        const { history } = conversationRulesOf(await readPolicy(transaction, session.siteId));
        const into = { siteId: session.siteId, conversationId, firstSeq, hidesPast: history === 'sinceJoining' };
        await writeMembers(
          transaction,
          into,
          joining.map((userId) => ({ userId, role: roles?.get(userId) ?? 'member' })),
        );
        const joined = await readMembers(config, transaction, conversationId, joining);
        const views = await readViews(config, transaction, session.siteId, conversationId, joining);
        return {
          value: undefined,
          publish() {
            for (const userId of joining) hub.follow(userId, conversationId);
            for (const [userId, view] of views) {
              hub.publish(`user:${userId}`, { type: 'conversation.created', data: { conversation: view } });
            }
            for (const userId of joining) {
              const member = joined.get(userId);
              if (member) publishMember(conversationId, member);
            }
          },
        };
      }),

    async remove(session, conversationId, userId) {
      let unfollowed = false;
      try {
        await lanes.run(conversationId, async (transaction) => {
          const conversation = await lockAsMember(transaction, session, conversationId);
          refuseDirect(conversation);
          const target = await present(config, transaction, conversationId, userId);
          await checkRemoval(transaction, { session, conversationId, conversation, target });
          const seq = await takeSeqs(transaction, conversationId);
          await writeDeparture(transaction, conversationId, userId, seq);
          const member = (await readMembers(config, transaction, conversationId, [userId])).get(userId);
          unfollowed = true;
          hub.unfollow(userId, conversationId);
          return {
            value: undefined,
            publish() {
              if (member) publishMember(conversationId, member);
              hub.publish(`user:${userId}`, { type: 'conversation.removed', data: { conversationId } });
            },
          };
        });
      } catch (error) {
        if (unfollowed) {
          // Whether it was committed may be unknown: their sockets come back and follow what the database says then.
          log.warn({ conversationId, err: error }, 'a removal failed at its end');
          hub.closeUser(userId, 'insufficient_state');
        }
        throw error;
      }
    },

    setRole: (session, conversationId, userId, role) =>
      lanes.run(conversationId, async (transaction) => {
        const conversation = await lockAsMember(transaction, session, conversationId);
        refuseDirect(conversation);
        if (conversation.role !== 'owner') throw new Problem('forbidden', 'unable to change roles; ask an owner');
        const target = await present(config, transaction, conversationId, userId);
        if (target.role === role) return { value: target };
        const { owners } = await countMembers(transaction, conversationId);
        if (session.userId !== undefined && target.role === 'owner' && owners === 1) throw lastOwner();
        const seq = await takeSeqs(transaction, conversationId);
        await writeRole(transaction, conversationId, userId, { role, seq });
        const member = await present(config, transaction, conversationId, userId);
        return { value: member, publish: () => publishMember(conversationId, member) };
      }),
  };
};

const refuseDirect = ({ kind }: LockedConversation): void => {
  if (kind === 'dm') throw new Problem('forbidden', 'unable to change the members; a direct message keeps its two');
};

const present = async (
  at: PublicUrl,
  transaction: Transaction,
  conversationId: string,
  userId: string,
): Promise<Member> => {
  const member = (await readMembers(at, transaction, conversationId, [userId])).get(userId);
  if (!member || member.removed) throw notFound('member');
  return member;
};

const lastOwner = (): Problem =>
  new Problem('conflict', 'unable to let the last owner go; make somebody else an owner first');

const checkRemoval = async (
  transaction: Transaction,
  {
    session,
    conversationId,
    conversation,
    target,
  }: { session: Authority; conversationId: string; conversation: LockedConversation; target: Member },
): Promise<void> => {
  if (target.userId !== session.userId) {
    const may = conversation.role === 'owner' || (conversation.role === 'admin' && target.role === 'member');
    if (!may) throw new Problem('forbidden', 'unable to remove them; ask an owner');
    return;
  }
  if (target.role !== 'owner') return;
  const { members, owners } = await countMembers(transaction, conversationId);
  if (owners === 1 && members > 1) throw lastOwner();
};
