import { html, LitElement, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import BellOff from 'lucide/dist/esm/icons/bell-off.mjs';
import Pin from 'lucide/dist/esm/icons/pin.mjs';
import type { ReadableAtom } from 'nanostores';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, ConversationView } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { snippet } from '../teatime-message/scene.ts';
import { conversationItemStyles } from './teatime-conversation-item.styles.ts';

/** One conversation in the list: who, what was said last or who is typing, when, and how much is unread. */
export class TeatimeConversationItem extends LitElement {
  static override styles = [baseStyles, conversationItemStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #format = new StoreController(this, () => this.locale?.$format);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #presence = new StoreController(
    this,
    () => this.conversation?.peer && this.chat?.presence(this.conversation.peer.id),
  );
  readonly #typing = new StoreController(this, () => this.conversation && this.chat?.typing(this.conversation.id));

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;

  @property({ attribute: false }) conversation: ConversationView | undefined;
  /** Id of the person at the screen. */
  @property({ attribute: false }) me = '';
  /** Changes when another day begins, so that "14:05" becomes "Yesterday". */
  @property({ attribute: false }) today = 0;

  #preview(conversation: ConversationView, strings: Strings) {
    const { list: words } = strings;
    /** What stands before the text, in the words of the list, does not decide at which end the text is cut. */
    const line = (text: string, kind = '', say = (said: string) => said) => {
      const [before = '', after = ''] = say('\n').split('\n');
      return html`<span class="preview ${kind}"
        ><bdi>${before}</bdi><span class="truncate" dir="auto">${text}${after}</span></span
      >`;
    };
    const [typist] = (this.#features.value?.has('typing') !== false && this.#typing.value) || [];
    if (typist)
      return conversation.kind === 'dm'
        ? line(words.typing, 'typing')
        : line(words.typing, 'typing', (said) => words.by(typist.displayName, said));
    const { lastMessage: last, members } = conversation;
    if (!last) return line(words.nothingYet, 'quiet');
    if (last.deletedAt) return line(words.deleted, 'quiet');
    const own = last.senderId === this.me;
    const text = snippet(last, strings, last.files, own);
    if (own) return line(text, '', last.call ? undefined : words.you);
    const sender = conversation.kind === 'group' ? members.find(({ userId }) => userId === last.senderId) : undefined;
    return line(text, '', sender && ((said) => words.by(sender.user.displayName, said)));
  }

  #renderMarks({ muted, pinned, lastMessage, lastActivityAt }: ConversationView, { list: words }: Strings) {
    const mark = (node: Parameters<typeof icon>[0], text: string) =>
      html`<span title=${text}>${icon(node, { size: 14 })}<span class="visually-hidden">${text}</span></span>`;
    return html`<span class="meta">
      ${muted ? mark(BellOff, words.muted) : nothing} ${pinned ? mark(Pin, words.pinned) : nothing}
      <time datetime=${new Date(lastActivityAt).toISOString()} title=${this.#format.value?.full(lastActivityAt) ?? ''}
        ><bdi>${lastMessage ? this.#format.value?.listTime(lastActivityAt) : nothing}</bdi></time
      >
    </span>`;
  }

  #renderUnread({ unread, muted }: ConversationView, { list: words }: Strings) {
    if (unread === 0) return nothing;
    return html`<span class="pill ${muted ? 'muted' : ''}">
      <bdi aria-hidden="true">${unread > 99 ? words.manyUnread : unread}</bdi
      ><span class="visually-hidden">${words.unread(unread)}</span>
    </span>`;
  }

  override render() {
    const strings = this.#strings.value;
    const { conversation } = this;
    if (!strings || !conversation) return nothing;
    const presence = this.#features.value?.has('presence') === false ? undefined : this.#presence.value;
    return html`<teatime-avatar
        .name=${conversation.title}
        .src=${conversation.avatarUrl}
        .color=${conversation.avatarColor}
        .presence=${presence}
        .group=${conversation.kind === 'group'}
      ></teatime-avatar>
      <div class=${conversation.unread > 0 ? 'unread' : ''}>
        <div class="row">
          <span class="title truncate" dir="auto">${conversation.title}</span>
          ${presence === 'online' || presence === 'away' ? html`<span class="visually-hidden">${strings.presence[presence]}</span>` : nothing}
          ${this.#renderMarks(conversation, strings)}
        </div>
        <div class="row">${this.#preview(conversation, strings)} ${this.#renderUnread(conversation, strings)}</div>
      </div>`;
  }
}

define('teatime-conversation-item', TeatimeConversationItem);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-conversation-item': TeatimeConversationItem;
  }
}
