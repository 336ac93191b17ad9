import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import Coffee from 'lucide/dist/esm/icons/coffee.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import { TeatimeErrorEvent } from '../../events.ts';
import type { Chat, OpenConversation, SessionState } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-conversation-list/teatime-conversation-list.ts';
import '../teatime-conversation/teatime-conversation.ts';
import '../teatime-sign-in/teatime-sign-in.ts';
import { panelStyles } from './teatime-panel.styles.ts';

/** Names of the page's slots that are handed on to the elements inside. */
export const panelSlots = ['header-start', 'header-end', 'empty', 'sign-in', 'composer-actions', 'footer'] as const;

/** Soon after the first picture: until then there is nothing to be said about the line to the server that the panel does not show anyway. */
const loadNotices = (): Promise<unknown> => import('../teatime-notices/teatime-notices.ts');

/** Views that are not needed at first: loaded when one is wanted, or when the browser has nothing better to do. */
const loadRest = (): Promise<unknown> => import('./rest.ts');

/** From this width on (px) the list stands beside the conversation; the container queries of the styles say the same. */
const narrowBelow = 560;

/**
 * Everything inside the frame: the gate for who is not signed in, then list, conversation and details side by side or one at
 * a time, as the width allows.
 *
 * @fires conversation-change - another conversation is shown, or none
 * @fires close-panel - the person wants the panel gone
 * @fires depth-change - `depth` may have changed
 */
