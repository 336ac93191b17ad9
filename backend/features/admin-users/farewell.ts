import type { Deps } from '../../feature.ts';
import { inSite } from '../../database/wall.ts';
import { createChangeCall, findOwn, leaveCall } from '../calls/index.ts';
import { createChangeConversation, createChangeMembers, readMembers } from '../conversations/index.ts';
import type { Disposal } from '../files/index.ts';
import {
  createChangeMessage,
  lockAsMember,
  readInside,
  takeSeqs,
  writeReaction,
  type Lanes,
} from '../messages/index.ts';
import type { FateOfMessages } from './erase.ts';

/** Takes those who were erased out of what they had with others, so that everybody is told of it in order. */
export interface Farewell {
  /** Resolves when nothing of them is left to do. Doing it twice, or in two processes at once, does no harm. */
  to(who: { readonly siteId: string; readonly userId: string; readonly messages: FateOfMessages }): Promise<void>;
}

interface PlaceRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly kind: string;
  readonly left: boolean;
  /** Who becomes an owner when they were the only one. */
  readonly heir: string | null;
}

interface ReactionRow {
  readonly [column: string]: unknown;
  readonly conversation_id: string;
  readonly message_id: string;
  readonly emoji: string;
}

const messagesAtOnce = 200;

/** Makes it. */
export const createFarewell = (deps: Deps, lanes: Lanes, disposal: Disposal): Farewell => {
  const { config, db, hub } = deps;
  const { changeCall } = createChangeCall(deps, lanes);
  const members = createChangeMembers(deps, lanes);
  const conversations = createChangeConversation(deps, lanes, disposal);
  const messages = createChangeMessage(deps, lanes, disposal);

  const leaveCalls = async (userId: string): Promise<void> => {
    const own = await findOwn(db, userId);
    if (own) await changeCall(own, (call, { now }) => leaveCall(call, [userId], now));
  };

  /** Tells the others who this is now: nobody whom they know. */
  const tellName = (siteId: string, conversationId: string, userId: string): Promise<void> =>
    lanes.run(conversationId, async (transaction) => {
      await lockAsMember(transaction, { siteId }, conversationId);
      const seq = await takeSeqs(transaction, conversationId);
      await transaction.query(
        'farewell_tell_name',
        'update members set changed_seq = $3 where conversation_id = $1 and user_id = $2',
        [conversationId, userId, seq],
      );
      const member = (await readMembers(config, transaction, conversationId, [userId])).get(userId);
      return {
        value: undefined,
        publish() {
          if (member)
            hub.publish(`conversation:${conversationId}`, {
              type: 'member.changed',
              conversationId,
              seq,
              data: { member },
            });
        },
      };
    });

  const leave = async (siteId: string, userId: string, { id, kind, left, heir }: PlaceRow): Promise<void> => {
    if (kind === 'group' && !left) {
      if (heir !== null) await members.setRole({ siteId }, id, heir, 'owner');
      return members.remove({ siteId }, id, userId);
    }
    await tellName(siteId, id, userId);
    // A direct message has nobody left who could answer.
    return left ? undefined : conversations.setClosed({ siteId }, id, true);
  };

  const deleteMessages = async (siteId: string, userId: string): Promise<void> => {
    for (;;) {
      const rows = await db.query<{ id: string; conversation_id: string }>('farewell_messages', messagesText, [
        userId,
        siteId,
        messagesAtOnce,
      ]);
      for (const { id, conversation_id: conversationId } of rows)
        await messages.remove({ siteId }, { conversationId, messageId: id });
      if (rows.length < messagesAtOnce) return;
    }
  };

  const takeBackReactions = async (siteId: string, userId: string): Promise<void> => {
    const rows = await db.query<ReactionRow>('farewell_reactions', reactionsText, [userId, siteId]);
    for (const { conversation_id: conversationId, message_id: messageId, emoji } of rows) {
      await lanes.run(conversationId, async (transaction) => {
        await lockAsMember(transaction, { siteId }, conversationId);
        const seq = await takeSeqs(transaction, conversationId);
        await writeReaction(transaction, { conversationId, messageId, seq, emoji, userId, on: false });
        const message = await readInside(transaction, conversationId, messageId);
        return {
          value: undefined,
          publish() {
            if (message)
              hub.publish(`conversation:${conversationId}`, {
                type: 'message.changed',
                conversationId,
                seq,
                data: { message },
              });
          },
        };
      });
    }
  };

  return {
    to: ({ siteId, userId, messages: fate }) =>
      inSite(siteId, async () => {
        await leaveCalls(userId);
        for (const place of await db.query<PlaceRow>('farewell_places', placesText, [userId, siteId]))
          await leave(siteId, userId, place);
        if (fate === 'delete') {
          await deleteMessages(siteId, userId);
          await takeBackReactions(siteId, userId);
        }
        await db.query('farewell_done', 'update users set erasing = null where id = $1', [userId]);
        disposal.soon();
      }),
  };
};

// Where somebody is or was. A group that they alone owned goes to an admin, or to who has been there longest.
const placesText = `
select c.id, c.kind, m.left_seq is not null as left,
  case when m.role = 'owner' and m.left_seq is null and not exists (
    select from members o where o.conversation_id = c.id and o.user_id <> $1 and o.left_seq is null and o.role = 'owner'
  ) then (
    select o.user_id from members o where o.conversation_id = c.id and o.user_id <> $1 and o.left_seq is null
    order by o.role <> 'admin', o.joined_seq, o.user_id limit 1
  ) end as heir
from members m join conversations c on c.id = m.conversation_id
where m.user_id = $1 and m.site_id = $2
order by c.id`;

// How a call went is not what one of them said.
const messagesText = `
select m.id, m.conversation_id
from members me join messages m on m.conversation_id = me.conversation_id and m.sender_id = me.user_id
where me.user_id = $1 and me.site_id = $2 and m.deleted_at is null and m.call is null
limit $3`;

const reactionsText = `
select r.conversation_id, r.message_id, r.emoji
from members me join reactions r on r.conversation_id = me.conversation_id and r.user_id = me.user_id
where me.user_id = $1 and me.site_id = $2`;
