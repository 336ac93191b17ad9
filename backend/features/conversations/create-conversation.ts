import { uuidv7 } from 'uuidv7';
import type { Role } from '../../../protocol/conversations.ts';
import type { Deps, Session } from '../../feature.ts';
import { Problem } from '../../problem.ts';
import type { Change, Lanes, Transaction } from '../messages/index.ts';
import { readViews } from './read.ts';
import {
  checkPeople,
  directKey,
  findDirect,
  insertConversation,
  pairLockKey,
  pairLockText,
  writeMembers,
} from './store.ts';

/** What came of asking for a conversation: its id, and whether it was not there before. */
export interface Created {
  readonly id: string;
  readonly created: boolean;
}

/** Making conversations. */
export interface CreateConversation {
  /** The direct message with somebody, made if need be; two who ask at once get the same one. */
  direct(session: Session, peerId: string): Promise<Created>;
  /** A group, owned by who makes it. */
  group(session: Session, group: { title: string; userIds: readonly string[] }): Promise<Created>;
  /** The direct message of two people, made by their site if need be. */
  directFor(siteId: string, pair: readonly [string, string]): Promise<Created>;
  /** A group that the site makes, of one member at least. */
  groupFor(siteId: string, group: { title: string; members: readonly NewMember[] }): Promise<Created>;
}

/** Somebody who comes into a conversation, and as what. */
export interface NewMember {
  readonly userId: string;
  readonly role: Role;
}

/** Makes the use cases. */
export const createCreateConversation = ({ config, db, hub }: Deps, lanes: Lanes): CreateConversation => {
  /** What to return and to tell its members of, once the new conversation is committed. */
  const announce = async (
    transaction: Transaction,
    siteId: string,
    { id, userIds, direct }: { id: string; userIds: readonly string[]; direct: boolean },
  ): Promise<Change<Created>> => {
    const views = await readViews(config, transaction, siteId, id, userIds);
    return {
      value: { id, created: true },
      publish() {
        for (const userId of userIds) {
          const peerId = direct ? userIds.find((other) => other !== userId) : undefined;
          hub.follow(userId, id, peerId);
        }
        for (const [userId, conversation] of views) {
          hub.publish(`user:${userId}`, { type: 'conversation.created', data: { conversation } });
        }
      },
    };
  };

  const direct = async (siteId: string, userId: string, peerId: string): Promise<Created> => {
    if (peerId === userId) {
      throw new Problem('validation_failed', 'unable to open a direct message; it takes two', {
        issues: [{ path: 'userId', message: 'must be somebody else' }],
      });
    }
    const id = uuidv7();
    const userIds = [userId, peerId];
    return lanes.run<Created>(id, async (transaction) => {
      await transaction.query('direct_lock', pairLockText, [pairLockKey(siteId, userId, peerId)]);
      await checkPeople(transaction, siteId, userId, [peerId]);
      const dmKey = directKey(userId, peerId);
      const existing = await findDirect(transaction, siteId, dmKey);
      if (existing !== undefined) return { value: { id: existing, created: false } };
      await insertConversation(transaction, { id, siteId, createdBy: userId, kind: 'dm', dmKey });
      const members = userIds.map((member) => ({ userId: member, role: 'member' as const }));
      await writeMembers(transaction, { siteId, conversationId: id }, members);
      return announce(transaction, siteId, { id, userIds, direct: true });
    });
  };

  /** `userId` is who makes it, unless it is the site. */
  const group = async (
    siteId: string,
    userId: string | undefined,
    { title, members }: { title: string; members: readonly NewMember[] },
  ): Promise<Created> => {
    const userIds = members.map((member) => member.userId);
    if (userIds.length > config.limits.groupMembers) {
      throw new Problem('validation_failed', 'unable to make the group; it would have too many members', {
        issues: [{ path: 'userIds', message: `must leave the group at ${config.limits.groupMembers} members at most` }],
      });
    }
    const id = uuidv7();
    return lanes.run<Created>(id, async (transaction) => {
      await checkPeople(
        transaction,
        siteId,
        userId,
        userIds.filter((each) => each !== userId),
      );
      const createdBy = userId ?? (members.find(({ role }) => role === 'owner') ?? members[0])?.userId ?? '';
      await insertConversation(transaction, { id, siteId, createdBy, kind: 'group', title });
      await writeMembers(transaction, { siteId, conversationId: id }, members);
      return announce(transaction, siteId, { id, userIds, direct: false });
    });
  };

  return {
    direct: ({ siteId, userId }, peerId) => direct(siteId, userId, peerId),
    async directFor(siteId, [one, other]) {
      await checkPeople(db, siteId, undefined, [one]);
      return direct(siteId, one, other);
    },
    group: ({ siteId, userId }, { title, userIds }) =>
      group(siteId, userId, {
        title,
        members: [
          { userId, role: 'owner' },
          ...userIds.filter((other) => other !== userId).map((other) => ({ userId: other, role: 'member' as const })),
        ],
      }),
    groupFor: (siteId, made) => group(siteId, undefined, made),
  };
};
