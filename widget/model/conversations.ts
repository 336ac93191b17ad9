import type { WritableAtom } from 'nanostores';
import type { Conversation } from '../../protocol/conversations.ts';
import { addressOf } from '../client/address.ts';
import type { People } from './people.ts';
import type { Request, Sync } from './sync.ts';
import type { ConversationsState, ConversationView } from './types.ts';

/** The list of conversations, as far as it is loaded, and each one as it is shown. */
export interface Conversations {
  /** Loads as much of the list as was loaded before, at least the first page. */
  load(): Promise<void>;
  loadMore(): Promise<void>;
  /** Shows what the copies say now. */
  refresh(): void;
  view(conversationId: string): ConversationView | undefined;
  /** Shows nothing more. */
  close(): void;
}

const pageSize = 50;
// A list that was scrolled farther than this begins anew after a reconnect.
const maxReload = 500;

/** Makes the list over the copies that `sync` keeps. */
export const createConversations = (options: {
  readonly $conversations: WritableAtom<ConversationsState>;
  readonly meId: string;
  readonly server: string;
  readonly people: People;
  readonly request: Request;
  sync(): Sync;
}): Conversations => {
  const { $conversations, people } = options;
  const views = new Map<string, { record: Conversation; version: number; view: ConversationView }>();
  let status: ConversationsState['status'] = 'loading';
  let cursor: string | undefined;
  let hasMore = false;
  let loaded = 0;
  let running: Promise<void> | undefined;
  let closed = false;

  const viewOf = (record: Conversation): ConversationView => {
    const known = views.get(record.id);
    if (known?.record === record && known.version === people.version) return known.view;
    const view = toView(record, options);
    views.set(record.id, { record, version: people.version, view });
    return view;
  };

  const refresh = () => {
    // Whoever comes next has another list, in the same place.
    if (closed) return;
    const items: ConversationView[] = [];
    for (const { record } of options.sync().replicas.values()) if (record) items.push(viewOf(record));
    items.sort(byActivity);
    const before = $conversations.get();
    if (before.status === status && before.hasMore === hasMore && sameItems(before.items, items)) return;
    $conversations.set({ status, items, hasMore });
  };

  const page = async (from: string | undefined) => {
    const sync = options.sync();
    const query = { limit: pageSize, cursor: from };
    const { conversations, nextCursor } = await options.request('GET /conversations', { query });
    if (sync !== options.sync()) return undefined;
    for (const conversation of conversations) sync.renew(conversation);
    return { count: conversations.length, nextCursor };
  };

  const load = async (): Promise<void> => {
    try {
      const goal = Math.min(maxReload, loaded);
      let count = 0;
      let next: string | undefined;
      do {
        const got = await page(next);
        // Half of it is of another database: all begins anew.
        if (!got) return await load();
        count += got.count;
        next = got.nextCursor;
      } while (next !== undefined && count < goal);
      loaded = count;
      cursor = next;
      hasMore = next !== undefined;
      status = 'ready';
    } catch (error) {
      if (status !== 'ready') status = 'failed';
      throw error;
    } finally {
      refresh();
    }
  };

  return {
    load() {
      running ??= load().finally(() => (running = undefined));
      return running;
    },
    async loadMore() {
      await running?.catch(() => {});
      if (cursor === undefined) return;
      const got = await page(cursor);
      if (!got) return;
      loaded += got.count;
      cursor = got.nextCursor;
      hasMore = cursor !== undefined;
      refresh();
    },
    refresh,
    view(conversationId) {
      const record = options.sync().replicas.get(conversationId)?.record;
      return record && viewOf(record);
    },
    close() {
      closed = true;
    },
  };
};

const byActivity = (a: ConversationView, b: ConversationView): number =>
  Number(b.pinned) - Number(a.pinned) || b.lastActivityAt - a.lastActivityAt || (a.id < b.id ? 1 : -1);

const toView = (
  record: Conversation,
  { meId, people, server }: { meId: string; people: People; server: string },
): ConversationView => {
  const members = record.members
    .map((member) => ({ ...member, user: people.get(member.userId) }))
    .sort(
      (a, b) =>
        Number(b.userId === meId) - Number(a.userId === meId) ||
        a.joinedSeq - b.joinedSeq ||
        (a.userId < b.userId ? -1 : 1),
    );
  const peer = record.kind === 'dm' ? (members.find(({ userId }) => userId !== meId) ?? members[0])?.user : undefined;
  const avatarUrl = peer ? peer.avatarUrl : record.avatarUrl && addressOf(server, record.avatarUrl);
  return {
    id: record.id,
    kind: record.kind,
    title: record.title ?? peer?.displayName ?? '',
    ...(peer && { peer }),
    avatarColor: peer?.avatarColor ?? tintOf(record.id),
    ...(avatarUrl !== undefined && { avatarUrl }),
    members,
    memberCount: record.memberCount,
    myRole: members.find(({ userId }) => userId === meId)?.role ?? 'member',
    head: record.head,
    unread: record.unread,
    ...(record.lastMessage && { lastMessage: record.lastMessage }),
    lastActivityAt: Date.parse(record.lastActivityAt),
    muted: record.muted,
    pinned: record.pinned,
    closed: !!record.closedAt,
  };
};

const sameItems = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const tints = ['leaf', 'moss', 'sea', 'sky', 'iris', 'plum', 'rose', 'clay', 'amber', 'stone'] as const;

/** A group's tint, the same on every device: from its id. */
const tintOf = (id: string) => tints[Number.parseInt(id.slice(-4), 16) % tints.length] ?? 'leaf';
