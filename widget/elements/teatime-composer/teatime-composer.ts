import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import ArrowUp from 'lucide/dist/esm/icons/arrow-up.mjs';
import Check from 'lucide/dist/esm/icons/check.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { Member } from '../../../protocol/conversations.ts';
import type { FileLimits } from '../../../protocol/files.ts';
import type { Message } from '../../../protocol/messages.ts';
import { TeatimeMessageSendEvent } from '../../chat-events.ts';
import type { Draft, OpenConversation } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { live } from '../live.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-emoji-picker/teatime-emoji-button.ts';
import { snippet, type MessageScene } from '../teatime-message/scene.ts';
import type { TeatimeVoiceButton } from '../teatime-voice-recorder/teatime-voice-button.ts';
import type { MentionList } from './mention-list.ts';
import { mentionsIn } from './mentions.ts';
import { composerStyles } from './teatime-composer.styles.ts';
import { cleanText, measureText } from './text-length.ts';

const empty: Draft = { text: '' };
const growsByItself = CSS.supports('field-sizing', 'content');

/**
 * Where messages are written, answered and edited, files are added and voice messages recorded. Fires `edit-last` on arrow up
 * while it is empty, and `failure` with the error when something could not be kept or changed.
 */
export class TeatimeComposer extends LitElement {
  static override styles = [baseStyles, composerStyles];

  readonly #draft = new StoreController(this, () => this.conversation?.$draft);
  readonly #staged = new StoreController(this, () => this.conversation?.$staged);
  /** There from the first `@` on. */
  #mentions: MentionList | undefined;
  /** What was being written when an edit began. */
  #aside: Draft | undefined;

  @query('textarea') private field!: HTMLTextAreaElement | null;
  @query('teatime-voice-button') private voice!: TeatimeVoiceButton | null;

  @state() private saving = false;

