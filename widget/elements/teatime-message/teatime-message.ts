import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { File } from '../../../protocol/files.ts';
import type { Message, Reaction } from '../../../protocol/messages.ts';
import type { StagedFile } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureText } from '../failure-text.ts';
import { directionOf } from '../message-text/direction.ts';
import { messageTextStyles } from '../message-text/message-text.styles.ts';
import { countOnlyEmoji } from '../message-text/parse.ts';
import { renderText } from '../message-text/render-text.ts';
import '../teatime-avatar/teatime-avatar.ts';
import type { TeatimeMessageActions } from '../teatime-message-actions/teatime-message-actions.ts';
import type { Row } from '../teatime-timeline/rows.ts';
import { fileBox, isMedia } from './file-box.ts';
import { isSettled, snippet, type MessageScene } from './scene.ts';
import { statusMark } from './status-mark.ts';
import { messageStyles } from './teatime-message.styles.ts';

const holdMs = 450;

/** Fetched when somebody first turns to a message: until then the bar is an element that is not defined yet. */
const loadActions = () => import('../teatime-message-actions/teatime-message-actions.ts');
/** Fetched with the first message that has files; their room is kept until then. */
const loadFiles = () => import('../teatime-message-files/teatime-message-files.ts');

/** One message: who, what, when, how far it has come, and what can be done with it. Focusable as a whole by its timeline. */
export class TeatimeMessage extends LitElement {
  static override styles = [baseStyles, messageTextStyles, messageStyles];

  #hold: ReturnType<typeof setTimeout> | undefined;
  #quotedId: string | undefined;
  /** Those of an unsent message are still on their way. */
  #files: readonly (File | StagedFile)[] = [];

  @query('teatime-message-actions') private actions!: TeatimeMessageActions | null;

  /** Pointed at, focused or held: then the actions are there. */
  @state() private engaged = false;
  @state() private quote: Message | 'loading' | 'gone' = 'loading';

  @property({ attribute: false }) row!: Row;
  @property({ attribute: false }) scene!: MessageScene;

