import { atom, type WritableAtom } from 'nanostores';
import type { Member } from '../../protocol/conversations.ts';
import type { Message } from '../../protocol/messages.ts';
import type { User } from '../../protocol/users.ts';
import type {
  ConversationView,
  Draft,
  OpenConversation,
  StagedFile,
  TimelineItem,
  TimelineState,
} from '../model/types.ts';
import { aConversation, aMe, aMessage, aUser, noon } from './states.ts';

const minute = 60_000;

/** A message in a timeline, from Mia unless `sender` says otherwise; one a minute from noon on. */
export function anItem(seq: number, changes: Partial<Message> = {}, more: Partial<TimelineItem> = {}): TimelineItem {
  const sender = more.sender ?? (more.own ? aMe() : aUser());
  const message = aMessage({
    seq,
    senderId: sender.id,
    text: `Message ${seq}`,
    createdAt: new Date(noon + seq * minute).toISOString(),
    ...changes,
  });
  const own = more.own ?? false;
  return { key: own ? message.clientId : message.id, message, sender, own, ...(own && { delivery: 'sent' }), ...more };
}

/** So many messages, the first one with this seq. */
export function manyItems(count: number, from = 1): TimelineItem[] {
  return Array.from({ length: count }, (_, index) => anItem(from + index, {}, { own: (from + index) % 7 === 0 }));
}

/** A member of a group. */
export function aMember(user: User, role: Member['role'] = 'member'): Member {
  return { userId: user.id, role, joinedSeq: 0, changedSeq: 0, deliveredSeq: 0, readSeq: 0, user };
}

/** A group of Noor, who is at the screen, Mia and Ken. */
export function aGroup(myRole: Member['role'] = 'owner', changes: Partial<ConversationView> = {}): ConversationView {
  const ken = aUser({ username: 'ken', displayName: 'Ken Ito', avatarColor: 'sky' });
  return aConversation({
    id: 'conversation-tea',
    kind: 'group',
    title: 'Tea tasting',
    members: [aMember(aMe(), myRole), aMember(aUser(), 'owner'), aMember(ken)],
    memberCount: 3,
    myRole,
    ...changes,
  });
}

/** A file in the tray: a report that waits, unless said otherwise. */
export function aStagedFile(changes: Partial<StagedFile> = {}): StagedFile {
  return {
    key: changes.name ?? 'report.pdf',
    name: 'report.pdf',
    size: 1_200_000,
    type: 'application/pdf',
    kind: 'file',
    status: 'waiting',
    progress: 0,
    ...changes,
  };
}

/** An open conversation in a certain state; what is done to it is noted in `calls`. */
export interface ConversationState {
  readonly conversation: OpenConversation;
  readonly $conversation: WritableAtom<ConversationView | undefined>;
  readonly $timeline: WritableAtom<TimelineState>;
  readonly $typing: WritableAtom<readonly User[]>;
  readonly $draft: WritableAtom<Draft>;
  readonly $staged: WritableAtom<readonly StagedFile[]>;
  readonly calls: (readonly [method: string, ...args: readonly unknown[]])[];
}

/** A conversation with these messages; `methods` are what it does when it is called, nothing otherwise. */
export function aConversationState(
  items: readonly TimelineItem[] = [],
  view: ConversationView = aConversation(),
  methods: Partial<OpenConversation> = {},
): ConversationState {
  const $conversation = atom<ConversationView | undefined>(view);
  const $timeline = atom<TimelineState>({ status: 'ready', items, hasOlder: false });
  const $typing = atom<readonly User[]>([]);
  const $draft = atom<Draft>({ text: '' });
  const $staged = atom<readonly StagedFile[]>([]);
  const calls: [method: string, ...args: unknown[]][] = [];
  const noted =
    (method: string) =>
    async (...args: unknown[]): Promise<void> =>
      void calls.push([method, ...args]);
  const conversation: OpenConversation = {
    id: view.id,
    $conversation,
    $timeline,
    $typing,
    $draft,
    $staged,
    loadOlder: noted('loadOlder'),
    quoted: async (id) => $timeline.get().items.find(({ message }) => message.id === id)?.message,
    send: noted('send'),
    sendFiles: async (...args) => (calls.push(['sendFiles', ...args]), []),
    attach: async (...args) => (calls.push(['attach', ...args]), []),
    cancelUpload: (key) => {
      calls.push(['cancelUpload', key]);
      $staged.set($staged.get().filter((file) => file.key !== key));
    },
    retryUpload: (key) => void calls.push(['retryUpload', key]),
    sharedFiles: async () => ({ files: [], hasMore: false }),
    retry: (key) => void calls.push(['retry', key]),
    discard: (key) => void calls.push(['discard', key]),
    edit: noted('edit'),
    delete: noted('delete'),
    react: noted('react'),
    setDraft: (draft) => $draft.set(draft),
    typing: () => void calls.push(['typing']),
    markRead: () => void calls.push(['markRead']),
    close: () => void calls.push(['close']),
    ...methods,
  };
  return { conversation, $conversation, $timeline, $typing, $draft, $staged, calls };
}
