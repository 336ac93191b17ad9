import type { Conversation } from '../../protocol/conversations.ts';
import type { Message } from '../../protocol/messages.ts';
import type { User } from '../../protocol/users.ts';
import type { OutboxEntry } from './device-store.ts';
import type { Unsent } from './outbox.ts';
import type { Timeline } from './timeline.ts';
import type { DeliveryState, TimelineItem } from './types.ts';

/** What a timeline is shown from. */
export interface TimelineSource {
  readonly record: Conversation | undefined;
  readonly timeline: Timeline | undefined;
  readonly unsent: readonly Unsent[];
  readonly meId: string;
  user(userId: string): User;
  /** How far the files of an unsent message are; the same list until something changes. */
  uploads(entry: OutboxEntry): TimelineItem['uploads'];
}

/** Makes items of messages. An item is the same object as before when nothing about it changed, so that only what changed is drawn again. */
export const createTimelineView = (): ((source: TimelineSource) => TimelineItem[]) => {
  let drawn = new Map<string, TimelineItem>();

  return ({ record, timeline, unsent, meId, user, uploads: uploadsOf }) => {
    const next = new Map<string, TimelineItem>();
    const reach = reachOf(record, meId);
    const show = (key: string, message: Message, delivery?: DeliveryState, entry?: OutboxEntry) => {
      const failure = entry?.failure;
      const uploads = entry && uploadsOf(entry);
      const before = drawn.get(key);
      const sender = user(message.senderId);
      const same =
        before?.message === message &&
        before.delivery === delivery &&
        before.failure === failure &&
        before.uploads === uploads &&
        before.sender === sender;
      next.set(
        key,
        same
          ? before
          : {
              key,
              message,
              sender,
              own: message.senderId === meId,
              ...(delivery && { delivery }),
              ...(failure && { failure }),
              ...(uploads && { uploads }),
            },
      );
    };

    if (timeline?.begun) {
      for (const message of timeline.messages) {
        const own = message.senderId === meId;
        show(own ? message.clientId : message.id, message, own ? deliveryOf(message.seq, reach) : undefined);
      }
    }
    for (const { entry, state, message } of unsent) {
      if (next.has(entry.clientId)) continue;
      // A committed one keeps the object that it was first shown with, until the timeline has it at its place.
      const before = drawn.get(entry.clientId)?.message;
      const shown = before?.seq === Infinity && before.text === entry.text ? before : toMessage(entry, meId, message);
      show(entry.clientId, shown, state, entry);
    }
    drawn = next;
    return [...next.values()];
  };
};

interface Reach {
  readonly read: number;
  readonly delivered: number;
}

/** The last `seq` that everybody else has read, and received. Nobody need have read what was said before they came. */
const reachOf = (record: Conversation | undefined, meId: string): Reach => {
  if (!record || record.members.length < record.memberCount || record.members.length < 2) {
    return { read: 0, delivered: 0 };
  }
  let read = Infinity;
  let delivered = Infinity;
  for (const member of record.members) {
    if (member.userId === meId) continue;
    read = Math.min(read, Math.max(member.readSeq, member.joinedSeq - 1));
    delivered = Math.min(delivered, Math.max(member.deliveredSeq, member.joinedSeq - 1));
  }
  return { read, delivered };
};

const deliveryOf = (seq: number, { read, delivered }: Reach): DeliveryState =>
  seq <= read ? 'read' : seq <= delivered ? 'delivered' : 'sent';

const toMessage = (entry: Unsent['entry'], meId: string, sent: Message | undefined): Message => ({
  id: entry.clientId,
  conversationId: entry.conversationId,
  senderId: meId,
  clientId: entry.clientId,
  seq: Infinity,
  changedSeq: Infinity,
  text: entry.text,
  ...(entry.replyTo !== undefined && { replyTo: entry.replyTo }),
  mentions: [...(entry.mentions ?? [])],
  reactions: [],
  files: [],
  createdAt: sent?.createdAt ?? entry.createdAt,
});
