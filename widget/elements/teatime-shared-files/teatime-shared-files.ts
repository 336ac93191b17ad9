import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import Go from 'lucide/dist/esm/icons/message-square-reply.mjs';
import type { SharedFile } from '../../../protocol/files.ts';
import { consume } from '../../context-protocol.ts';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import '../../locales/add-files.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, OpenConversation } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { iconButton } from '../icon-button.ts';
import { StoreController } from '../store-controller.ts';
import { moveFocus } from '../teatime-message-actions/move-focus.ts';
import { download } from '../teatime-message-files/download.ts';
import { FileAddresses } from '../teatime-message-files/file-addresses.ts';
import { fileLine, type LineParts } from '../teatime-message-files/file-line.ts';
import { mediaTile } from '../teatime-message-files/media-tile.ts';
import type { ShownFile } from '../teatime-message-files/shown-file.ts';
import { messageFilesStyles } from '../teatime-message-files/teatime-message-files.styles.ts';
import { SharedPages, type SharedKind } from './shared-pages.ts';
import { sharedFilesStyles } from './teatime-shared-files.styles.ts';

const kinds = ['media', 'file', 'audio'] as const satisfies readonly SharedKind[];

/** What was shared in a conversation, in three tabs. Fires `show-message` (the message's id) when somebody wants to see where a file was said. */
export class TeatimeSharedFiles extends LitElement {
  static override styles = [baseStyles, messageFilesStyles, sharedFilesStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #format = new StoreController(this, () => this.locale?.$format);
  readonly #lang = new StoreController(this, () => this.locale?.$lang);
  readonly #timeline = new StoreController(this, () => this.conversation?.$timeline);
  readonly #session = new StoreController(this, () => this.chat?.$session);
  readonly #addresses = new FileAddresses(this, () => this.chat);
  readonly #undrawable = new Set<string>();
  readonly #loaded = new Set<string>();
  readonly #pages = new Map<SharedKind, SharedPages>();
  readonly #end = new IntersectionObserver(
    (entries) => entries.at(-1)?.isIntersecting && void this.#pages.get(this.kind)?.load(),
    { rootMargin: '400px' },
  );

  @query('.end') private end!: HTMLElement | null;
  @query('[role=tablist]') private tabs!: HTMLElement | null;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private kind: SharedKind = 'media';
  @state() private error = '';