  constructor() {
    super();
    this.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && (this.engaged = true));
    this.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.#disengage());
    this.addEventListener('focusin', () => (this.engaged = true));
    this.addEventListener('focusout', (event) => !this.#holds(event.relatedTarget) && this.#disengage());
    this.addEventListener('pointerdown', this.#startHold);
    for (const type of ['pointerup', 'pointercancel', 'pointermove'] as const)
      this.addEventListener(type, () => clearTimeout(this.#hold));
    this.addEventListener('contextmenu', (event) => this.#hold !== undefined && event.preventDefault());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.role = 'article';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#hold);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { item, at } = this.row;
    const { strings, format } = this.scene;
    // Without a line to the server there is no bar; the next time it is asked for again.
    if (this.engaged) void loadActions().catch(() => undefined);
    this.#files = item.uploads ?? item.message.files;
    if (this.#files.length) void loadFiles().catch(() => undefined);
    if (changed.has('row') || changed.has('scene')) {
      const name = item.own ? strings.pane.message.you : item.sender.displayName;
      this.ariaLabel = strings.pane.message.label(
        name,
        format.time(at),
        snippet(item.message, strings, this.#files, item.own),
      );
    }
    const { replyTo } = item.message;
    if (replyTo !== this.#quotedId) void this.#loadQuote(replyTo);
  }

  async #loadQuote(id: string | undefined): Promise<void> {
    this.#quotedId = id;
    this.quote = 'loading';
    if (id === undefined) return;
    const found = await this.scene.quoted(id).catch(() => undefined);
    if (this.#quotedId === id) this.quote = found ?? 'gone';
  }

  readonly #startHold = (event: PointerEvent): void => {
    clearTimeout(this.#hold);
    this.#hold = undefined;
    if (event.pointerType === 'mouse') return;
    this.#hold = setTimeout(() => {
      this.engaged = true;
      this.focus({ preventScroll: true });
    }, holdMs);
  };

  #holds(target: EventTarget | null): boolean {
    return target instanceof Node && (this === target || this.contains(target) || this.renderRoot.contains(target));
  }

  #disengage(): void {
    if (this.actions?.open || this.matches(':focus-within')) return;
    this.engaged = false;
  }

  /** Puts the focus on the actions. */
  async openActions(): Promise<void> {
    this.engaged = true;
    await Promise.all([this.updateComplete, loadActions().catch((error: unknown) => this.scene.tell(error))]);
    await this.actions?.updateComplete;
    this.actions?.focus();
  }

  override render() {
    const { item, first, last } = this.row;
    // What the site itself says is not the other person's.
    const direct = this.scene.direct && item.sender.kind !== 'system';
    const { text, deletedAt, replyTo } = item.message;
    const files = this.#files;
    const emoji = deletedAt ? 0 : countOnlyEmoji(text);
    const bare = emoji > 0 && emoji <= 8 && !replyTo && !files.length;
    const media = files.some(isMedia);
    // A video has its controls where the time would be.
    const over = media && !text && files.every(isMedia) && (files.length > 1 || files[0]!.kind === 'image');
    const classes = {
      line: true,
      own: item.own,
      first,
      last,
      bare,
      deleted: !!deletedAt,
      direct,
      media,
      over,
      mute: files.length > 0 && !text,
    };
    return html`<div class=${namesOf(classes)}>
      ${item.own ? nothing : html`<div class="face">${first ? this.#renderFace() : nothing}</div>`}
      <div class="stack">
        ${first && !item.own && !direct ? html`<bdi class="name">${item.sender.displayName}</bdi>` : nothing}
        <div class="hold">
          <div class="bubble" part="bubble">
            ${replyTo ? this.#renderQuote(replyTo) : nothing}
            ${
              files.length
                ? html`<teatime-message-files
                    .style=${fileBox(files, !text && files.length === 1)}
                    .item=${item}
                    .scene=${this.scene}
                  ></teatime-message-files>`
                : nothing
            }
            ${this.#renderBody(bare ? emoji : 0)}
          </div>
          ${
            this.engaged && isSettled(item)
              ? html`<teatime-message-actions
                  .item=${item}
                  .scene=${this.scene}
                  @close=${() => this.#closed()}
                  @done=${() => this.#done()}
                ></teatime-message-actions>`
              : nothing
          }
        </div>
        ${item.message.reactions.length > 0 ? this.#renderReactions(item.message.reactions) : nothing}
        ${item.delivery === 'failed' ? this.#renderFailure() : nothing}
      </div>
    </div>`;
  }

  #closed(): void {
    if (!this.matches(':hover')) this.#disengage();
  }

  /** The bar goes away once it has done its work; the focus stays on the message. */
  #done(): void {
    if (this.matches(':focus-within')) this.focus({ preventScroll: true });
    this.engaged = false;
  }

  #renderFace() {
    const { sender } = this.row.item;
    return html`<teatime-avatar
      .name=${sender.displayName}
      .src=${sender.avatarUrl}
      .color=${sender.avatarColor}
    ></teatime-avatar>`;
  }

  // prettier-ignore
  #renderBody(emoji: number) {
    const { item } = this.row;
    const words = this.scene.strings.pane.message;
    const { message } = item;
    if (message.deletedAt) return html`<div class="text">${item.own ? words.deletedOwn : words.deleted} ${this.#renderMeta()}</div>`;
    if (message.call) return html`<div class="text"><teatime-call-entry .item=${item} .scene=${this.scene}></teatime-call-entry>${this.#renderMeta()}</div>`;
    return html`<div class="text ${emoji ? `emoji${emoji <= 3 ? ' few' : ''}` : ''}" dir=${directionOf(message.text) ?? nothing}>${renderText(message.text, this.scene.usernames)}${this.#renderMeta()}</div>`;
  }

  // prettier-ignore
  #renderMeta() {
    const { item, at } = this.row;
    const { strings, format, features, dir } = this.scene;
    const { editedAt, createdAt, deletedAt } = item.message;
    const mark = item.delivery && features.has('receipts') ? item.delivery : item.delivery && onlySent(item.delivery);
    return html`<span class="meta"><bdi dir=${dir}>${
      editedAt && !deletedAt ? html`<span title=${strings.pane.message.editedAt(format.full(Date.parse(editedAt)))}>${strings.pane.message.edited}</span>` : nothing
    }<time datetime=${createdAt} title=${format.full(at)}>${format.time(at)}</time>${
      mark && !deletedAt ? statusMark(mark, strings) : nothing
    }</bdi></span>`;
  }

  #renderQuote(id: string) {
    const { strings, nameOf, meId } = this.scene;
    const words = strings.pane.message;
    const { quote } = this;
    if (quote === 'loading' || quote === 'gone')
      return html`<div class="quote"><span>${quote === 'gone' ? words.quoteGone : words.quoteLoading}</span></div>`;
    const name = quote.senderId === meId ? words.you : (nameOf(quote.senderId) ?? words.gone);
    return html`<button
      class="quote"
      type="button"
      aria-label="${words.quoteOf(name)}: ${snippet(quote, strings)}"
      @click=${() => this.scene.act({ type: 'jump', messageId: id })}
    >
      <bdi class="quote-name">${name}</bdi>
      <span class="quote-text" dir="auto">${snippet(quote, strings)}</span>
    </button>`;
  }

  #renderReactions(reactions: readonly Reaction[]) {
    return html`<div class="reactions">
      ${repeat(
        reactions,
        ({ emoji }) => emoji,
        (reaction) => this.#renderReaction(reaction),
      )}
    </div>`;
  }

  #renderReaction({ emoji, userIds }: Reaction) {
    const { strings, format, meId, nameOf, act, features } = this.scene;
    const words = strings.pane.message;
    const mine = userIds.includes(meId);
    const known = userIds.slice(0, 12).map((id) => (id === meId ? words.you : (nameOf(id) ?? words.gone)));
    const names = format.list(userIds.length > 12 ? [...known, words.others(userIds.length - 12)] : known);
    const { item } = this.row;
    return html`<button
      class="reaction"
      type="button"
      aria-pressed=${mine}
      aria-label=${words.reaction(emoji, userIds.length, names)}
      title=${names}
      ?disabled=${!features.has('reactions')}
      @click=${() => act({ type: 'react', item, emoji, on: !mine })}
    >
      <span>${emoji}</span><span class="count">${format.number(userIds.length)}</span>
    </button>`;
  }

  #renderFailure() {
    const { strings, act } = this.scene;
    const { item } = this.row;
    const words = strings.pane.message;
    return html`<div class="failure">
      <span>${words.failed}. ${item.failure ? failureText(strings, item.failure) : nothing}</span>
      <span class="choices">
        <button type="button" @click=${() => act({ type: 'retry', item })}>${words.retry}</button>
        <button type="button" @click=${() => act({ type: 'discard', item })}>${words.discard}</button>
      </span>
    </div>`;
  }
}

/** Without receipts there is no telling of delivery. */
function onlySent(delivery: NonNullable<Row['item']['delivery']>) {
  return delivery === 'delivered' || delivery === 'read' ? 'sent' : delivery;
}

const namesOf = (flags: Record<string, boolean>): string =>
  Object.keys(flags)
    .filter((name) => flags[name])
    .join(' ');

define('teatime-message', TeatimeMessage);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-message': TeatimeMessage;
  }
}