  @property({ attribute: false }) conversation: OpenConversation | undefined;
  @property({ attribute: false }) scene: MessageScene | undefined;
  /** Whom one can mention; nobody in a direct message. */
  @property({ attribute: false }) members: readonly Member[] = [];
  /** Whom the message goes to, for the placeholder. */
  @property() to = '';
  /** What the server lets one send, if it takes files at all. */
  @property({ attribute: false }) limits: FileLimits | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('conversation')) return;
    this.#mentions?.close();
    this.#aside = undefined;
  }

  protected override updated(): void {
    // What takes files and records comes after the rest; should it fail to, the next letter asks for it again.
    if (this.limits) import('./composer-files.ts').catch(() => undefined);
    if (growsByItself || !this.field) return;
    this.field.style.blockSize = 'auto';
    this.field.style.blockSize = `${this.field.scrollHeight}px`;
  }

  override focus(): void {
    this.field?.focus();
  }

  /** Quotes a message above what is being written. */
  reply(message: Message): void {
    const { text } = this.#current.editing ? (this.#aside ?? empty) : this.#current;
    this.#set({ text, replyTo: message });
    this.focus();
  }

  /** Puts one's message into the composer to change it; what was being written comes back afterwards. */
  edit(message: Message): void {
    if (!this.#current.editing) this.#aside = this.#current;
    this.#set({ text: message.text, editing: message });
    void this.updateComplete.then(() => {
      this.focus();
      this.field?.setSelectionRange(message.text.length, message.text.length);
    });
  }

  get #current(): Draft {
    return this.#draft.value ?? empty;
  }

  #set(draft: Draft): void {
    this.conversation?.setDraft(draft);
  }

  #write(text: string): void {
    this.#set({ ...this.#current, text });
  }

  /** Takes the quote or the edit away. */
  #dismiss(): void {
    const { text, editing } = this.#current;
    this.#set(editing ? (this.#aside ?? empty) : { text });
    this.#aside = undefined;
    this.focus();
  }

  /** What the message is to have besides text. */
  get #files(): readonly unknown[] {
    return this.#current.editing?.files ?? this.#staged.value ?? [];
  }

  /** There is something to send, whether or not it fits. */
  get #begun(): boolean {
    return this.#files.length > 0 || cleanText(this.#current.text) !== '';
  }

  get #sendable(): boolean {
    const { left = 0, tooBig } = measureText(cleanText(this.#current.text));
    return this.#begun && left >= 0 && !tooBig && !this.saving;
  }

  #fail(error: unknown): void {
    this.dispatchEvent(new CustomEvent('failure', { detail: error }));
  }

  async #submit(): Promise<void> {
    const { conversation } = this;
    if (!conversation || !this.#sendable) return;
    const draft = this.#current;
    const text = cleanText(draft.text);
    this.#mentions?.close();
    try {
      if (draft.editing) await this.#save(conversation, draft.editing, text);
      else await this.#send(conversation, draft, text);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #save(conversation: OpenConversation, message: Message, text: string): Promise<void> {
    this.saving = true;
    try {
      if (text !== message.text)
        await conversation.edit(message.id, text, { mentions: mentionsIn(text, this.members) });
    } finally {
      this.saving = false;
    }
    if (conversation === this.conversation && this.#current.editing?.id === message.id) this.#dismiss();
  }

  async #send(conversation: OpenConversation, draft: Draft, text: string): Promise<void> {
    if (!this.dispatchEvent(new TeatimeMessageSendEvent(conversation.id, text, conversation.$staged.get()))) return;
    const mentions = mentionsIn(text, this.members);
    conversation.setDraft(empty);
    this.focus();
    try {
      await conversation.send(text, {
        ...(draft.replyTo && { replyTo: draft.replyTo.id }),
        ...(mentions.length > 0 && { mentions }),
      });
    } catch (error) {
      // Nothing that was written may be lost; what was begun since is not overwritten either.
      if (conversation.$draft.get().text === '') conversation.setDraft(draft);
      throw error;
    }
  }

  readonly #input = (): void => {
    const { field } = this;
    if (!field) return;
    this.#write(field.value);
    if (field.value !== '') this.conversation?.typing();
    void this.#lookForMention();
  };

  readonly #lookForMention = async (): Promise<void> => {
    if (!this.#mentions) {
      if (this.members.length === 0 || !this.field?.value.includes('@')) return;
      const part = await import('./mention-list.ts').catch(() => undefined);
      // Without it names are typed out; the next letter asks for it again.
      if (!part) return;
      this.#mentions ??= new part.MentionList(this, {
        field: () => this.field,
        members: () => this.members,
        meId: () => this.scene?.meId,
        onInsert: () => this.#write(this.field?.value ?? ''),
      });
    }
    this.#mentions.look();
  };

  readonly #key = (event: KeyboardEvent): void => {
    // While an input method is open, Enter and the arrows are its own. (229: Safari ends the composition before the key.)
    if (event.isComposing || event.keyCode === 229) return;
    if (this.#mentions?.key(event)) return;
    const { text, replyTo, editing } = this.#current;
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void this.#submit();
    } else if (event.key === 'Escape' && (replyTo ?? editing)) {
      event.preventDefault();
      event.stopPropagation();
      this.#dismiss();
    } else if (event.key === 'ArrowUp' && text === '' && !editing) {
      event.preventDefault();
      this.dispatchEvent(new Event('edit-last'));
    }
  };

  readonly #picked = (event: CustomEvent<string>): void => {
    const { field } = this;
    if (!field) return;
    field.setRangeText(event.detail, field.selectionStart, field.selectionEnd, 'end');
    this.#write(field.value);
    field.focus();
  };

  override render() {
    const { scene } = this;
    if (!scene) return nothing;
    const words = scene.strings.pane.composer;
    const { text, editing } = this.#current;
    const label = editing ? words.save : words.send;
    // Nothing can be added to a message that was sent.
    const limits = editing ? undefined : this.limits;
    const takesFiles = limits && scene.features.has('files');
    // The microphone is where Send is as long as there is nothing to send.
    const records =
      limits?.voiceSeconds && scene.features.has('voice') && (!this.#begun || this.voice?.recording === true);
    const people = this.#mentions?.people ?? [];
    const { left, tooBig } = measureText(text);
    const wrong = tooBig || (left ?? 0) < 0;
    return html`<div class="composer" part="composer">
      ${this.#renderQuote(scene)} ${this.#mentions?.render(scene)}
      <teatime-file-tray
        ?hidden=${editing !== undefined}
        .conversation=${this.conversation}
        .limits=${takesFiles ? limits : undefined}
      ></teatime-file-tray>
      <div class="box">
        ${takesFiles ? html`<teatime-attach-button .limits=${limits}></teatime-attach-button>` : nothing}
        <teatime-emoji-button
          .label=${words.emoji}
          @pick=${this.#picked}
          @leave=${() => this.focus()}
          @failure=${(event: CustomEvent<unknown>) => scene.tell(event.detail)}
        ></teatime-emoji-button>
        <slot name="composer-actions"></slot>
        <textarea
          rows="1"
          dir="auto"
          enterkeyhint="send"
          autocomplete="off"
          placeholder=${this.to ? words.placeholderTo(this.to) : words.placeholder}
          aria-label=${words.label}
          aria-invalid=${wrong}
          aria-describedby="count"
          aria-autocomplete=${this.members.length > 0 ? 'list' : nothing}
          aria-controls=${people.length > 0 ? 'people' : nothing}
          aria-activedescendant=${people.length > 0 ? `person-${this.#mentions?.chosen}` : nothing}
          .value=${live(text)}
          @input=${this.#input}
          @keydown=${this.#key}
          @click=${this.#lookForMention}
          @blur=${() => this.#mentions?.close()}
        ></textarea>
        ${
          records
            ? html`<teatime-voice-button
                .conversation=${this.conversation}
                .limits=${limits}
                @end=${() => this.requestUpdate()}
              ></teatime-voice-button>`
            : html`<button
                class="send"
                type="button"
                aria-label=${label}
                title=${label}
                ?disabled=${!this.#sendable}
                @mousedown=${(event: Event) => event.preventDefault()}
                @click=${this.#submit}
              >
                ${icon(editing ? Check : ArrowUp)}
              </button>`
        }
      </div>
      <p id="count" class="count ${wrong ? 'wrong' : ''}" aria-live="polite">
        ${tooBig ? words.tooBig : left === undefined ? nothing : left < 0 ? words.tooLong(-left) : words.left(left)}
      </p>
    </div>`;
  }

  #renderQuote({ strings, meId, nameOf }: MessageScene) {
    const words = strings.pane.composer;
    const { replyTo, editing } = this.#current;
    const message = editing ?? replyTo;
    if (!message) return nothing;
    const name =
      message.senderId === meId ? strings.pane.message.you : (nameOf(message.senderId) ?? strings.pane.message.gone);
    const cancel = editing ? words.cancelEdit : words.cancelReply;
    return html`<div class="quote">
      <div class="quoted">
        <strong>${editing ? words.editing : words.replyingTo(name)}</strong>
        <span class="truncate" dir="auto">${snippet(message, strings)}</span>
      </div>
      <button class="icon-button" type="button" aria-label=${cancel} title=${cancel} @click=${() => this.#dismiss()}>
        ${icon(X, { size: 18 })}
      </button>
    </div>`;
  }
}

define('teatime-composer', TeatimeComposer);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-composer': TeatimeComposer;
  }
}