  @property({ attribute: false }) conversation: OpenConversation | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('conversation')) this.#pages.clear();
    const { conversation, kind } = this;
    if (conversation && !this.#pages.has(kind)) {
      const pages = new SharedPages(conversation, kind, () => this.requestUpdate());
      this.#pages.set(kind, pages);
      void pages.load();
    }
  }

  protected override updated(): void {
    // Observed anew, it tells at once where the end is now: a short page may leave it in view.
    this.#end.disconnect();
    if (this.end) this.#end.observe(this.end);
  }

  override focus(): void {
    this.tabs?.querySelector<HTMLElement>('[aria-selected=true]')?.focus();
  }

  readonly #tabKey = (event: KeyboardEvent): void => {
    if (!this.tabs) return;
    moveFocus(event, this.tabs, 'inline');
    const chosen = this.tabs.querySelector<HTMLElement>(':focus')?.dataset['kind'];
    const kind = kinds.find((name) => name === chosen);
    if (kind) this.kind = kind;
  };

  #parts(strings: Strings, chat: Chat, conversation: OpenConversation, files: readonly SharedFile[]): LineParts {
    return {
      strings,
      chat,
      lang: this.#lang.value ?? 'en',
      addresses: this.#addresses,
      deeds: conversation,
      undrawable: this.#undrawable,
      loaded: this.#loaded,
      undraw: ({ key }: ShownFile) => {
        this.#undrawable.add(key);
        this.requestUpdate();
      },
      open: ({ key }: ShownFile) => void this.#open(key, files),
      download: (file: ShownFile) => void this.#download(file, chat),
      redraw: () => this.requestUpdate(),
    };
  }

  async #download(file: ShownFile, chat: Chat): Promise<void> {
    try {
      this.error = '';
      await download(chat, file);
    } catch (error) {
      if (file.id && failureFrom(error).code === 'not_found') this.#addresses.lose(file.id);
      else this.#tell(error);
    }
  }

  async #open(key: string, files: readonly SharedFile[]): Promise<void> {
    try {
      const { showLightbox } = await import('../teatime-lightbox/open-lightbox.ts');
      // As in the timeline, the newest comes last.
      const items = files.toReversed().map((shared) => ({
        ...this.#shown(shared.file),
        caption: '',
        sender: this.#nameOf(shared.senderId),
        at: Date.parse(shared.createdAt),
      }));
      showLightbox({ home: this, items, index: items.findIndex((item) => item.key === key) });
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    const strings = this.#strings.value;
    const failure = error instanceof TypeError ? ({ code: 'network', message: '' } as const) : failureFrom(error);
    if (strings) this.error = failureText(strings, failure);
  }

  #nameOf(id: string): string {
    const words = this.#strings.value?.pane.message;
    const session = this.#session.value;
    if (session?.status === 'signed-in' && session.user.id === id) return words?.you ?? '';
    const members = this.conversation?.$conversation.get()?.members ?? [];
    return members.find(({ userId }) => userId === id)?.user.displayName ?? words?.gone ?? '';
  }

  #shown(file: SharedFile['file']): ShownFile {
    const preview = this.chat?.localPreview(file.id);
    return { ...file, key: file.id, ...(preview && { preview }) };
  }

  override render() {
    const { chat, conversation, kind } = this;
    const strings = this.#strings.value;
    const pages = this.#pages.get(kind);
    if (!strings || !chat || !conversation || !pages) return nothing;
    const words = strings.shared;
    return html`<div role="tablist" aria-label=${words.kinds} @keydown=${this.#tabKey}>
        ${kinds.map(
          (name) =>
            html`<button
              role="tab"
              type="button"
              id="tab-${name}"
              data-kind=${name}
              aria-selected=${name === kind}
              aria-controls="panel"
              tabindex=${name === kind ? 0 : -1}
              @click=${() => (this.kind = name)}
            >
              ${words[name]}
            </button>`,
        )}
      </div>
      <div role="alert">${this.error ? html`<p class="trouble">${this.error}</p>` : nothing}</div>
      <div role="tabpanel" id="panel" aria-labelledby="tab-${kind}" tabindex="-1" class=${kind}>
        ${this.#renderFiles(pages, strings, chat, conversation)}
      </div>
      ${this.#renderEnd(pages, words)}`;
  }

  #renderFiles(pages: SharedPages, strings: Strings, chat: Chat, conversation: OpenConversation) {
    const files = pages.files(this.#timeline.value?.items ?? []);
    const { kind } = this;
    const words = strings.shared;
    if (files.length === 0) {
      if (pages.hasMore) return nothing;
      const empty = { media: words.emptyMedia, file: words.emptyFile, audio: words.emptyAudio }[kind];
      return html`<p class="empty">${empty}</p>`;
    }
    const parts = this.#parts(strings, chat, conversation, files);
    return html`<ul>
      ${repeat(
        files,
        ({ file }) => file.id,
        (shared) =>
          html`<li>
            ${kind === 'media' ? mediaTile(this.#shown(shared.file), parts) : this.#renderLine(shared, parts, words)}
          </li>`,
      )}
    </ul>`;
  }

  #renderLine({ file, senderId, createdAt, messageId }: SharedFile, parts: LineParts, words: Strings['shared']) {
    const show = new CustomEvent<string>('show-message', { detail: messageId, bubbles: true, composed: true });
    return html`${fileLine(this.#shown(file), parts)}
      <div class="from">
        <span class="truncate"
          >${words.by(this.#nameOf(senderId), this.#format.value?.listTime(Date.parse(createdAt)) ?? '')}</span
        >
        ${iconButton(Go, words.jump(file.name), () => this.dispatchEvent(show), { size: 16 })}
      </div>`;
  }

  #renderEnd(pages: SharedPages, words: Strings['shared']) {
    if (pages.status === 'failed')
      return html`<div class="trouble" role="alert">
        <p>${words.failed}</p>
        <button class="button" type="button" @click=${() => pages.load()}>${words.tryAgain}</button>
      </div>`;
    if (!pages.hasMore) return nothing;
    return html`<p class="end" role="status">${pages.status === 'loading' ? words.loading : nothing}</p>`;
  }
}

define('teatime-shared-files', TeatimeSharedFiles);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-shared-files': TeatimeSharedFiles;
  }
}
