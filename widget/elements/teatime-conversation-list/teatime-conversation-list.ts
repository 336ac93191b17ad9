import { html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import MessageCircle from 'lucide/dist/esm/icons/message-circle.mjs';
import Search from 'lucide/dist/esm/icons/search.mjs';
import SquarePen from 'lucide/dist/esm/icons/square-pen.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { ReadableAtom } from 'nanostores';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, ConversationsState, ConversationView } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import { nextIndex } from './roving-focus.ts';
import './teatime-conversation-item.ts';
import type { TeatimeConversationItem } from './teatime-conversation-item.ts';
import { conversationListStyles } from './teatime-conversation-list.styles.ts';

/** How close to the end of what is loaded (px) the next page is asked for. */
const loadAheadPx = 300;

/**
 * All conversations, newest activity first, with search on top.
 *
 * @fires open-conversation - `{ id }`, one was chosen
 * @fires new-conversation - the person wants to write to somebody
 * @fires open-profile - the person wants to see their own profile
 * @fires close-panel - the person wants the panel gone
 */
export class TeatimeConversationList extends LitElement {
  static override styles = [baseStyles, conversationListStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #session = new StoreController(this, () => this.chat?.$session);
  readonly #conversations = new StoreController(this, () => this.chat?.$conversations);
  readonly #features = new StoreController(this, () => this.$features);
  #midnight: ReturnType<typeof setTimeout> | undefined;
  #loading = false;

  @query('[role=listbox]') private box!: HTMLElement | null;

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;
  @state() private search = '';
  /** The conversation that Tab leads to. */
  @state() private active: string | undefined;
  @state() private today = new Date().setHours(0, 0, 0, 0);

  /** Id of the conversation that is open. */
  @property({ attribute: false }) selected: string | undefined;
  /** Shows a button that closes the panel. */
  @property({ type: Boolean }) closable = false;
  /** The page shows something of its own instead of "No conversations yet". */
  @property({ type: Boolean }) hasEmptySlot = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watchMidnight();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#midnight);
  }

  /** Puts the focus on the open or first conversation, or on the button that starts one. */
  override focus(): void {
    void this.updateComplete.then(() => {
      const targets = ['[role=option][tabindex="0"]', '.state .button', '.new'];
      const [first] = targets.flatMap((selector) => this.renderRoot.querySelector<HTMLElement>(selector) ?? []);
      first?.focus();
    });
  }

  #watchMidnight(): void {
    const next = new Date();
    this.today = next.setHours(0, 0, 0, 0);
    next.setDate(next.getDate() + 1);
    this.#midnight = setTimeout(() => this.#watchMidnight(), next.getTime() - Date.now() + 50);
  }

  #matching({ items }: ConversationsState): readonly ConversationView[] {
    const words = fold(this.search).split(/\s+/).filter(Boolean);
    if (words.length === 0) return items;
    return items.filter(({ title, peer }) => {
      const text = fold(`${title} ${peer?.username ?? ''}`);
      return words.every((word) => text.includes(word));
    });
  }

  #choose(id: string): void {
    this.active = id;
    this.#tell('open-conversation', { id });
  }

  #tell(type: string, detail?: { id: string }): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  #onClick(event: MouseEvent): void {
    const item = (event.target as HTMLElement).closest<TeatimeConversationItem>('teatime-conversation-item');
    if (item?.conversation) this.#choose(item.conversation.id);
  }

  #onKey(event: KeyboardEvent): void {
    const items = [...(this.box?.querySelectorAll<TeatimeConversationItem>('teatime-conversation-item') ?? [])];
    const index = items.indexOf(event.target as TeatimeConversationItem);
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nextIndex(event.key, index, items.length);
    if (next !== undefined) {
      event.preventDefault();
      this.active = items[next]!.conversation!.id;
      items[next]!.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#choose(items[index]!.conversation!.id);
    }
  }

  #onSearchKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.search) {
      event.preventDefault();
      this.search = '';
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.box?.querySelector<HTMLElement>('[role=option]')?.focus();
    }
  }

  #onScroll(event: Event): void {
    const { scrollHeight, scrollTop, clientHeight } = event.target as HTMLElement;
    if (this.#conversations.value?.hasMore && scrollHeight - scrollTop - clientHeight < loadAheadPx)
      void this.#loadMore();
  }

  async #loadMore(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    // The model puts a failure into the list's state and into a notice.
    await this.chat?.loadMoreConversations().catch(() => undefined);
    this.#loading = false;
  }

  get #mayStart(): boolean {
    const features = this.#features.value;
    return !features || features.has('direct') || features.has('groups');
  }

  #renderHeader(strings: Strings) {
    const session = this.#session.value;
    const { list, panel } = strings;
    return html`<div class="header" part="header">
      ${
        session?.status === 'signed-in' && this.#features.value?.has('profile') !== false
          ? html`<button
              class="me"
              type="button"
              aria-label=${list.profile}
              title=${list.profile}
              @click=${() => this.#tell('open-profile')}
            >
              <teatime-avatar
                .name=${session.user.displayName}
                .src=${session.user.avatarUrl}
                .color=${session.user.avatarColor}
              ></teatime-avatar>
            </button>`
          : nothing
      }
      <slot name="header-start"></slot>
      <h2 class="truncate">${panel.title}</h2>
      <slot name="header-end"></slot>
      ${this.#mayStart ? iconButton(SquarePen, list.newMessage, () => this.#tell('new-conversation'), { className: 'new' }) : nothing}
      ${this.closable ? iconButton(X, panel.close, () => this.#tell('close-panel')) : nothing}
    </div>`;
  }

  #renderSearch({ list: words }: Strings) {
    return html`<div class="search" role="search">
      ${icon(Search, { size: 18 })}
      <input
        class="input"
        type="search"
        aria-label=${words.search}
        placeholder=${words.search}
        autocomplete="off"
        .value=${this.search}
        @input=${(event: InputEvent) => (this.search = (event.target as HTMLInputElement).value)}
        @keydown=${this.#onSearchKey}
      />
      ${this.search ? iconButton(X, words.clearSearch, () => (this.search = ''), { size: 16 }) : nothing}
    </div>`;
  }

  #renderItems(items: readonly ConversationView[], { list: words }: Strings) {
    const session = this.#session.value;
    const me = session?.status === 'signed-in' ? session.user.id : '';
    const isHere = (id: string | undefined): boolean => items.some((item) => item.id === id);
    const tabStop = isHere(this.active) ? this.active : isHere(this.selected) ? this.selected : items[0]?.id;
    return html`<div
      class="items"
      part="list"
      role="listbox"
      aria-label=${words.label}
      @click=${this.#onClick}
      @keydown=${this.#onKey}
    >
      ${repeat(
        items,
        ({ id }) => id,
        (conversation) =>
          html`<teatime-conversation-item
            part="item"
            role="option"
            tabindex=${conversation.id === tabStop ? 0 : -1}
            aria-selected=${conversation.id === this.selected ? 'true' : 'false'}
            .conversation=${conversation}
            .me=${me}
            .today=${this.today}
          ></teatime-conversation-item>`,
      )}
    </div>`;
  }

  #renderBody(state: ConversationsState, strings: Strings) {
    const { list: words } = strings;
    if (state.items.length === 0) {
      if (state.status === 'loading') return renderGhosts(words.loading);
      if (state.status === 'failed') return this.#renderFailed(words);
      return this.hasEmptySlot ? html`<slot name="empty"></slot>` : this.#renderEmpty(words);
    }
    const items = this.#matching(state);
    return html`${
      items.length > 0
        ? this.#renderItems(items, strings)
        : html`<p class="state" role="status">${words.noMatch(this.search.trim())}</p>`
    }
    ${state.status === 'failed' ? html`<p class="state" role="status">${words.failed}</p>` : nothing}
    ${
      state.hasMore
        ? html`<button class="button quiet more" type="button" @click=${this.#loadMore}>${words.loadMore}</button>`
        : nothing
    }`;
  }

  #renderEmpty(words: Strings['list']) {
    return html`<div class="state">
      <span class="mark">${icon(MessageCircle, { size: 28 })}</span>
      <h3>${words.emptyTitle}</h3>
      <p>${words.emptyText}</p>
      ${
        this.#mayStart
          ? html`<button
              class="button primary"
              part="button"
              type="button"
              @click=${() => this.#tell('new-conversation')}
            >
              ${words.newMessage}
            </button>`
          : nothing
      }
    </div>`;
  }

  #renderFailed(words: Strings['list']) {
    return html`<div class="state" role="status">
      <p>${words.failed}</p>
      <button class="button" part="button" type="button" @click=${this.#loadMore}>${words.tryAgain}</button>
    </div>`;
  }

  override render() {
    const strings = this.#strings.value;
    const state = this.#conversations.value;
    if (!strings || !state) return nothing;
    return html`${this.#renderHeader(strings)}
      ${state.items.length > 0 ? this.#renderSearch(strings) : html`<span></span>`}
      <div class="scroll" @scroll=${this.#onScroll}>${this.#renderBody(state, strings)}</div>
      <slot name="footer"></slot>`;
  }
}

function renderGhosts(label: string) {
  return html`<div role="status" aria-label=${label} class="items">
    ${Array.from(
      { length: 6 },
      () =>
        html`<div class="ghost" aria-hidden="true">
          <span class="face skeleton"></span>
          <span class="lines"><span class="skeleton"></span><span class="skeleton"></span></span>
        </div>`,
    )}
  </div>`;
}

/** Letters without case and accents, so that "zoe" finds "Zoë". */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
}

define('teatime-conversation-list', TeatimeConversationList);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-conversation-list': TeatimeConversationList;
  }
}
