import type { WritableAtom } from 'nanostores';

import type { Call } from '../../protocol/calls.ts';
import type { Conversation } from '../../protocol/conversations.ts';
import type { ServiceConfig } from '../../protocol/service.ts';
import type { CommandReply, ServerEvent } from '../../protocol/index.ts';
import type { Message } from '../../protocol/messages.ts';
import { failureOf, isPassing, isRefusal } from '../client/failure.ts';
import { reconnectDelay } from '../client/reconnect-policy.ts';
import type { SessionClient } from '../client/session.ts';
import type { SocketClient } from '../client/socket-client.ts';
import { watchActivity } from './activity.ts';
import type { CallView } from './call/types.ts';
import { createCalls, type Calls } from './calls.ts';
import { newClientId } from './client-id.ts';
import { createConversations, type Conversations } from './conversations.ts';
import { openDeviceStore } from './device-store.ts';
import { createCourtesies } from './courtesies.ts';
import { createDrafts } from './drafts.ts';
import { createFiles, type Files } from './files.ts';
import { openConversation, type Parts } from './open-conversation.ts';
import { createOpenHandles } from './open-handles.ts';
import { createOutbox } from './outbox.ts';
import type { People } from './people.ts';
import { createReceipts } from './receipts.ts';
import { myReadSeq } from './record.ts';
import { createSender } from './sender.ts';
import { createSync, type Request, type Sync } from './sync.ts';
import type { ChatNotice, ChatOptions, ConversationsState, OpenConversation } from './types.ts';
import type { Typing } from './typing.ts';

/** All that a chat knows and does while one person is signed in. */
export interface Person {
  readonly id: string;
  readonly conversations: Conversations;
  readonly request: Request;
  readonly files: Files;
  readonly calls: Calls;
  sync(): Sync;
  open(conversationId: string): OpenConversation;
  opened(welcome: CommandReply<'auth'>): void;
  heard(event: ServerEvent): void;
  beat(pong: CommandReply<'ping'>): void;
  /** Says what is watched here, and whether this device is in use. */
  announce(): void;
  /** Takes in a conversation that a request answered. */
  renew(conversation: Conversation): void;
  /** Draws all anew: somebody's profile changed. */
  peopleChanged(): void;
  /** Drops what the device keeps of this person. */
  forget(): Promise<void>;
  close(): void;
}

/** What a person is made of: the wire, and the stores that outlive them. */
export interface PersonOptions {
  readonly id: string;
  readonly options: ChatOptions;
  readonly session: SessionClient;
  readonly socket: SocketClient;
  readonly people: People;
  readonly typing: Typing;
  readonly $conversations: WritableAtom<ConversationsState>;
  readonly $blocked: WritableAtom<ReadonlySet<string>>;
  readonly $memoryOnly: WritableAtom<boolean>;
  readonly $call: WritableAtom<CallView | undefined>;
  readonly $calls: WritableAtom<ReadonlyMap<string, Call>>;
  config(): Promise<ServiceConfig>;
  notice(notice: ChatNotice): void;
}

// What a closed conversation keeps of its timeline.
const keptMessages = 200;

