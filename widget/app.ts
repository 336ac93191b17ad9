import { atom } from 'nanostores';
import type { Me } from '../protocol/users.ts';
import type { Setting } from './attributes.ts';
import {
  TeatimeAuthRequiredEvent,
  TeatimeConnectionChangeEvent,
  TeatimeConversationChangeEvent,
  TeatimeMessageEvent,
  TeatimeReadyEvent,
  TeatimeUnreadChangeEvent,
} from './chat-events.ts';
import { chatContext, featuresContext, localeContext } from './context.ts';
import { provide } from './context-protocol.ts';
import type { DiagnoseOptions, Diagnosis } from './diagnose/diagnosis.ts';
import { failureFrom } from './elements/failure-text.ts';
import { TeatimePanel } from './elements/teatime-panel/teatime-panel.ts';
import { TeatimeErrorEvent } from './events.ts';
import { createFrame } from './frame.ts';
import type { Language } from './language.ts';
import { createLocale } from './locale.ts';
import type { Chat, ConnectionState, Failure, SessionState } from './model/types.ts';
import { setSessionHint } from './session-hint.ts';
import { chatKeyOf, featuresOf, hintFor, identity, isRetryable } from './settings.ts';
import { acquireChat, type ChatKey, type SharedChat } from './shared-chats.ts';
import { fillSlots } from './slots.ts';
import { frameStyles } from './styles/frame.ts';
import { tokenStyles } from './styles/tokens.ts';
import type { TeatimeChat } from './teatime-chat.ts';

/** What the public element lends to the app. */
export interface AppShell {
  readonly host: TeatimeChat;
  readonly root: ShadowRoot;
  readonly launcher: HTMLButtonElement;
  readonly language: Language;
  /** Resolves when the words are there. */
  readonly words: Promise<void>;
  /** Address of the script, which the chat server serves when the page names no other. */
  readonly scriptUrl: string;
  setUnread(unread: number): void;
  /** Custom states, for `:state()` in the page's styles. */
  setState(name: 'offline' | 'in-call', on: boolean): void;
}

/** The whole interface of one public element, which hands everything on to it. */
export interface App {
  readonly ready: Promise<void>;
  readonly user: Me | null;
  readonly connection: ConnectionState;
  settingChanged(setting: Setting): void;
  connect(): void;
  disconnect(): void;
  openConversation(target: string | { userId: string }): Promise<void>;
  send(message: Parameters<TeatimeChat['send']>[0]): Promise<void>;
  setDraft(text: string): Promise<void>;
  focusComposer(): void;
  startCall(target: string | { userId: string }, options: { video?: boolean }): Promise<void>;
  hangUp(): Promise<void>;
  diagnose(options?: DiagnoseOptions): Promise<Diagnosis>;
  /** Resolves when somebody is signed in by the token that was set. */
  signIn(): Promise<void>;
  signOut(options: { forget?: boolean }): Promise<void>;
  destroy(): void;
}

type ErrorCode = TeatimeErrorEvent['detail']['code'];

/** How long a removed element keeps its interface, in ms: long enough for being moved or mounted twice. */
const graceMs = 1000;

/** How long a language may take after the code is there, in ms. */
const patienceMs = 1000;

