import { atom } from 'nanostores';
import type { Call } from '../../protocol/calls.ts';
import type { ServiceConfig } from '../../protocol/service.ts';
import { withPicture } from '../client/address.ts';
import { ChatError, failureOf } from '../client/failure.ts';
import { createHttpClient } from '../client/http-client.ts';
import { reconnectDelay } from '../client/reconnect-policy.ts';
import { createSession, type SessionState } from '../client/session.ts';
import { createSocket, type ConnectionState } from '../client/socket-client.ts';
import type { Affairs } from './affairs.ts';
import { derive } from './derive.ts';
import { fetched } from './fetched.ts';
import { createPeople } from './people.ts';
import { createPerson, type Person } from './person.ts';
import type { CallView, Chat, ChatNotice, ChatOptions, ConversationsState } from './types.ts';
import { createTyping } from './typing.ts';

export { ChatError, failureOf };

const noConversations: ConversationsState = { status: 'loading', items: [], hasMore: false };

/** Makes the chat of one site on one server. Nothing happens until `start`. */
export const createChat = (options: ChatOptions): Chat => {
  const { server, site, tokenProvider } = options;
  const $connection = atom<ConnectionState>({ status: 'idle' });
  const $conversations = atom(noConversations);
  const $blocked = atom<ReadonlySet<string>>(new Set());
  const $memoryOnly = atom(false);
  const $config = atom<ServiceConfig | undefined>();
  const $call = atom<CallView | undefined>();
  const $calls = atom<ReadonlyMap<string, Call>>(new Map());
  const listeners = new Set<(notice: ChatNotice) => void>();
  let person: Person | undefined;
  let config: Promise<ServiceConfig> | undefined;
  let restoreTimer: ReturnType<typeof setTimeout> | undefined;
  let destroyed = false;

  const http = createHttpClient({
    server,
    site,
    credentials: tokenProvider ? 'omit' : 'include',
    fetch: options.fetch,
  });
  const session = createSession({ http, server, site, tokenProvider });
  const notice = (news: ChatNotice) => {
    for (const listener of listeners) listener(news);
  };

  const findConfig = () => {
    config ??= http.send('GET /config', {}).then((found) => {
      $config.set(found);
      return found;
    });
    config.catch(() => (config = undefined));
    return config;
  };

  const socket = createSocket({
    webSocket: options.webSocket,
    async url() {
      const url = new URL((await findConfig()).socketUrl, server);
      url.protocol = url.protocol.replace('http', 'ws');
      url.searchParams.set('site', site);
      return url.href;
    },
    token: session.token,
    renew: session.renew,
    opened(welcome) {
      session.setUser(welcome.user);
      person?.opened(welcome);
    },
    heard: (event) => person?.heard(event),
    beat: (pong) => person?.beat(pong),
    announce: () => person?.announce(),
  });

  const people = createPeople({
    server,
    fetchUser: async (userId) => (await session.request('GET /users/:userId', { params: { userId } })).user,
    changed: () => person?.peopleChanged(),
  });
  const typing = createTyping({
    tell(type, conversationId) {
      if (socket.$connection.get().status === 'connected') socket.command(type, { conversationId }).catch(() => {});
    },
    user: people.get,
  });

  const endPerson = () => {
    // First of all, so that a call hears that one leaves.
    person?.close();
    socket.stop();
    person = undefined;
    people.reset();
    typing.reset();
    $conversations.set(noConversations);
    $blocked.set(new Set());
    $memoryOnly.set(false);
  };

  const follow = (state: SessionState) => {
    if (state.status !== 'signed-in') return endPerson();
    if (person?.id !== state.user.id) {
      endPerson();
      person = createPerson({
        id: state.user.id,
        options,
        session,
        socket,
        people,
        typing,
        $conversations,
        $blocked,
        $memoryOnly,
        $call,
        $calls,
        config: findConfig,
        notice,
      });
      socket.start();
    }
    people.note([state.user]);
  };

  const restore = async (tries = 0): Promise<void> => {
    clearTimeout(restoreTimer);
    $connection.set({ status: 'connecting' });
    try {
      // Who must sign in is shown how; that is asked for meanwhile.
      const asked = findConfig();
      await session.restore();
      if (!person) {
        await asked;
        $connection.set({ status: 'idle' });
      }
    } catch (error) {
      if (destroyed) return;
      const delay = failureOf(error).retryAfterMs ?? reconnectDelay(tries);
      const offline = typeof navigator !== 'undefined' && navigator.onLine === false;
      $connection.set({ status: 'waiting', retryAt: Date.now() + delay, offline });
      restoreTimer = setTimeout(() => void restore(tries + 1), delay);
    }
  };

  const reconnectNow = () => {
    if (destroyed) return;
    if (session.$session.get().status === 'restoring' && $connection.get().status === 'waiting') void restore();
    else socket.reconnectNow();
  };
  const shown = () => {
    if (document.visibilityState === 'visible') reconnectNow();
  };
  const page = typeof document === 'undefined' ? undefined : document;
  if (page) addEventListener('online', reconnectNow);
  page?.addEventListener('visibilitychange', shown);

  const unfollow = [session.$session.listen(follow), socket.$connection.listen((state) => $connection.set(state))];

  const signedIn = (): Person => {
    if (!person) throw new ChatError({ code: 'unauthorized', message: 'unable to do that; nobody is signed in' });
    return person;
  };
  /** What is done now and then is loaded then. */
  const affair = <K extends keyof Affairs>(name: K): Affairs[K] =>
    (async (...input: readonly never[]) => {
      const me = signedIn();
      const { createAffairs } = await fetched(import('./affairs.ts'));
      const affairs = createAffairs({ me, session, people, $blocked, here: () => me === person });
      return (affairs[name] as (...input: readonly never[]) => unknown)(...input);
    }) as Affairs[K];

  return {
    $session: session.$session,
    $connection,
    $conversations,
    $unread: derive($conversations, ({ items }) =>
      items.reduce((sum, { muted, unread }) => sum + (muted ? 0 : unread), 0),
    ),
    $blocked,
    $memoryOnly,

    start: () => restore(),
    register: (body) => session.enter('POST /auth/register', { body }),
    enterAsGuest: async (name) => (await fetched(import('./guest.ts'))).enterAsGuest(http, session, name),
    signIn: session.signIn,
    async signOut({ forget = false } = {}) {
      if (forget) await person?.forget().catch(() => {});
      await session.signOut();
    },
    updateProfile: affair('updateProfile'),
    settings: affair('settings'),
    changePassword: affair('changePassword'),
    setAvatar: affair('setAvatar'),
    setGroupAvatar: affair('setGroupAvatar'),
    $config,
    $fileLimits: derive($config, (found) => found?.files),
    $callLimits: derive($config, (found) => found?.calls),
    fileAddress: async (fileId) => (await signedIn().files.load()).address(fileId),
    localPreview: (fileId) => person?.files.desk?.preview(fileId),
    async searchUsers(search, signal) {
      signedIn();
      const { users } = await session.request('GET /users', { query: { search } }, { signal });
      people.note(users);
      return users.map((user) => withPicture(server, user));
    },
    async openDirect(userId) {
      const me = signedIn();
      const { conversation } = await me.request('POST /conversations', { body: { kind: 'dm', userId } });
      // To whoever asked: somebody else may have signed in since.
      me.renew(conversation);
      return conversation.id;
    },
    createGroup: affair('createGroup'),
    renameGroup: affair('renameGroup'),
    addMembers: affair('addMembers'),
    removeMember: affair('removeMember'),
    setRole: affair('setRole'),
    leave: affair('leave'),
    setMuted: affair('setMuted'),
    setPinned: affair('setPinned'),
    block: affair('block'),
    report: affair('report'),
    async loadMembers(conversationId) {
      await signedIn().sync().need(conversationId, 'complete');
    },
    loadMoreConversations: async () => signedIn().conversations.loadMore(),
    open: (conversationId) => signedIn().open(conversationId),
    presence: people.presence,
    lastSeen: people.lastSeen,
    typing: typing.of,
    $call,
    $calls,
    calls: async () => signedIn().calls.load(),
    reconnectNow,
    onNotice(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    destroy() {
      if (destroyed) return;
      destroyed = true;
      clearTimeout(restoreTimer);
      for (const stop of unfollow) stop();
      if (page) removeEventListener('online', reconnectNow);
      page?.removeEventListener('visibilitychange', shown);
      endPerson();
      session.destroy();
      listeners.clear();
    },
  };
};
