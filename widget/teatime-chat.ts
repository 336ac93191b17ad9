import type { Me } from '../protocol/users.ts';
import type { App } from './app.ts';
import { attributes, defineAttributes, fields, settingOf, type Setting } from './attributes.ts';
import type { DiagnoseOptions, Diagnosis } from './diagnose/diagnosis.ts';
import { TeatimeErrorEvent, TeatimeOpenChangeEvent, type TeatimeChatEventMap } from './events.ts';
import type { Icons } from './icons.ts';
import { languageAround, type Language } from './language.ts';
import { createLauncher, launcherStyles, type Launcher } from './launcher.ts';
import { enLauncher } from './locales/en-launcher.ts';
import type { StringOverrides } from './locales/strings.ts';
import type { ConnectionState, TokenProvider } from './model/types.ts';
import { hasSessionHint } from './session-hint.ts';

interface Fields {
  token?: string | undefined;
  tokenProvider?: TokenProvider | undefined;
  strings?: StringOverrides | undefined;
  iceServers?: readonly RTCIceServer[] | undefined;
}

// Node has no elements; importing the module there must work all the same, for pages that are rendered on a server.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/**
 * A people-to-people messenger in one tag. It starts as a button of a few kilobytes and loads the chat when it is needed:
 * when it is opened, in the modes `inline` and `page`, and when somebody was signed in here before.
 *
 * @attr server - URL of the chat server; left out, the server that this script came from
 * @attr site - key of the site on that server (`default`)
 * @attr token - token of a person whom the page has signed in (docs/sso.md); better set by `tokenProvider` or `token-url`
 * @attr token-url - URL on the page's own server that answers with a token of the person who is signed in there (docs/sso.md)
 * @attr mode - `launcher` (a button with a panel), `inline` (fills its box) or `page` (fills the window)
 * @attr open - the panel is open (launcher)
 * @attr conversation - id of the conversation that is shown
 * @attr with-user - id of a person; opens the direct message with them
 * @attr lang - language of the interface; inherited
 * @attr dir - direction of text; inherited
 * @attr theme - `auto` (as the system), `light` or `dark`
 * @attr features - what to switch off, such as `-register -groups -voice`
 * @attr position - corner of the launcher: `bottom-end` or `bottom-start`
 * @attr nonce - for style elements, in browsers that have no constructable style sheets
 * @attr offline-storage - where drafts and unsent messages are kept: `local` (device), `session` (tab) or `none`
 * @attr storage-consent - `pending` keeps everything in memory until it is `granted`
 *
 * @slot launcher - the picture on the launcher button
 * @slot header-start - before the title of the conversation list
 * @slot header-end - after the title of the conversation list
 * @slot empty - shown instead of "No conversations yet"
 * @slot sign-in - shown instead of the sign-in form
 * @slot composer-actions - buttons of your own beside the composer
 * @slot footer - below the conversation list
 *
 * @cssState open - the panel is open
 * @cssState offline - the line to the server is down
 * @cssState in-call - one is in a call, or calls somebody
 *
 * @csspart launcher - the button
 * @csspart badge - the number of unread messages on it
 * @csspart panel - what it opens, or the whole interface in the other modes
 * @csspart header - top of the conversation list
 * @csspart list - the conversation list
 * @csspart item - a conversation in it
 * @csspart button - a main button of a form
 * @csspart composer - where messages are written
 * @csspart bubble - a message
 * @csspart call-stage - a call that one is in
 */
export class TeatimeChat extends Base {
  static readonly observedAttributes = [...Object.values(attributes).map(([name]) => name), 'token', 'open'];

  /**
   * Pictures of the page's own in place of the built-in icons, by Lucide's names; set them before a chat is opened.
   * Each is the `d` of a path that is drawn as an outline on 24 × 24, or an `<svg>`, of which copies are shown.
   */
  static icons: Icons | undefined;

  readonly #launcher: Launcher;
  readonly #root: ShadowRoot;
  #internals: ElementInternals | undefined;
  #app: App | undefined;
  #loading: Promise<App> | undefined;
  #unread = 0;
  #busy = false;
  /** False while the parser hands over the attributes one by one, when it is too early to judge by them. */
  #settled = false;
  #fields: Fields = {};
  readonly #language: Language = { tag: '' };
  /** Watches for `lang` and `dir`, its own and those around it. */
  readonly #around = new MutationObserver(() => void this.#speak());