/** Builds the interface inside the public element and keeps the two in step. */
export async function mountApp(shell: AppShell): Promise<App> {
  const { host, root, launcher } = shell;
  const { icons } = host.constructor as typeof TeatimeChat;
  // The built-in ones serve when the code that replaces them cannot be had.
  if (icons) await import('./icons.ts').then((part) => part.replaceIcons(icons)).catch(() => undefined);
  // A language that is slow to come is switched to later: until then English serves.
  await Promise.race([shell.words, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
  allowStyles(host, root);
  const locale = createLocale(host, host.strings, shell.language);
  const $features = atom(featuresOf(host.features));
  const home = document.createElement('div');
  home.className = 'home';
  root.append(home);
  provide(home, localeContext, locale);
  provide(home, featuresContext, $features);
  const setChat = provide<Chat | undefined>(home, chatContext, undefined);
  // The interface may be in another language than the page around it.
  locale.$lang.subscribe((lang) => (home.lang = lang));
  locale.$dir.subscribe((dir) => (home.dir = dir));

  let panel = new TeatimePanel();
  let shared: SharedChat | undefined;
  let unsubscribe: (() => void)[] = [];
  let ending: ReturnType<typeof setTimeout> | undefined;
  let rebuilding = false;
  let announced = false;
  let signedInAs: string | undefined;
  let shown: string | undefined;
  const waiting: ((chat: Chat) => void)[] = [];
  let settle!: () => void;
  const ready = new Promise<void>((resolve) => (settle = resolve));

  const frame = createFrame({
    host,
    parent: home,
    content: () => panel,
    launcher,
    focusIn: () => panel.focusIn(),
    onClose: () => (host.open = false),
  });
  // The page may fill a slot at any time.
  const slotWatch = new MutationObserver(() => fillSlots(host, panel));
  slotWatch.observe(host, { childList: true });
  const unlabel = locale.$strings.subscribe(({ panel: words }) => frame.label(words.label));

  const chatOrFail = (): Chat => {
    if (!shared) throw new Error('unable to reach the chat; its settings are wrong or the element is not in the page');
    return shared.chat;
  };

  const raise = (code: ErrorCode, message: string, retryable: boolean, hint: string): void => {
    host.dispatchEvent(new TeatimeErrorEvent({ code, message, retryable, hint }));
  };

  const fail = (failure: Failure): void => {
    raise(failure.code, failure.message, isRetryable(failure.code), hintFor(failure.code));
  };

  const attach = (): void => {
    const key = chatKeyOf(host, shell.scriptUrl);
    const before = panel;
    panel = new TeatimePanel();
    panel.waiting = before.waiting;
    panel.tokenMode = key?.source !== undefined;
    panel.addEventListener('conversation-change', () => showsConversation(panel.conversationId));
    panel.addEventListener('close-panel', () => (host.open = false));
    if (key) {
      shared = acquireChat(key);
      setChat(shared.chat);
      shown = panel.conversationId = host.conversation || undefined;
      follow(shared.chat, key);
    } else {
      panel.misconfigured = true;
      raise(
        'configuration',
        `unable to start; server "${host.server}" is not an http or https URL`,
        false,
        'Set the server attribute to the URL of the chat server.',
      );
      settle();
    }
    applySettings();
    frame.update();
  };

  const setFeatures = (): void => {
    const config = shared?.chat.$config.get();
    $features.set(featuresOf(host.features, config?.features));
    const branding = config?.site.branding;
    // Without it the chat looks as it does by default.
    if (branding) void import('./branding.ts').then((part) => part.wear(root, branding)).catch(() => undefined);
  };

  const follow = (chat: Chat, key: ChatKey): void => {
    let isFirst = true;
    unsubscribe = [
      chat.$config.subscribe(setFeatures),
      chat.$session.subscribe((session) => onSession(session, key)),
      chat.$connection.subscribe((connection) => {
        shell.setState('offline', connection.status === 'waiting' || connection.status === 'stopped');
        if (!isFirst) host.dispatchEvent(new TeatimeConnectionChangeEvent(connection));
      }),
      chat.$conversations.subscribe(({ status }) => {
        if (status !== 'ready') return;
        showUnread(chat.$unread.get());
        followCalls(chat);
      }),
      chat.$unread.listen((unread) => showUnread(unread)),
      chat.onNotice((notice) => {
        if (notice.type === 'message') host.dispatchEvent(new TeatimeMessageEvent(notice.message, notice.sender));
        else if (notice.type === 'error') fail(notice.failure);
      }),
    ];
    isFirst = false;
  };

  /** What shows calls is fetched after the list is there, and again with the next change of it when that fails. */
  let calls: Promise<() => void> | undefined;
  const followCalls = (chat: Chat): void => {
    calls ??= import('./calls.ts').then((part) => part.followCalls(shell, chat, locale, $features));
    calls.catch(() => (calls = undefined));
  };

  let unreadShown: number | undefined;
  const showUnread = (unread: number): void => {
    if (unread === unreadShown) return;
    unreadShown = unread;
    shell.setUnread(unread);
    host.dispatchEvent(new TeatimeUnreadChangeEvent(unread));
  };

  const onSession = (session: SessionState, key: ChatKey): void => {
    if (session.status === 'restoring') return;
    if (key.storage === 'local' && !key.source) setSessionHint(host.server, host.site, session.status === 'signed-in');
    if (session.status === 'signed-out') {
      if (unreadShown !== undefined) showUnread(0);
      unreadShown = undefined;
      const event = new TeatimeAuthRequiredEvent(session.reason ?? 'start');
      panel.hostSignsIn = !host.dispatchEvent(event);
    }
    // A changed profile is told as a session too; the settings speak of the sign-in.
    const userId = session.status === 'signed-in' ? session.user.id : undefined;
    if (userId && userId !== signedInAs && host.withUser) openWithUser();
    signedInAs = userId;
    if (userId) for (const resolve of waiting.splice(0)) resolve(chatOrFail());
    if (announced) return;
    announced = true;
    settle();
    host.dispatchEvent(new TeatimeReadyEvent(session.status === 'signed-in' ? session.user : null));
  };

  const showsConversation = (id: string | undefined): void => {
    if (shown === id) return;
    shown = id;
    host.conversation = id ?? '';
    host.dispatchEvent(new TeatimeConversationChangeEvent(id ?? null));
  };

  const detach = (): void => {
    for (const end of unsubscribe) end();
    unsubscribe = [];
    void calls?.then((stop) => stop());
    calls = undefined;
    shared?.release();
    shared = undefined;
  };

  const rebuild = (): void => {
    if (rebuilding) return;
    rebuilding = true;
    // Frameworks set several attributes one after the other: one new chat is enough for all of them.
    queueMicrotask(() => {
      rebuilding = false;
      if (ending !== undefined || !host.isConnected) return;
      detach();
      unreadShown = signedInAs = undefined;
      panel.remove();
      attach();
    });
  };

  const applySettings = (): void => {
    panel.closable = host.mode === 'launcher';
    fillSlots(host, panel);
  };

  /** The chat as soon as somebody is signed in: that of another key, when the page hands a token over meanwhile. */
  const signedIn = (): Promise<Chat> =>
    host.user ? Promise.resolve(chatOrFail()) : new Promise((resolve) => waiting.push(resolve));

  const openConversation = async (target: string | { userId: string }, show = true): Promise<void> => {
    chatOrFail();
    if (show) host.open = true;
    const chat = await signedIn();
    const id = typeof target === 'string' ? target : await chat.openDirect(target.userId);
    panel.show(id);
    await (show ? panel.focusIn() : panel.updateComplete);
  };

  const openWithUser = (): void => {
    openConversation({ userId: host.withUser }, false).catch((error: unknown) => fail(failureFrom(error)));
  };

  attach();
  return {
    ready,
    get user() {
      const session = shared?.chat.$session.get();
      return session?.status === 'signed-in' ? session.user : null;
    },
    get connection() {
      return shared?.chat.$connection.get() ?? { status: 'idle' };
    },
    settingChanged(setting) {
      if (identity.has(setting)) rebuild();
      else if (setting === 'features') setFeatures();
      else if (setting === 'conversation') panel.show(host.conversation || undefined);
      else if (setting === 'withUser' && host.withUser && host.user) openWithUser();
      else if (setting === 'lang' || setting === 'dir' || setting === 'strings') locale.refresh(host.strings);
      applySettings();
      frame.update();
    },
    connect() {
      clearTimeout(ending);
      ending = undefined;
      locale.refresh(host.strings);
      if (shared || panel.misconfigured) frame.update();
      else attach();
    },
    disconnect() {
      frame.update();
      ending ??= setTimeout(() => {
        ending = undefined;
        detach();
        panel.remove();
      }, graceMs);
    },
    openConversation,
    async send({ text = '', files }) {
      const conversation = await panel.opened();
      if (files) await (await import('./send-files.ts')).sendFiles(host, conversation, files, text);
      else await conversation.send(text);
    },
    async setDraft(text) {
      const conversation = await panel.opened();
      conversation.setDraft({ ...conversation.$draft.get(), text });
    },
    focusComposer: () => panel.focusComposer(),
    async startCall(target, { video = false }) {
      await openConversation(target);
      await (await import('./calls.ts')).startCall(chatOrFail(), target, video);
    },
    async hangUp() {
      await (await import('./calls.ts')).hangUp(chatOrFail());
    },
    async signIn() {
      // By then the chat is the one of the new token.
      await Promise.resolve();
      const { $session } = chatOrFail();
      await new Promise<void>((resolve, reject) => {
        unsubscribe.push(
          resolve,
          $session.subscribe(({ status }) => {
            if (status === 'signed-in') resolve();
            else if (status === 'signed-out') reject(new Error('unable to sign in; the token is not accepted'));
          }),
        );
      });
    },
    diagnose: async (options) =>
      (await import('./diagnose/diagnose.ts')).diagnose(shared?.chat, host, shell.scriptUrl, options),
    async signOut(options) {
      await chatOrFail().signOut(options);
    },
    destroy() {
      clearTimeout(ending);
      detach();
      unlabel();
      slotWatch.disconnect();
      locale.disconnect();
      frame.remove();
      home.remove();
    },
  };
}

function allowStyles(host: TeatimeChat, root: ShadowRoot): void {
  // Lit falls back to style elements where style sheets cannot be constructed, and reads their nonce from here.
  if (host.nonce) (globalThis as { litNonce?: string }).litNonce ??= host.nonce;
  const sheets = [tokenStyles, frameStyles].flatMap(({ styleSheet }) => styleSheet ?? []);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((sheet) => !sheets.includes(sheet)), ...sheets];
}