export class TeatimePanel extends LitElement {
  static override styles = [baseStyles, panelStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #session = new StoreController(this, () => this.chat?.$session);
  readonly #config = new StoreController(this, () => this.chat?.$config);
  readonly #conversation = new StoreController(this, () => this.open?.$conversation);
  readonly #size = new ResizeObserver(([entry]) => {
    if (entry && entry.contentRect.width > 0) this.narrow = entry.contentRect.width < narrowBelow;
  });
  /** The open conversation has been seen in the list, so that its absence means that it is gone. */
  #known = false;
  #prefetched = false;
  #status: SessionState['status'] | undefined;

  @query('teatime-conversation') private pane!: HTMLElement | null;
  @query('.side > *') private sideElement!: HTMLElement | null;
  @query('teatime-sign-in') private signIn!: HTMLElement | null;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private narrow = true;
  @state() private side: 'list' | 'message' | 'group' | 'profile' = 'list';
  @state() private details = false;
  @state() private open: OpenConversation | undefined;

  /** The conversation that is shown. */
  @property({ attribute: false }) conversationId: string | undefined;
  /** The page hands out tokens, so there is no form to sign in with. */
  @property({ type: Boolean }) tokenMode = false;
  /** The page said that it sees to the sign-in by itself. */
  @property({ type: Boolean }) hostSignsIn = false;
  /** The settings make no sense: there is no chat to show. */
  @property({ type: Boolean }) misconfigured = false;
  /** There is something to close: the panel of the launcher. */
  @property({ type: Boolean }) closable = false;
  /** Who waits for a conversation to be open; a panel that takes the place of another takes them over. */
  waiting: ((conversation: OpenConversation) => void)[] = [];
  /** Which of the page's slots are filled. */
  @property({ attribute: false }) slotted: ReadonlySet<string> = new Set();

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('exportparts', 'header, list, item, button, composer, bubble, call-stage');
    this.#size.observe(this);
    whenIdle(loadNotices);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
    this.#close();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const status = this.#session.value?.status;
    // What has the focus is about to be replaced, or the box around has it because there was nothing else yet.
    if (status !== this.#status && this.#status !== undefined && this.parentElement?.matches(':focus-within'))
      void this.focusIn();
    this.#status = status;
    const id = this.#session.value?.status === 'signed-in' ? this.conversationId : undefined;
    if (changed.has('chat') || id !== this.open?.id) {
      this.#close();
      if (id && this.chat) {
        const open = (this.open = this.chat.open(id));
        for (const resolve of this.waiting.splice(0)) resolve(open);
      }
    }
    if (this.#session.value?.status === 'signed-out') {
      this.side = 'list';
      this.details = false;
    }
  }

  protected override updated(): void {
    if (this.#session.value?.status === 'signed-in') this.#prefetch();
    if (!this.open || this.#conversation.value) this.#known = this.open !== undefined;
    // Left, or removed: there is nothing to show any more.
    else if (this.#known) this.show(undefined);
    this.dispatchEvent(new Event('depth-change', { bubbles: true }));
  }

  /** Shows a conversation, or none; tells the public element. */
  show(id: string | undefined): void {
    if (id) this.side = 'list';
    if (id === this.conversationId) return;
    this.conversationId = id;
    if (!id) this.details = false;
    this.dispatchEvent(new Event('conversation-change'));
  }

  /** The open conversation, as soon as there is one. */
  opened(): Promise<OpenConversation> {
    return this.open ? Promise.resolve(this.open) : new Promise((resolve) => this.waiting.push(resolve));
  }

  /** How many steps back lead to the list, as long as there is one pane at a time. */
  get depth(): number {
    const inside = this.open && this.conversationId ? 1 + Number(this.details) : Number(this.side !== 'list');
    return this.narrow ? inside : 0;
  }

  /** Goes one of them, as the button on top of the pane does. */
  stepBack(): void {
    if (this.details) void this.#toggleDetails();
    else if (this.conversationId) this.#back();
    else void this.#go('list');
  }

  /** Puts the focus where the person goes on. */
  async focusIn(): Promise<void> {
    await this.updateComplete;
    (this.signIn ?? (this.narrow || !this.pane ? (this.open ? this.pane : this.sideElement) : this.pane))?.focus();
  }

  /** Puts the focus into the composer. */
  focusComposer(): void {
    void this.updateComplete.then(() => this.pane?.focus());
  }

  #prefetch(): void {
    if (this.#prefetched) return;
    this.#prefetched = true;
    whenIdle(loadRest);
  }

  #close(): void {
    this.open?.close();
    this.open = undefined;
    this.#known = false;
  }

  async #go(side: typeof this.side): Promise<void> {
    if (side !== 'list' && !(await this.#loadRest())) return;
    this.side = side;
    await this.updateComplete;
    this.sideElement?.focus();
  }

  /** False when the code of the other views cannot be had. */
  async #loadRest(): Promise<boolean> {
    try {
      await loadRest();
      return true;
    } catch {
      const message = 'unable to load a part of the chat; its script could not be fetched';
      const hint = 'Is the chat server reachable?';
      this.dispatchEvent(new TeatimeErrorEvent({ code: 'load_failed', message, retryable: true, hint }));
      return false;
    }
  }

  #choose(event: CustomEvent<{ id: string; focus?: boolean }>): void {
    event.stopPropagation();
    this.show(event.detail.id);
    if (event.detail.focus !== false) void this.focusIn();
  }

  #back(): void {
    this.show(undefined);
    void this.focusIn();
  }

  async #toggleDetails(): Promise<void> {
    if (!this.details && !(await this.#loadRest())) return;
    this.details = !this.details;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(this.details ? 'teatime-details' : 'teatime-conversation')?.focus();
  }

  #forward(name: (typeof panelSlots)[number]) {
    return this.slotted.has(name) ? html`<slot name=${name} slot=${name}></slot>` : nothing;
  }

  #renderClose() {
    const close = (): unknown => this.dispatchEvent(new Event('close-panel'));
    return this.closable ? iconButton(X, this.#strings.value?.panel.close, close, { className: 'close' }) : nothing;
  }

  #renderGate(session: SessionState | undefined) {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    if (this.misconfigured)
      return html`<div class="gate">
        <p class="words" role="alert">${strings.errors.configuration}</p>
        ${this.#renderClose()}
      </div>`;
    // What the page does itself does not depend on what the site lets people do.
    const byPage = this.tokenMode || this.slotted.has('sign-in');
    if (session?.status === 'signed-out' && (byPage || this.#config.value)) {
      return html`<div class="gate scroll">
        ${
          this.slotted.has('sign-in')
            ? html`<slot name="sign-in"></slot>`
            : html`<teatime-sign-in
                exportparts="button"
                .reason=${session.reason}
                .byHost=${this.tokenMode || this.hostSignsIn}
              ></teatime-sign-in>`
        }
        ${this.#renderClose()}
      </div>`;
    }
    return html`<div class="gate" aria-busy="true">
      <p class="words">${strings.panel.loading}</p>
      ${this.#renderClose()}
    </div>`;
  }

  #renderSide() {
    const back = (): void => void this.#go('list');
    if (this.side === 'profile') return html`<teatime-profile exportparts="button" @back=${back}></teatime-profile>`;
    if (this.side !== 'list') {
      return html`<teatime-new-conversation
        exportparts="button"
        .mode=${this.side}
        @mode-change=${(event: CustomEvent<{ mode: 'message' | 'group' }>) => (this.side = event.detail.mode)}
        @back=${back}
        @open-conversation=${this.#choose}
      ></teatime-new-conversation>`;
    }
    return html`<teatime-conversation-list
      exportparts="header, list, item, button"
      .selected=${this.conversationId}
      .closable=${this.closable}
      .hasEmptySlot=${this.slotted.has('empty')}
      @open-conversation=${this.#choose}
      @new-conversation=${() => this.#go('message')}
      @open-profile=${() => this.#go('profile')}
      @close-panel=${() => this.dispatchEvent(new Event('close-panel'))}
      >${this.#forward('header-start')}${this.#forward('header-end')}${this.#forward('empty')}${this.#forward('footer')}</teatime-conversation-list
    >`;
  }

  #renderMain() {
    const strings = this.#strings.value;
    if (this.open) {
      return html`<teatime-conversation
        exportparts="composer, bubble"
        .conversation=${this.open}
        .narrow=${this.narrow}
        @back=${this.#back}
        @toggle-details=${this.#toggleDetails}
        @open-conversation=${this.#choose}
        >${this.#forward('composer-actions')}</teatime-conversation
      >`;
    }
    return html`<div class="empty">
      <span class="mark">${icon(Coffee, { size: 28 })}</span>
      <h2>${strings?.panel.chooseTitle}</h2>
      <p>${strings?.panel.chooseText}</p>
    </div>`;
  }

  override render() {
    const session = this.#session.value;
    if (session?.status !== 'signed-in') return html`<teatime-notices></teatime-notices>${this.#renderGate(session)}`;
    const details = this.open && this.details;
    return html`<teatime-notices></teatime-notices>
      <teatime-call
        exportparts="call-stage"
        .shown=${this.conversationId}
        @open-conversation=${this.#choose}
      ></teatime-call>
      <div class="layout" data-view=${details ? 'details' : this.open ? 'conversation' : 'list'}>
        <div class="side">${this.#renderSide()}</div>
        <div class="main">${this.#renderMain()}</div>
        ${
          details
            ? html`<div class="details">
                <teatime-details
                  exportparts="button"
                  .conversation=${this.open}
                  @close=${this.#toggleDetails}
                  @open-conversation=${this.#choose}
                ></teatime-details>
              </div>`
            : nothing
        }
      </div>`;
  }
}

/** How long after a failure code is fetched again, in ms. */
const fetchAgainMs = 5_000;

/** Fetches code when the browser has nothing better to do. */
function whenIdle(load: () => Promise<unknown>): void {
  const fetch = (): void => void load().catch(() => setTimeout(fetch, fetchAgainMs));
  if (typeof requestIdleCallback === 'function') requestIdleCallback(fetch, { timeout: 1000 });
  else setTimeout(fetch, 1000);
}

define('teatime-panel', TeatimePanel);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-panel': TeatimePanel;
  }
}