  declare server: string;
  declare site: string;
  declare tokenUrl: string;
  declare mode: 'launcher' | 'inline' | 'page';
  declare conversation: string;
  declare withUser: string;
  declare theme: 'auto' | 'light' | 'dark';
  declare features: string;
  declare position: 'bottom-end' | 'bottom-start';
  declare offlineStorage: 'local' | 'session' | 'none';
  declare storageConsent: 'granted' | 'pending';

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(launcherStyles);
    this.#root.adoptedStyleSheets = [sheet];
    this.#launcher = createLauncher();
    this.#root.append(this.#launcher.button);
    const { button } = this.#launcher;
    button.addEventListener('click', () => void this.toggle().catch(() => undefined));
    // The code is likely to be wanted: fetch it while the pointer is still on its way.
    const prefetch = (): void => {
      importApp().catch(() => undefined);
      void this.#speak(true);
    };
    button.addEventListener('pointerenter', prefetch, { once: true });
    button.addEventListener('focus', prefetch, { once: true });
    this.#showLauncher();
  }

  /** Access token of a person whom the page has signed in. */
  get token(): string | undefined {
    return this.#fields.token;
  }
  set token(token: string | undefined) {
    this.#set('token', token);
  }

  /** Hands out tokens (docs/sso.md): called at the start and whenever one has run out. Resolve with `null` when nobody is signed in. */
  get tokenProvider(): TokenProvider | undefined {
    return this.#fields.tokenProvider;
  }
  set tokenProvider(provider: TokenProvider | undefined) {
    this.#set('tokenProvider', provider);
  }

  /** The page's own wording, laid over the built-in one. */
  get strings(): StringOverrides | undefined {
    return this.#fields.strings;
  }
  set strings(strings: StringOverrides | undefined) {
    this.#set('strings', strings);
  }

  /** STUN and TURN servers for calls, in place of those that the chat server names; read whenever a call is begun or answered. */
  get iceServers(): readonly RTCIceServer[] | undefined {
    return this.#fields.iceServers;
  }
  set iceServers(servers: readonly RTCIceServer[] | undefined) {
    this.#set('iceServers', servers);
  }

  /** Who is signed in, or `null`. */
  get user(): Me | null {
    return this.#app?.user ?? null;
  }

  /** Number of unread messages. */
  get unread(): number {
    return this.#unread;
  }

  /** The line to the server. */
  get connection(): ConnectionState {
    return this.#app?.connection ?? { status: 'idle' };
  }

  /** Resolves when the chat is loaded and it is known whether somebody is signed in. Asking for it loads the chat. */
  get ready(): Promise<void> {
    return this.#load().then((app) => app.ready);
  }

  /** The panel is open. */
  get open(): boolean {
    return this.hasAttribute('open');
  }
  set open(open: boolean) {
    this.toggleAttribute('open', Boolean(open));
  }

  connectedCallback(): void {
    this.#adoptEarlyProperties();
    this.#settled = true;
    if (this.#app) this.#app.connect();
    else if (this.mode !== 'launcher' || this.open) this.#start();
    else if (this.#isKnown()) whenIdle(() => this.isConnected && this.#start());
    void this.#speak();
  }

  disconnectedCallback(): void {
    this.#around.disconnect();
    this.#app?.disconnect();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    if (name === 'token') {
      this.token = after ?? undefined;
      return;
    }
    if (name === 'open') {
      this.#showLauncher();
      this.#state('open', this.open);
      this.dispatchEvent(new TeatimeOpenChangeEvent(this.open));
    }
    this.#changed(settingOf(name));
  }

  /** Opens the panel. */
  async show(): Promise<void> {
    this.open = true;
    await this.#load();
  }

  /** Closes the panel. */
  async hide(): Promise<void> {
    this.open = false;
  }

  /** Opens the panel, or closes it. */
  async toggle(): Promise<void> {
    await (this.open ? this.hide() : this.show());
  }

  /** Opens a conversation by its id, or the direct message with somebody; waits for the sign-in if need be. */
  async openConversation(target: string | { userId: string }): Promise<void> {
    await (await this.#load()).openConversation(target);
  }

  /** Sends a message to the conversation that is open: a text, files or both. Files that are not taken are told by `teatime-file-reject`. */
  async send(message: { text?: string; files?: Iterable<File> }): Promise<void> {
    await (await this.#load()).send(message);
  }

  /** Puts a text into the composer of the conversation that is open. */
  async setDraft(text: string): Promise<void> {
    await (await this.#load()).setDraft(text);
  }

  /** Moves the focus to the composer. */
  async focusComposer(): Promise<void> {
    (await this.#load()).focusComposer();
  }

  /** Calls everybody in a conversation, or somebody; or comes into the call that is on there. Resolves when it rings. */
  async startCall(target: string | { userId: string }, options: { video?: boolean } = {}): Promise<void> {
    await (await this.#load()).startCall(target, options);
  }

  /** Leaves the call that one is in, stops calling, or declines. */
  async hangUp(): Promise<void> {
    await this.#app?.hangUp();
  }

  /**
   * Looks whether the chat and its calls can work on this page, from the server to the microphone, and says of each what to do about it. Asks for no
   * permission, unless `devices` has it open microphone and camera to be sure.
   */
  async diagnose(options?: DiagnoseOptions): Promise<Diagnosis> {
    return (await this.#load()).diagnose(options);
  }

  /** Signs in with a token from the page's own server. Rejects when the chat server does not accept it. */
  async signIn(token: string): Promise<void> {
    this.token = token;
    await (await this.#load()).signIn();
  }

  /** Signs out; `forget` also drops this person's drafts and unsent messages from the device. */
  async signOut(options: { forget?: boolean } = {}): Promise<void> {
    await (await this.#load()).signOut(options);
  }

  /** Ends everything at once, without waiting whether the element comes back to the page. */
  destroy(): void {
    this.open = false;
    this.#app?.destroy();
    this.#app = this.#loading = undefined;
    this.#unread = 0;
    this.#showLauncher();
  }

  /** A property may have been set before the element was defined: move it behind its accessor. */
  #adoptEarlyProperties(): void {
    const own = this as unknown as Record<string, unknown>;
    for (const name of [...Object.keys(attributes), ...fields, 'open']) {
      if (!Object.hasOwn(this, name)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
  }

  /** Somebody is, or is likely to be, signed in, so that there may be something unread. */
  #isKnown(): boolean {
    return Boolean(this.token || this.tokenProvider || this.tokenUrl) || hasSessionHint(this.server, this.site);
  }

  #start(): void {
    void this.#load().catch(() => undefined);
  }

  #load(): Promise<App> {
    return (this.#loading ??= this.#mount());
  }

  async #mount(): Promise<App> {
    this.#showLauncher((this.#busy = true));
    try {
      const words = this.#speak(true);
      const { mountApp } = await importApp();
      this.#app = await mountApp({
        host: this,
        root: this.#root,
        launcher: this.#launcher.button,
        language: this.#language,
        words,
        scriptUrl: import.meta.url,
        setUnread: (unread) => {
          this.#unread = unread;
          this.#showLauncher();
        },
        setState: (name, on) => this.#state(name, on),
      });
      if (!this.isConnected) this.#app.disconnect();
      return this.#app;
    } catch (cause) {
      this.#loading = undefined;
      this.open = false;
      const hint = 'Is the chat server reachable, and does the Content-Security-Policy of the page allow its scripts?';
      const message = 'unable to load the chat; its script could not be fetched';
      this.dispatchEvent(new TeatimeErrorEvent({ code: 'load_failed', message, retryable: true, hint }));
      throw new Error(message, { cause });
    } finally {
      this.#showLauncher((this.#busy = false));
    }
  }

  /** Speaks the language around it. English is there already; what any other needs is fetched, the `whole` of it when the chat is. */
  async #speak(whole = Boolean(this.#loading)): Promise<void> {
    const language = this.#language;
    language.tag = languageAround(this, this.#around);
    const tell = (): void => {
      this.#showLauncher();
      this.#app?.settingChanged('lang');
    };
    if (/^en/i.test(language.tag) && !language.launcher) tell();
    // Without its words, English serves until the next occasion.
    else
      await import('./locales/languages.ts').then(
        (all) => all.speak(this.#root, language, whole, tell),
        () => {},
      );
  }

  #set<K extends keyof Fields>(field: K, value: Fields[K]): void {
    if (this.#fields[field] === value) return;
    this.#fields[field] = value;
    this.#changed(field);
  }

  #changed(setting: Setting): void {
    if (setting === 'strings') this.#showLauncher();
    if (this.#app) this.#app.settingChanged(setting);
    else if (this.#settled && this.isConnected && (this.mode !== 'launcher' || this.open || this.#isKnown()))
      this.#start();
  }

  #showLauncher(busy = this.#busy): void {
    this.#launcher.update({
      open: this.open,
      busy,
      unread: this.#unread,
      words: { ...enLauncher, ...this.#language.launcher, ...this.strings?.launcher },
    });
  }

  #state(name: string, on: boolean): void {
    this.#internals ??= this.attachInternals();
    // Browsers before 2024 have no custom states.
    if (on) this.#internals.states?.add(name);
    else this.#internals.states?.delete(name);
  }
}

defineAttributes(TeatimeChat.prototype);

export interface TeatimeChat {
  addEventListener<K extends keyof TeatimeChatEventMap>(
    type: K,
    listener: (this: TeatimeChat, event: TeatimeChatEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<K extends keyof HTMLElementEventMap>(
    type: K,
    listener: (this: TeatimeChat, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

function importApp(): Promise<typeof import('./app.ts')> {
  return import('./app.ts');
}

function whenIdle(task: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(task, { timeout: 3000 });
  else setTimeout(task, 300);
}

declare global {
  interface HTMLElementTagNameMap {
    'teatime-chat': TeatimeChat;
  }
}

/** Registers the element. A second copy of the script on one page leaves the first one in place; in Node there is nothing to register with. */
export function register(): void {
  if (globalThis.customElements && !customElements.get('teatime-chat'))
    customElements.define('teatime-chat', TeatimeChat);
}
