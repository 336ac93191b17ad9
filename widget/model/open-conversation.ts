import { atom, type ReadableAtom } from 'nanostores';
import type { Message } from '../../protocol/messages.ts';
import type { User } from '../../protocol/users.ts';
import type { Conversations } from './conversations.ts';
import type { Files } from './files.ts';
import type { Drafts } from './drafts.ts';
import type { OutboxEntry } from './device-store.ts';
import type { Outbox } from './outbox.ts';
import type { People } from './people.ts';
import type { Receipts } from './receipts.ts';
import { myReadSeq } from './record.ts';
import type { Request, Sync } from './sync.ts';
import { createTimelineView } from './timeline-view.ts';
import type { ConversationView, OpenConversation, TimelineItem, TimelineState } from './types.ts';
import type { Typing } from './typing.ts';

/** The parts of a signed-in person's chat that an open conversation works with. */
export interface Parts {
  readonly meId: string;
  readonly people: People;
  readonly typing: Typing;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly files: Files;
  readonly receipts: Receipts;
  readonly conversations: Conversations;
  readonly request: Request;
  sync(): Sync;
  newClientId(): string;
  change(kind: Change['kind'], change: Omit<Change, 'kind'>): Promise<void>;
  touched(): void;
}

/** A change of a message that is there. */
export interface Change {
  readonly kind: 'edit' | 'delete' | 'react' | 'unreact';
  readonly conversationId: string;
  readonly messageId: string;
  readonly text?: string;
  readonly mentions?: readonly string[];
  readonly emoji?: string;
}

/** One conversation that somebody looks at, shared by all handles of it. */
export interface Opened {
  readonly $conversation: ReadableAtom<ConversationView | undefined>;
  readonly $timeline: ReadableAtom<TimelineState>;
  /** Shows what the copies and the outbox say now. */
  refresh(): void;
  handle(closed: () => void): OpenConversation;
}

/** Makes the views of one conversation. */
export const openConversation = (id: string, parts: Parts): Opened => {
  const { meId, outbox, people, conversations, files } = parts;
  const draw = createTimelineView();
  const $conversation = atom<ConversationView | undefined>();
  const $timeline = atom<TimelineState>({ status: 'loading', items: [], hasOlder: false });
  const quotes = new Map<string, Promise<Message | undefined>>();
  // Where the "new messages" line goes: after what had been read when the conversation was opened.
  let line: { after: number; upTo: number } | undefined;
  let lineDrawn = false;

  const firstUnread = (items: readonly TimelineItem[], from: number): string | undefined => {
    if (!line || from > line.after + 1) return undefined;
    const { after, upTo } = line;
    return items.find(({ own, message }) => !own && message.seq > after && message.seq <= upTo)?.key;
  };

  const refresh = () => {
    const sync = parts.sync();
    const replica = sync.replicas.get(id);
    const { record, timeline } = replica ?? {};
    if (record && !lineDrawn) {
      lineDrawn = true;
      if (record.unread > 0) line = { after: myReadSeq(record, meId), upTo: record.head };
    }
    $conversation.set(conversations.view(id));
    if (timeline?.begun) {
      const { has, head } = timeline;
      outbox.settle(id, (clientId, message) => has(clientId, meId) || (message?.changedSeq ?? Infinity) <= head);
    }
    const items = draw({ record, timeline, unsent: outbox.of(id), meId, user: people.get, uploads: files.uploads });
    const firstUnreadKey = firstUnread(items, timeline?.from ?? Infinity);
    const next: TimelineState = {
      status: timeline?.begun ? 'ready' : sync.loading(id) === 'failed' ? 'failed' : 'loading',
      items,
      hasOlder: timeline?.begun === true && timeline.hasOlder,
      ...(firstUnreadKey !== undefined && { firstUnreadKey }),
    };
    if (!sameState($timeline.get(), next)) $timeline.set(next);
  };

  const quoted = (messageId: string): Promise<Message | undefined> => {
    const here = parts.sync().replicas.get(id)?.timeline?.find(messageId);
    if (here) return Promise.resolve(here);
    let asked = quotes.get(messageId);
    if (!asked) {
      const params = { conversationId: id, messageId };
      asked = parts.request('GET /conversations/:conversationId/messages/:messageId', { params }).then(
        ({ message }) => message,
        () => void quotes.delete(messageId),
      );
      quotes.set(messageId, asked);
    }
    return asked;
  };

  const markRead = () => {
    const replica = parts.sync().replicas.get(id);
    const newest = replica?.timeline?.messages.at(-1);
    if (!replica?.record || !newest) return;
    parts.touched();
    const me = replica.record.members.find(({ userId }) => userId === meId);
    if (!me || newest.seq <= me.readSeq) return;
    const marks = { readSeq: newest.seq, deliveredSeq: Math.max(newest.seq, me.deliveredSeq) };
    parts.sync().receipt(id, { userId: meId, ...marks });
    parts.receipts.mark(id, marks);
  };

  return {
    $conversation,
    $timeline,
    refresh,
    handle(closed) {
      let live = true;
      const $typing: ReadableAtom<readonly User[]> = parts.typing.of(id);
      return {
        id,
        $conversation,
        $timeline,
        $typing,
        $draft: parts.drafts.of(id),
        $staged: files.staged(id),
        loadOlder: () => parts.sync().loadOlder(id),
        quoted,
        send(text, { replyTo, mentions } = {}) {
          parts.touched();
          parts.typing.stopped(id);
          const { desk } = files;
          const uploads = desk?.takeTray(id);
          const entry: OutboxEntry = {
            clientId: parts.newClientId(),
            conversationId: id,
            text,
            ...(replyTo !== undefined && { replyTo }),
            ...(mentions && mentions.length > 0 && { mentions }),
            ...(uploads && { uploads }),
            createdAt: new Date().toISOString(),
          };
          return desk && uploads ? desk.add(entry) : outbox.add(entry);
        },
        attach: async (list) => (await files.load()).attach(id, list),
        sendFiles: async (list, sendOptions) => {
          parts.touched();
          return (await files.load()).send(id, list, sendOptions);
        },
        cancelUpload: (key) => files.desk?.cancel(key),
        retryUpload: (key) => files.desk?.retry(key),
        sharedFiles: (kind, before) =>
          parts.request('GET /conversations/:conversationId/files', {
            params: { conversationId: id },
            query: { kind, before },
          }),
        retry: (key) => outbox.retry(key),
        discard: (key) => outbox.discard(key),
        edit: (messageId, text, { mentions } = {}) =>
          parts.change('edit', { conversationId: id, messageId, text, ...(mentions && { mentions }) }),
        delete: (messageId) => parts.change('delete', { conversationId: id, messageId }),
        react: (messageId, emoji, on) =>
          parts.change(on ? 'react' : 'unreact', { conversationId: id, messageId, emoji }),
        setDraft(draft) {
          if (draft.text === '') parts.typing.stopped(id);
          parts.drafts.set(id, draft);
        },
        typing() {
          parts.touched();
          parts.typing.pressed(id);
        },
        markRead,
        close() {
          if (!live) return;
          live = false;
          parts.drafts.flush();
          closed();
        },
      };
    },
  };
};

const sameState = (a: TimelineState, b: TimelineState): boolean =>
  a.status === b.status &&
  a.hasOlder === b.hasOlder &&
  a.firstUnreadKey === b.firstUnreadKey &&
  a.items.length === b.items.length &&
  a.items.every((item, index) => item === b.items[index]);
