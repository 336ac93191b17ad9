import type { Conversation, ConversationSummary, Member } from '../../protocol/conversations.ts';
import type { ServerEvent } from '../../protocol/index.ts';
import type { Message } from '../../protocol/messages.ts';
import type { MemberReceipt } from '../../protocol/receipts.ts';

/** An event that carries the `seq` of a conversation's change. */
export type DurableEvent = Extract<ServerEvent, { readonly seq: number }>;

/** What changed in a conversation from some `seq` on, as the changes endpoint tells it, all pages together. */
export interface Changes {
  readonly messages: readonly Message[];
  readonly members: readonly Member[];
  readonly conversation?: ConversationSummary | undefined;
  /** Everything up to here is in. */
  readonly head: number;
}

const maxUnread = 999;

/** One event as changes: the two ways in which news arrives are then applied by the same rules. */
export const changesOf = (event: DurableEvent): Changes => ({
  messages: event.type === 'message.created' || event.type === 'message.changed' ? [event.data.message] : [],
  members: event.type === 'member.changed' ? [event.data.member] : [],
  conversation: event.type === 'conversation.changed' ? event.data.conversation : undefined,
  head: event.seq,
});

/** The conversation after what changed beyond its `head`; what it knows already changes nothing. */
export const applyChanges = (record: Conversation, changes: Changes, meId: string): Conversation => {
  if (changes.head <= record.head) return record;
  const next = { ...record, head: changes.head };
  for (const member of changes.members) {
    if (member.changedSeq > record.head) applyMember(next, member, record.head);
  }
  // Whoever comes back has read all that was said before; what was counted is then part of it.
  const readSeq = myReadSeq(next, meId);
  if (readSeq >= record.head && readSeq > myReadSeq(record, meId)) next.unread = 0;
  for (const message of [...changes.messages].sort((a, b) => a.seq - b.seq)) {
    if (message.changedSeq <= record.head) continue;
    const last = next.lastMessage;
    if (!last || message.seq > last.seq) {
      next.lastMessage = message;
      next.lastActivityAt = message.createdAt;
    } else if (message.id === last.id) {
      next.lastMessage = message;
    }
    if (message.senderId === meId || message.seq <= readSeq) continue;
    if (message.seq > record.head) next.unread += message.deletedAt === undefined ? 1 : 0;
    // A deletion is a message's last change, so it is met once, as its change from counted to not counted.
    else if (message.deletedAt !== undefined) next.unread -= 1;
  }
  next.unread = Math.min(maxUnread, Math.max(0, next.unread));
  const summary = changes.conversation;
  if (summary && summary.changedSeq > record.changedSeq) {
    const { head: _, ...rest } = summary;
    // Open again: a summary leaves out what is not so.
    delete next.closedAt;
    Object.assign(next, rest);
  }
  return next;
};

/** A fresh copy from the server, with receipts that never go back; the older of the two loses. */
export const mergeFresh = (record: Conversation | undefined, fresh: Conversation, meId: string): Conversation => {
  if (!record) return fresh;
  if (fresh.head < record.head) return record;
  const known = new Map(record.members.map((member) => [member.userId, member]));
  const members = fresh.members.map((member) => withMarks(member, known.get(member.userId)));
  // A list's copy names 20 members at most; all that were loaded before stay, unless somebody came or went since.
  if (members.length < fresh.memberCount && fresh.memberCount === record.memberCount) {
    const named = new Set(members.map(({ userId }) => userId));
    members.push(...record.members.filter(({ userId }) => !named.has(userId)));
  }
  const merged = { ...fresh, members };
  const readSeq = myReadSeq(merged, meId);
  // Read here a moment ago, and the server had not heard of it yet.
  if (readSeq > myReadSeq(fresh, meId) && readSeq >= (fresh.lastMessage?.seq ?? 0)) merged.unread = 0;
  return merged;
};

/** The conversation with somebody's receipt; the same object when it says nothing new. */
export const applyReceipt = (record: Conversation, receipt: MemberReceipt): Conversation => {
  const member = record.members.find(({ userId }) => userId === receipt.userId);
  if (!member) return record;
  const next = withMarks(member, receipt);
  if (next === member) return record;
  return { ...record, members: record.members.map((other) => (other === member ? next : other)) };
};

/** How far one has read a conversation oneself. */
export const myReadSeq = (record: Conversation, meId: string): number =>
  record.members.find(({ userId }) => userId === meId)?.readSeq ?? 0;

/** Messages of others after `readSeq` among those of an unbroken run. */
export const countUnread = (messages: readonly Message[], readSeq: number, meId: string): number => {
  let count = 0;
  for (let i = messages.length - 1; i >= 0; i--) {
    const message = messages[i]!;
    if (message.seq <= readSeq || count >= maxUnread) break;
    if (message.senderId !== meId && message.deletedAt === undefined) count++;
  }
  return count;
};

const applyMember = (record: Conversation, member: Member, since: number): void => {
  const complete = record.members.length === record.memberCount;
  const known = record.members.find(({ userId }) => userId === member.userId);
  const others = record.members.filter((other) => other !== known);
  if (member.removed) {
    record.members = others;
    if (known || (!complete && member.joinedSeq <= since)) record.memberCount--;
    return;
  }
  const joined = !known && (complete || member.joinedSeq > since);
  record.members = known
    ? record.members.map((other) => (other === known ? withMarks(member, known) : other))
    : [...others, member];
  if (joined) record.memberCount++;
};

const withMarks = (member: Member, other: { deliveredSeq: number; readSeq: number } | undefined): Member => {
  const readSeq = Math.max(member.readSeq, other?.readSeq ?? 0);
  const deliveredSeq = Math.max(member.deliveredSeq, other?.deliveredSeq ?? 0, readSeq);
  return readSeq === member.readSeq && deliveredSeq === member.deliveredSeq
    ? member
    : { ...member, readSeq, deliveredSeq };
};
