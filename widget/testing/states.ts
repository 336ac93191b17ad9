import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { Call } from '../../protocol/calls.ts';
import type { FileLimits } from '../../protocol/files.ts';
import type { ServiceConfig } from '../../protocol/service.ts';
import type { Message } from '../../protocol/messages.ts';
import type { Me, PresenceState, User } from '../../protocol/users.ts';
import type {
  CallView,
  Chat,
  ChatNotice,
  ConnectionState,
  ConversationsState,
  ConversationView,
  Failure,
  SessionState,
} from '../model/types.ts';

/** A noon in the past, for everything that has a time. */
export const noon = Date.UTC(2026, 2, 3, 12);

/** Somebody; everything can be said otherwise. */
export function aUser(changes: Partial<User> = {}): User {
  const username = changes.username ?? 'mia';
  return { id: `user-${username}`, username, displayName: 'Mia Tanaka', avatarColor: 'leaf', ...changes };
}

/** The person at the screen. */
export function aMe(changes: Partial<Me> = {}): Me {
  return { ...aUser({ username: 'noor', displayName: 'Noor Haddad', avatarColor: 'clay' }), ...changes };
}

/** A message. */
export function aMessage(changes: Partial<Message> = {}): Message {
  const seq = changes.seq ?? 1;
  return {
    id: `message-${seq}`,
    conversationId: 'conversation-mia',
    senderId: 'user-mia',
    clientId: `client-${seq}`,
    seq,
    changedSeq: seq,
    text: 'The kettle is on.',
    mentions: [],
    reactions: [],
    files: [],
    createdAt: new Date(noon).toISOString(),
    ...changes,
  };
}

/** A direct message with somebody, or with `kind: 'group'` a group. */
export function aConversation(changes: Partial<ConversationView> = {}): ConversationView {
  const peer = changes.peer ?? aUser();
  const people = [aMe(), peer];
  return {
    id: `conversation-${peer.username}`,
    kind: 'dm',
    title: peer.displayName,
    ...(changes.kind !== 'group' && { peer }),
    avatarColor: peer.avatarColor,
    ...(changes.kind !== 'group' && peer.avatarUrl && { avatarUrl: peer.avatarUrl }),
    members: people.map((user) => ({
      userId: user.id,
      role: 'member',
      joinedSeq: 0,
      changedSeq: 0,
      deliveredSeq: 0,
      readSeq: 0,
      user,
    })),
    memberCount: people.length,
    myRole: 'member',
    head: 1,
    unread: 0,
    lastMessage: aMessage(),
    lastActivityAt: noon,
    muted: false,
    pinned: false,
    closed: false,
    ...changes,
  };
}

/** A `ChatError` as the model throws it. */
export function aChatError(failure: Partial<Failure> = {}): Error {
  return Object.assign(new Error('unable to do that; a test said so'), {
    failure: { code: 'internal', message: 'a test said so', ...failure },
  });
}

/** A chat in a certain state: its stores hold what the test says, and it can do only what the test gives it. */
export interface ChatState {
  readonly chat: Chat;
  readonly $session: WritableAtom<SessionState>;
  readonly $connection: WritableAtom<ConnectionState>;
  readonly $conversations: WritableAtom<ConversationsState>;
  readonly $unread: WritableAtom<number>;
  readonly $memoryOnly: WritableAtom<boolean>;
  /** A site that has everything. */
  readonly $config: WritableAtom<ServiceConfig | undefined>;
  /** As the server says by default; `undefined` switches files off. */
  readonly $fileLimits: WritableAtom<FileLimits | undefined>;
  /** As the server says by default; `undefined` switches calls off. */
  readonly $callLimits: WritableAtom<ServiceConfig['calls']>;
  readonly $call: WritableAtom<CallView | undefined>;
  readonly $calls: WritableAtom<ReadonlyMap<string, Call>>;
  setPresence(userId: string, presence: PresenceState | undefined): void;
  setTyping(conversationId: string, users: readonly User[]): void;
  notify(notice: ChatNotice): void;
}

