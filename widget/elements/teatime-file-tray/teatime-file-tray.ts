import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { FileLimits } from '../../../protocol/files.ts';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import { TeatimeFileRejectEvent } from '../../file-events.ts';
import '../../locales/add-files.ts';
import type { OpenConversation, StagedFile } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { StoreController } from '../store-controller.ts';
import { findFolders } from './find-folders.ts';
import { rejectionTexts, type Rejection } from './rejection-text.ts';
import { stagedFile } from './staged-file.ts';
import { fileTrayStyles } from './teatime-file-tray.styles.ts';
import { followTransfers } from './transfers.ts';
import { trayNews } from './tray-news.ts';

const noFiles: readonly StagedFile[] = [];

/**
 * The files that go with the next message, above the composer's field: what they are, how far they have come, and a way to
 * take each away or try it again. Takes what is pasted or dropped anywhere on the conversation. Says in words which files were not taken, and fires `teatime-file-reject` for them. It shows nothing while there is nothing.
 */
export class TeatimeFileTray extends LitElement {
  static override styles = [baseStyles, fileTrayStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #lang = new StoreController(this, () => this.locale?.$lang);
  readonly #staged = new StoreController(this, () => this.conversation?.$staged);
  /** What was shown last. */
  #shown = noFiles;
  #grown = false;
  #stop: (() => void) | undefined;

  @query('ul') private list!: HTMLElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private rejected: readonly Rejection[] = [];
  /** What a screen reader says. */
  @state() private news = '';
  /** Pictures and videos that this browser, or the page's policy, cannot show. */
  @state() private broken: ReadonlySet<string> = new Set();

  @property({ attribute: false }) conversation: OpenConversation | undefined;
  @property({ attribute: false }) limits: FileLimits | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = followTransfers(this, {
      takes: () => this.limits !== undefined,
      onFiles: (files) => {
        this.#composer?.focus();
        void this.add(files);
      },
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const strings = this.#strings.value;
    const before = this.#shown;
    const after = (this.#shown = this.#files);
    if (changed.has('conversation')) {
      // What is in the tray of another conversation is no news.
      this.rejected = [];
      this.news = '';
    } else if (before !== after && strings) this.news = trayNews(before, after, strings) || this.news;
    // The message is on its way: what did not go with it is past.
    if (before.length > 0 && after.length === 0) this.rejected = [];
    this.#grown = after.length > before.length;
  }

  protected override updated(): void {
    if (this.#grown) this.list?.lastElementChild?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Puts files into the tray, and says which of them are not taken. */
  async add(files: readonly File[]): Promise<void> {
    const { conversation } = this;
    if (!conversation || files.length === 0) return;
    this.rejected = [];
    try {
      const folders = await findFolders(files);
      const taken = files.filter((file) => !folders.has(file)).map((blob) => ({ blob, name: blob.name }));
      const refused = taken.length > 0 ? await conversation.attach(taken) : [];
      const isFolder = { reason: 'folder' } as const;
      const rejected = [...[...folders].map(({ name, size, type }) => ({ name, size, type, ...isFolder })), ...refused];
      if (rejected.length > 0) this.dispatchEvent(new TeatimeFileRejectEvent(rejected));
      if (conversation === this.conversation) this.rejected = rejected;
    } catch (error) {
      this.#composer?.dispatchEvent(new CustomEvent('failure', { detail: error }));
    }
  }

  get #files(): readonly StagedFile[] {
    return this.#staged.value ?? noFiles;
  }

  async #remove(file: StagedFile): Promise<void> {
    const index = this.#files.indexOf(file);
    this.conversation?.cancelUpload(file.key);
    this.news = this.#strings.value?.tray.removed(file.name) ?? '';
    await this.updateComplete;
    const buttons = this.renderRoot.querySelectorAll<HTMLElement>('.remove');
    (buttons[Math.min(index, buttons.length - 1)] ?? this.#composer)?.focus();
  }

  #dismiss(): void {
    this.rejected = [];
    this.#composer?.focus();
  }

  get #composer(): HTMLElement | undefined {
    const root = this.getRootNode();
    return root instanceof ShadowRoot ? (root.host as HTMLElement) : undefined;
  }

  override render() {
    const strings = this.#strings.value;
    const lang = this.#lang.value;
    const { conversation } = this;
    if (!strings || !lang || !conversation) return nothing;
    return html`<p class="visually-hidden" aria-live="polite">${this.news}</p>
      <div role="status">${this.rejected.length > 0 ? this.#renderRejected(lang) : nothing}</div>
      ${
        this.#files.length > 0
          ? html`<ul role="list" aria-label=${strings.tray.label}>
              ${repeat(
                this.#files,
                ({ key }) => key,
                (file) =>
                  stagedFile(file, {
                    strings,
                    lang,
                    broken: this.broken.has(file.key),
                    onBroken: () => (this.broken = new Set([...this.broken, file.key])),
                    onRemove: () => void this.#remove(file),
                    onRetry: () => conversation.retryUpload(file.key),
                  }),
              )}
            </ul>`
          : nothing
      }`;
  }

  #renderRejected(lang: string) {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const texts = rejectionTexts(this.rejected, strings.tray, this.limits, lang);
    return html`<div class="rejected">
      <div class="reasons">${texts.map((text) => html`<p>${text}</p>`)}</div>
      ${iconButton(X, strings.notices.dismiss, () => this.#dismiss(), { size: 18 })}
    </div>`;
  }
}

define('teatime-file-tray', TeatimeFileTray);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-file-tray': TeatimeFileTray;
  }
}