/** Begins a signed-in person's chat. */
export const createPerson = (from: PersonOptions): Person => {
  const { id: meId, options, session, socket, people, typing, $conversations, $blocked, $memoryOnly } = from;
  const scope = `${options.server}|${options.site}|${meId}`;
  const request: Request = (key, input) => session.request(key, input);
  const connected = () => !closed && socket.$connection.get().status === 'connected';
  const dirty = new Set<string>();
  let epoch: string | undefined;
  let closed = false;
  let drawing = false;
  let reloadTimer: ReturnType<typeof setTimeout> | undefined;

  /** Draws once for all that changes in one go. */
  const changed = (conversationId: string) => {
    dirty.add(conversationId);
    if (drawing) return;
    drawing = true;
    queueMicrotask(() => {
      drawing = false;
      if (closed) return;
      const changedOnes = [...dirty];
      dirty.clear();
      conversations.refresh();
      files.refresh();
      for (const id of changedOnes) {
        if (!opens.refresh(id)) outbox.settle(id, () => true);
        markDelivered(id);
      }
    });
  };

  const markDelivered = (conversationId: string) => {
    const record = sync.replicas.get(conversationId)?.record;
    const last = record?.lastMessage;
    if (!record || !last || last.senderId === meId || last.seq <= myReadSeq(record, meId)) return;
    const me = record.members.find(({ userId }) => userId === meId);
    if (me && me.deliveredSeq < last.seq) receipts.mark(conversationId, { deliveredSeq: last.seq });
  };

  const storeFailed = () => $memoryOnly.set(true);
  const opening = openDeviceStore(options.storage, scope, storeFailed);
  const drafts = createDrafts(opening, scope);
  const sender = createSender({ socket, request });
  const outbox = createOutbox({
    opening,
    scope,
    newClientId,
    connected,
    send: sender.send,
    sent: (message) => takeIn('message.created', message),
    filesLost: async (entry) => (await files.load()).lost(entry),
    changed,
    storeFailed,
  });
  const files = createFiles({
    opening,
    scope,
    server: options.server,
    fetch: options.fetch,
    session,
    outbox,
    config: from.config,
    connected,
    changed,
  });
  const calls = createCalls({ ...from, meId, scope, request, renew: (found: Conversation) => sync.renew(found) });
  const receipts = createReceipts({
    connected,
    async send(conversationId, marks) {
      const reached = await socket.command('receipt.update', { conversationId, ...marks });
      sync.receipt(conversationId, { userId: meId, ...reached });
    },
  });
  const makeSync = () =>
    createSync({
      meId,
      request,
      connected,
      open: (id) => opens.has(id),
      met: people.note,
      changed,
      removed: (id) => {
        opens.removed(id);
        changed(id);
      },
      epoch: (now) => sameEpoch(now),
    });
  let sync = makeSync();
  const conversations = createConversations({
    $conversations,
    meId,
    server: options.server,
    people,
    request,
    sync: () => sync,
  });
  const courtesies = createCourtesies({ socket, request, people, $blocked, connected });
  const activity = watchActivity(() => courtesies.presence(activity.presence));

  /** A changed message out of an answer is the same news as its event, whichever comes first. */
  const takeIn = (type: 'message.created' | 'message.changed', message: Message) => {
    const { conversationId, changedSeq: seq } = message;
    void sync.receive({ type, conversationId, seq, data: { message } }).catch(() => {});
  };

  const parts: Parts = {
    meId,
    people,
    typing,
    outbox,
    drafts,
    files,
    receipts,
    conversations,
    request,
    sync: () => sync,
    newClientId,
    async change(kind, change) {
      activity.touch();
      takeIn('message.changed', await sender.change({ kind, ...change }));
    },
    touched: activity.touch,
  };

  /** Whether the copies are still of this database; if not, all begins anew, and only what is unsent stays. */
  const sameEpoch = (now: string): boolean => {
    if (epoch === undefined || epoch === now) {
      epoch = now;
      return true;
    }
    epoch = now;
    sync.close();
    sync = makeSync();
    receipts.reset();
    loadAll();
    return false;
  };

  /** Loads the list, and tries again until it is there or the line is gone; the next welcome begins anew. */
  const loadAll = (tries = 0) => {
    clearTimeout(reloadTimer);
    conversations.load().then(sync.check, (error: unknown) => {
      const failure = failureOf(error);
      if (closed || isRefusal(failure)) return;
      if (!connected() || !isPassing(failure)) return from.notice({ type: 'error', failure });
      reloadTimer = setTimeout(() => loadAll(tries + 1), failure.retryAfterMs ?? reconnectDelay(tries));
    });
    for (const id of opens.ids()) loadTimeline(id);
  };

  const loadTimeline = (id: string) => {
    if (!sync.replicas.get(id)?.timeline) sync.loadOlder(id).catch(() => {});
    const record = sync.replicas.get(id)?.record;
    // Lists name some members only; ticks and names need all of them.
    if (record && record.members.length < record.memberCount) void sync.need(id, 'complete').catch(() => {});
  };

  const announce = async (event: Extract<ServerEvent, { type: 'message.created' }>) => {
    const { conversationId, data, seq } = event;
    const known = sync.replicas.get(conversationId)?.record;
    const news = data.message.senderId !== meId && seq > (known?.head ?? 0);
    await sync.receive(event);
    const conversation = conversations.view(conversationId);
    if (!news || closed || !conversation) return;
    const visible = typeof document === 'undefined' || document.visibilityState === 'visible';
    const open = visible && opens.has(conversationId);
    from.notice({
      type: 'message',
      conversation,
      message: data.message,
      sender: people.get(data.message.senderId),
      open,
    });
  };

  const opens = createOpenHandles({
    make: (id) => openConversation(id, parts),
    opened(id) {
      courtesies.watch(id);
      loadTimeline(id);
    },
    closed(id) {
      typing.stopped(id);
      courtesies.unwatch(id);
      files.desk?.left(id);
      sync.replicas.get(id)?.timeline?.trim(keptMessages);
    },
    dropped(id) {
      const replica = sync.replicas.get(id);
      if (replica) replica.timeline = undefined;
    },
  });

  const announceSelf = () => {
    for (const id of opens.ids()) courtesies.watch(id);
    if (activity.presence === 'away') courtesies.presence('away');
  };

  return {
    id: meId,
    conversations,
    request,
    files,
    calls,
    sync: () => sync,
    open: opens.open,
    opened(welcome) {
      people.notePresence(welcome.presence);
      if (sameEpoch(welcome.epoch)) {
        sync.welcome(welcome.heads);
        loadAll();
      }
      announceSelf();
      courtesies.blocks();
      outbox.resume();
      files.refresh();
      files.desk?.resume();
      receipts.resume();
      calls.opened();
    },
    heard(event) {
      switch (event.type) {
        case 'message.created':
          if (event.data.message.senderId === meId) outbox.confirm(event.data.message);
          typing.heard(event.conversationId, event.data.message.senderId, false);
          void announce(event).catch(() => {});
          break;
        case 'message.changed':
        case 'conversation.changed':
        case 'member.changed':
          void sync.receive(event).catch(() => {});
          break;
        case 'receipt.updated':
          sync.receipt(event.conversationId, event.data);
          break;
        case 'typing.changed':
          if (event.data.userId !== meId) typing.heard(event.conversationId, event.data.userId, event.data.typing);
          break;
        case 'presence.changed':
          people.notePresence([event.data]);
          break;
        case 'conversation.created':
          sync.renew(event.data.conversation);
          if (opens.has(event.data.conversation.id)) loadTimeline(event.data.conversation.id);
          break;
        case 'conversation.updated':
          sync.adjust(event.data.conversationId, event.data);
          break;
        case 'conversation.removed':
          sync.remove(event.data.conversationId);
          break;
        case 'call.changed':
          calls.heard(event.data.call);
          break;
        case 'token.expiring':
        case 'goodbye':
          // The socket's own business.
          break;
      }
    },
    announce: announceSelf,
    beat({ heads, presence }) {
      for (const [id, head] of Object.entries(heads)) sync.noteHead(id, head);
      people.notePresence(presence);
      files.desk?.resume();
    },
    renew: (conversation) => sync.renew(conversation),
    peopleChanged() {
      for (const id of sync.replicas.keys()) changed(id);
    },
    forget() {
      drafts.close();
      files.close();
      return outbox.forget();
    },
    close() {
      closed = true;
      clearTimeout(reloadTimer);
      drafts.flush();
      drafts.close();
      files.close();
      calls.close();
      conversations.close();
      sync.close();
      receipts.close();
      activity.close();
      outbox.close();
      // After the last draft has been handed to it.
      void opening.then((store) => store.close());
    },
  };
};