type Methods = { [K in keyof Chat as Chat[K] extends (...args: never[]) => unknown ? K : never]: Chat[K] };

/** A signed-in, connected chat with these conversations; `methods` are what it can do. */
export function aChatState(
  items: readonly ConversationView[] = [],
  methods: Partial<Methods> = {},
  me: Me = aMe(),
): ChatState {
  const $session = atom<SessionState>({ status: 'signed-in', user: me });
  const $connection = atom<ConnectionState>({ status: 'connected' });
  const $conversations = atom<ConversationsState>({ status: 'ready', items, hasMore: false });
  const $unread = atom(items.reduce((sum, { unread }) => sum + unread, 0));
  const $memoryOnly = atom(false);
  const $config = atom<ServiceConfig | undefined>(someConfig);
  const $fileLimits = atom<FileLimits | undefined>(someLimits);
  const $callLimits = atom<ServiceConfig['calls']>({ videoParticipants: 6, audioParticipants: 8 });
  const $call = atom<CallView | undefined>();
  const $calls = atom<ReadonlyMap<string, Call>>(new Map());
  const presence = family<PresenceState | undefined>(() => undefined);
  const lastSeen = family<string | undefined>(() => undefined);
  const typing = family<readonly User[]>(() => []);
  const listeners = new Set<(notice: ChatNotice) => void>();
  const given = {
    $session,
    $connection,
    $conversations,
    $unread,
    $memoryOnly,
    $config,
    $fileLimits,
    $callLimits,
    $call,
    $calls,
    $blocked: atom<ReadonlySet<string>>(new Set()),
    presence: (userId: string): ReadableAtom<PresenceState | undefined> => presence(userId),
    lastSeen: (userId: string): ReadableAtom<string | undefined> => lastSeen(userId),
    typing: (conversationId: string): ReadableAtom<readonly User[]> => typing(conversationId),
    onNotice(listener: (notice: ChatNotice) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ...methods,
  };
  const chat = new Proxy(given, {
    get(target, name) {
      if (typeof name === 'symbol') return undefined;
      if (name in target) return target[name as keyof typeof target];
      throw new Error(`unable to call ${String(name)}; this test gave the chat no such thing`);
    },
  }) as unknown as Chat;
  return {
    chat,
    $session,
    $connection,
    $conversations,
    $unread,
    $memoryOnly,
    $config,
    $fileLimits,
    $callLimits,
    $call,
    $calls,
    setPresence: (userId, state) => presence(userId).set(state),
    setTyping: (conversationId, users) => typing(conversationId).set(users),
    notify: (notice) => listeners.forEach((listener) => listener(notice)),
  };
}

const someLimits: FileLimits = {
  fileBytes: 100 * 1024 * 1024,
  filesPerMessage: 10,
  avatarBytes: 5 * 1024 * 1024,
  imagePixels: 40_000_000,
  voiceSeconds: 600,
};

const someConfig: ServiceConfig = {
  site: { key: 'default', name: 'TeaTime' },
  socketUrl: '/ws',
  features: ['register', 'password', 'direct', 'groups', 'files', 'voice', 'avatars', 'calls'],
  limits: { messageCharacters: 8000, frameBytes: 65_536, groupMembers: 1000, reactionsPerMessage: 20 },
  accounts: { registration: true, passwordSignIn: true, guests: false },
  conversations: { whoMayStartDirect: 'everybody', whoMayStartGroups: 'people' },
  protocolVersion: 1,
};

function family<T>(initial: () => T): (id: string) => WritableAtom<T> {
  const stores = new Map<string, WritableAtom<T>>();
  return (id) => {
    let store = stores.get(id);
    if (!store) stores.set(id, (store = atom(initial()) as WritableAtom<T>));
    return store;
  };
}
