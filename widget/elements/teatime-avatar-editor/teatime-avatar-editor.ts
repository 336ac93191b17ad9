import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import ImagePlus from 'lucide/dist/esm/icons/image-plus.mjs';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import '../../locales/add-avatar.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import { wholeCrop, type Crop } from './crop.ts';
import { bringsFiles, pictureFrom } from './dropped-picture.ts';
import { cutPicture, openPicture, PictureError, type Picture } from './picture.ts';
import { avatarEditorStyles } from './teatime-avatar-editor.styles.ts';
import './teatime-avatar-stage.ts';

/**
 * Chooses a picture, cuts a square out of it and hands it to `save`; a picture that is there already can be taken away.
 *
 * @fires saved - the new picture is in place
 * @fires removed - the picture was taken away
 * @fires leave - the person changed their mind
 */
export class TeatimeAvatarEditor extends LitElement {
  static override styles = [baseStyles, avatarEditorStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  /** Counts what was chosen, so that a picture that opens late does not replace a later one. */
  #choice = 0;

  @query('input[type=file]') private fileInput!: HTMLInputElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private picture: Picture | undefined;
  @state() private crop: Crop = { x: 0, y: 0, side: 1 };
  @state() private busy: 'no' | 'opening' | 'saving' | 'removing' = 'no';
  @state() private over = false;
  @state() private error = '';

  /** What the picture is of, in words. */
  @property() label = '';
  /** There is a picture that can be taken away. */
  @property({ type: Boolean }) removable = false;
  /** A picture to start with. */
  @property({ attribute: false }) file: File | undefined;
  /** Puts the picture in its place, or takes it away. Rejects with the chat's failure. */
  @property({ attribute: false }) save: (picture: Blob | undefined) => Promise<void> = async () => undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('file') && this.file) void this.#open(this.file);
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('teatime-avatar-stage, .drop button')?.focus();
  }

  async #open(file: File | undefined): Promise<void> {
    if (!file || this.busy === 'saving' || this.busy === 'removing') return;
    const choice = ++this.#choice;
    this.busy = 'opening';
    this.error = '';
    try {
      const picture = await openPicture(file);
      if (choice !== this.#choice) return;
      this.picture = picture;
      this.crop = wholeCrop(picture);
    } catch (error) {
      const words = this.#strings.value?.avatar;
      if (choice !== this.#choice || !words) return;
      const isTooLarge = error instanceof PictureError && error.reason === 'too_large';
      this.error = isTooLarge ? words.tooLarge : words.unreadable;
    } finally {
      if (choice === this.#choice) this.busy = 'no';
    }
    await this.updateComplete;
    this.focus();
  }

  async #save(): Promise<void> {
    const { picture, crop } = this;
    if (!picture || this.busy !== 'no') return;
    await this.#put('saving', 'saved', async ({ avatar }) => {
      const cut = await cutPicture(picture, crop);
      if (cut) await this.save(cut);
      else this.error = avatar.notMade;
    });
  }

  async #remove(): Promise<void> {
    if (this.busy === 'no') await this.#put('removing', 'removed', () => this.save(undefined));
  }

  async #put(busy: 'saving' | 'removing', done: string, act: (strings: Strings) => Promise<void>): Promise<void> {
    const strings = this.#strings.value;
    if (!strings) return;
    this.busy = busy;
    this.error = '';
    try {
      await act(strings);
    } catch (error) {
      const failure = failureFrom(error);
      this.error = failure.code === 'file_rejected' ? strings.avatar.rejected : failureText(strings, failure);
    } finally {
      this.busy = 'no';
    }
    if (!this.error) this.dispatchEvent(new Event(done));
  }

  #leave(): void {
    if (this.busy === 'no' || this.busy === 'opening') this.dispatchEvent(new Event('leave'));
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    this.#leave();
  };

  readonly #onDragOver = (event: DragEvent): void => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.over = true;
  };

  readonly #onDrop = (event: DragEvent): void => {
    this.over = false;
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    void this.#open(pictureFrom(event.dataTransfer));
  };

  readonly #onPaste = (event: ClipboardEvent): void => {
    const file = pictureFrom(event.clipboardData);
    if (!file) return;
    event.preventDefault();
    event.stopPropagation();
    void this.#open(file);
  };

  readonly #onPick = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.#open(input.files?.[0]);
    // So that the same file can be picked again.
    input.value = '';
  };

  override render() {
    const words = this.#strings.value?.avatar;
    if (!words) return nothing;
    const { picture, busy } = this;
    return html`<section
      class=${this.over ? 'over' : nothing}
      aria-label=${this.label}
      aria-busy=${busy !== 'no'}
      @keydown=${this.#onKey}
      @paste=${this.#onPaste}
      @dragenter=${this.#onDragOver}
      @dragover=${this.#onDragOver}
      @dragleave=${() => (this.over = false)}
      @drop=${this.#onDrop}
    >
      <h3>${this.label}</h3>
      ${
        picture
          ? html`<teatime-avatar-stage
              .picture=${picture}
              .crop=${this.crop}
              @crop=${({ detail }: CustomEvent<Crop>) => (this.crop = detail)}
            ></teatime-avatar-stage>`
          : this.#renderDrop(words)
      }
      <input type="file" accept="image/*" hidden @change=${this.#onPick} />
      <div role="alert">${this.error ? html`<p class="error">${this.error}</p>` : nothing}</div>
      <p class="visually-hidden" role="status">${busy === 'no' ? nothing : words[busy]}</p>
      ${picture ? this.#renderSaving(words) : this.#renderLeaving(words)}
    </section>`;
  }

  #renderDrop(words: Strings['avatar']) {
    return html`<div class="drop">
      ${icon(ImagePlus, { size: 28 })}
      ${
        this.busy === 'opening'
          ? html`<span>${words.opening}</span>`
          : html`<span>${words.drop}</span>
              <button class="button primary" type="button" @click=${() => this.fileInput?.click()}>
                ${words.choose}
              </button>`
      }
    </div>`;
  }

  #renderSaving(words: Strings['avatar']) {
    return html`<div class="choices">
      <button class="button quiet first" type="button" @click=${() => this.fileInput?.click()}>
        ${words.chooseOther}
      </button>
      <div class="decide">
        <button class="button" type="button" @click=${() => this.#leave()}>${words.cancel}</button>
        <button
          class="button primary"
          type="button"
          aria-disabled=${this.busy === 'no' ? nothing : 'true'}
          @click=${() => this.#save()}
        >
          ${this.busy === 'saving' ? words.saving : words.save}
        </button>
      </div>
    </div>`;
  }

  #renderLeaving(words: Strings['avatar']) {
    return html`<div class="choices">
      ${
        this.removable
          ? html`<button class="button danger first" type="button" @click=${() => this.#remove()}>
              ${this.busy === 'removing' ? words.removing : words.remove}
            </button>`
          : nothing
      }
      <button class="button" type="button" @click=${() => this.#leave()}>${words.cancel}</button>
    </div>`;
  }
}

define('teatime-avatar-editor', TeatimeAvatarEditor);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-avatar-editor': TeatimeAvatarEditor;
  }
}
