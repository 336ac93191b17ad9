import { html, LitElement, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ReadableAtom } from 'nanostores';
import ChevronLeft from 'lucide/dist/esm/icons/chevron-left.mjs';
import Info from 'lucide/dist/esm/icons/info.mjs';
import type { User } from '../../../protocol/users.ts';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, ConversationView, OpenConversation } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { ago } from './ago.ts';
import { conversationHeaderStyles } from './teatime-conversation-header.styles.ts';

/** How often "last seen 5 minutes ago" is said anew, in ms. */
const refreshMs = 30_000;

/** Who one is talking with, and whether they are there or writing. Fires `back` and `toggle-details`. */
export class TeatimeConversationHeader extends LitElement {
  static override styles = [baseStyles, conversationHeaderStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #lang = new StoreController(this, () => this.locale?.$lang);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #view = new StoreController(this, () => this.conversation?.$conversation);
  readonly #typing = new StoreController(this, () => this.conversation?.$typing);
  readonly #presence = new StoreController(this, () => this.#ofPeer((chat, id) => chat.presence(id)));
  readonly #lastSeen = new StoreController(this, () => this.#ofPeer((chat, id) => chat.lastSeen(id)));
  #clock: ReturnType<typeof setInterval> | undefined;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;

  @property({ attribute: false }) conversation: OpenConversation | undefined;
  /** The list is not beside it, so there is a way back. */
  @property({ type: Boolean }) narrow = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = setInterval(() => this.requestUpdate(), refreshMs);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
  }

  #ofPeer<T>(find: (chat: Chat, id: string) => T): T | undefined {
    const peer = this.conversation?.$conversation.get()?.peer;
    return peer && this.chat ? find(this.chat, peer.id) : undefined;
  }

  override render() {
    const strings = this.#strings.value;
    const view = this.#view.value;
    if (!strings || !view) return nothing;
    const words = strings.pane.header;
    const { title, avatarColor, avatarUrl, kind } = view;
    const presence = this.#features.value?.has('presence') ? this.#presence.value : undefined;
    const toggle = (): unknown => this.dispatchEvent(new Event('toggle-details'));
    return html`<header>
      ${
        this.narrow
          ? iconButton(ChevronLeft, words.back, () => this.dispatchEvent(new Event('back')), { size: 22, flip: true })
          : nothing
      }
      <button class="who" type="button" @click=${toggle}>
        <teatime-avatar
          .name=${title}
          .src=${avatarUrl}
          .color=${avatarColor}
          .presence=${presence}
          .group=${kind === 'group'}
        ></teatime-avatar>
        <span class="words">
          <bdi class="title truncate">${title}</bdi>
          <span class="line truncate">${this.#renderLine(strings, view, presence)}</span>
        </span>
      </button>
      <teatime-call-buttons .conversation=${this.conversation}></teatime-call-buttons>
      ${iconButton(Info, words.details, toggle)}
    </header>`;
  }

  #renderLine(strings: Strings, { kind, peer, memberCount }: ConversationView, presence: User['presence']) {
    const words = strings.pane.header;
    const typing = this.#features.value?.has('typing') ? (this.#typing.value ?? []) : [];
    if (typing.length > 0) return html`<span class="typing">${typingText(typing, kind === 'dm', strings)}</span>`;
    if (kind === 'group') return words.members(memberCount);
    if (presence === 'online' || presence === 'away') return words[presence];
    // Nothing may be known, or presence is switched off: then the user name is the next best thing to tell.
    if (presence === undefined) return `@${peer?.username ?? ''}`;
    const seen = this.#lastSeen.value;
    if (seen === undefined) return words.offline;
    return words.lastSeen(ago(Date.parse(seen), Date.now(), this.#lang.value ?? 'en') ?? words.justNow);
  }
}

function typingText([one, two, ...more]: readonly User[], direct: boolean, strings: Strings): string {
  const words = strings.pane.header;
  if (direct) return words.typing;
  if (more.length > 0 || !one) return words.manyTyping;
  return two ? words.twoTyping(one.displayName, two.displayName) : words.oneTyping(one.displayName);
}

define('teatime-conversation-header', TeatimeConversationHeader);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-conversation-header': TeatimeConversationHeader;
  }
}
