import type { Message } from '../../../protocol/messages.ts';
import type { Deps, Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { detachFiles, type Disposal } from '../files/index.ts';
import type { Transaction } from './lane-connection.ts';
import type { Lanes } from './lanes.ts';
import { lockAsMember, refuseClosed, takeSeqs, type Authority, type LockedConversation } from './membership.ts';
import { unknownMention } from './send-message.ts';
import { tellReaders } from './readers.ts';
import { readInside, strangers, writeEdit, writeReaction, writeTombstone, type Place } from './store.ts';

interface Target {
  readonly conversationId: string;
  readonly messageId: string;
}

type ChangeOf<Details, By = Session> = (session: By, target: Target & Details) => Promise<{ message: Message }>;

/** The use cases that change a message which is there. What changes nothing takes no seq and is not published. */
export interface ChangeMessage {
  /** One's own only; mentions that are left out stay. Throws `forbidden`, or `conflict` for a tombstone. */
  readonly edit: ChangeOf<{ text: string; mentions?: readonly string[] | undefined }>;
  /** One's own, or in a group as its owner or admin; anybody's as the site. */
  readonly remove: ChangeOf<unknown, Authority>;
  /** Puts a reaction there or takes it back. */
  readonly react: ChangeOf<{ emoji: string; on: boolean }>;
}

/** Makes the use cases behind both doors, routes and commands. */
export const createChangeMessage = ({ config, hub }: Deps, lanes: Lanes, disposal: Disposal): ChangeMessage => {
  /** Runs the change under the conversation's lock. `decide` throws a refusal, or returns what to write, or nothing when all is so already. */
  const change = (
    session: Authority,
    { conversationId, messageId }: Target,
    decide: (found: Message, conversation: LockedConversation, transaction: Transaction) => Promise<Write | undefined>,
  ): Promise<{ message: Message }> =>
    lanes.run(conversationId, async (transaction) => {
      const conversation = await lockAsMember(transaction, session, conversationId);
      const found = await readInside(transaction, conversationId, messageId);
      if (!found || found.seq <= conversation.visibleFrom) throw notFound('message');
      const write = await decide(found, conversation, transaction);
      if (!write) return { value: { message: found } };

      const seq = await takeSeqs(transaction, conversationId);
      await write({ conversationId, messageId, seq });
      const message = await readInside(transaction, conversationId, messageId);
      if (!message) throw notFound('message');
      const event = { type: 'message.changed', conversationId, seq, data: { message } } as const;
      return { value: { message }, publish: await tellReaders(transaction, hub, conversation, event) };
    });

  return {
    edit: (session, { text, mentions: given, ...target }) =>
      change(session, target, async (found, conversation, transaction) => {
        if (found.senderId !== session.userId) throw new Problem('forbidden', 'unable to edit; somebody else wrote it');
        refuseBlocked(conversation, 'edit');
        refuseClosed(conversation, 'edit');
        if (found.call) throw new Problem('forbidden', 'unable to edit; it says how a call went');
        refuseTombstone(found, 'edit');
        refuseEmpty(found, text);
        const mentions = given ?? found.mentions;
        if (found.text === text && sameSet(found.mentions, mentions)) return undefined;
        // Who was mentioned before may have left since.
        const added = mentions.filter((userId) => !found.mentions.includes(userId));
        if ((await strangers(transaction, target.conversationId, added)).length > 0) throw unknownMention('edit');
        return (place) => writeEdit(transaction, { ...place, text, mentions });
      }),

    async remove(session, target) {
      let hadFiles = false;
      const outcome = await change(session, target, async (found, { kind, role }, transaction) => {
        const moderates = session.userId === undefined || (kind === 'group' && role !== 'member');
        if (found.senderId !== session.userId && !moderates) {
          throw new Problem('forbidden', 'unable to delete; somebody else wrote it');
        }
        if (found.deletedAt !== undefined) return undefined;
        hadFiles = found.files.length > 0;
        return async (place) => {
          if (hadFiles) await detachFiles(transaction, target.conversationId, found.seq);
          await writeTombstone(transaction, place);
        };
      });
      if (hadFiles) disposal.soon();
      return outcome;
    },

    react: (session, { emoji, on, ...target }) =>
      change(session, target, async (found, conversation, transaction) => {
        refuseBlocked(conversation, 'react');
        refuseClosed(conversation, 'react');
        const there = found.reactions.find((reaction) => reaction.emoji === emoji);
        if ((there?.userIds.includes(session.userId) ?? false) === on) return undefined;
        refuseTombstone(found, 'react');
        if (on && !there && found.reactions.length >= config.limits.reactionsPerMessage) {
          throw new Problem('conflict', 'unable to react; the message has as many different reactions as it can have');
        }
        return (place) => writeReaction(transaction, { ...place, emoji, userId: session.userId, on });
      }),
  };
};

type Write = (place: Place) => Promise<void>;

const refuseBlocked = ({ blocked }: LockedConversation, what: string): void => {
  if (blocked) throw new Problem('blocked', `unable to ${what}; one of you has blocked the other`);
};

const refuseTombstone = ({ deletedAt }: Message, what: string): void => {
  if (deletedAt !== undefined) throw new Problem('conflict', `unable to ${what}; the message was deleted`);
};

const refuseEmpty = ({ files }: Message, text: string): void => {
  if (text !== '' || files.length > 0) return;
  throw new Problem('validation_failed', 'unable to edit; nothing would be left of the message', {
    issues: [{ path: 'text', message: 'must not be empty' }],
  });
};

const sameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one) => others.includes(one));
