import { html, LitElement, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import Camera from 'lucide/dist/esm/icons/camera.mjs';
import type { AvatarColor, PresenceState } from '../../../protocol/users.ts';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-avatar.ts';
import type { Chat } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { bringsFiles, pictureFrom } from './dropped-picture.ts';
import { avatarFieldStyles } from './teatime-avatar-field.styles.ts';

/**
 * A large avatar, with a button for whoever may change the picture: it opens the editor in place. A picture can be dropped on it too.
 * Without `conversationId` it is one's own. The size of the avatar is the custom property `--size`.
 */
export class TeatimeAvatarField extends LitElement {
  static override styles = [baseStyles, avatarFieldStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #limits = new StoreController(this, () => (this.editable ? this.chat?.$fileLimits : undefined));

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private editing = false;
  @state() private over = false;
  /** What screen readers are told when the editor has closed. */
  @state() private said = '';
  @state() private error = '';
  #dropped: File | undefined;

  @property() name = '';
  @property() src: string | undefined;
  @property() color: AvatarColor = 'leaf';
  @property() presence: PresenceState | undefined;
  /** The group whose picture it is. */
  @property() conversationId: string | undefined;
  @property({ type: Boolean }) group = false;
  /** Whether the person may change the picture; where the server takes no files nobody can. */
  @property({ type: Boolean }) editable = false;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('conversationId') || (changed.has('editable') && !this.editable)) this.editing = false;
  }

  async #edit(dropped?: File): Promise<void> {
    this.#dropped = dropped;
    this.said = this.error = '';
    try {
      await import('./teatime-avatar-editor.ts');
    } catch {
      this.error = this.#strings.value?.errors.network ?? '';
      return;
    }
    this.editing = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('teatime-avatar-editor')?.focus();
  }

  async #close(said = ''): Promise<void> {
    this.editing = false;
    this.said = said;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('button')?.focus();
  }

  readonly #dragOver = (event: DragEvent): void => {
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    this.over = true;
  };

  readonly #drop = (event: DragEvent): void => {
    this.over = false;
    if (!bringsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const file = pictureFrom(event.dataTransfer);
    if (file) void this.#edit(file);
  };

  readonly #save = async (picture: Blob | undefined): Promise<void> => {
    if (this.conversationId) await this.chat?.setGroupAvatar(this.conversationId, picture);
    else await this.chat?.setAvatar(picture);
  };

  override render() {
    const words = this.#strings.value?.avatar;
    if (!words) return nothing;
    const mayEdit = this.editable && this.#limits.value !== undefined;
    return html`${mayEdit && this.editing ? this.#renderEditor() : this.#renderFace(mayEdit)}
      <p class="visually-hidden" role="status">${this.said}</p>
      <div role="alert">${this.error ? html`<p class="error">${this.error}</p>` : nothing}</div>`;
  }

  #renderEditor() {
    const words = this.#strings.value!.avatar;
    return html`<teatime-avatar-editor
      .label=${this.conversationId ? words.group : words.mine}
      .removable=${!!this.src}
      .file=${this.#dropped}
      .save=${this.#save}
      @saved=${() => this.#close(words.saved)}
      @removed=${() => this.#close(words.removed)}
      @leave=${() => this.#close()}
    ></teatime-avatar-editor>`;
  }

  #renderFace(mayEdit: boolean) {
    const words = this.#strings.value!.avatar;
    const label = this.src ? words.change : words.add;
    const avatar = html`<teatime-avatar
      .name=${this.name}
      .src=${this.src}
      .color=${this.color}
      .presence=${this.presence}
      .group=${this.group}
    ></teatime-avatar>`;
    if (!mayEdit) return html`<div class="face">${avatar}</div>`;
    return html`<div
      class="face ${this.over ? 'over' : ''}"
      @dragenter=${this.#dragOver}
      @dragover=${this.#dragOver}
      @dragleave=${() => (this.over = false)}
      @drop=${this.#drop}
    >
      ${avatar}<button type="button" aria-label=${label} title=${label} @click=${() => this.#edit()}>
        ${icon(Camera, { size: 18 })}
      </button>
    </div>`;
  }
}

define('teatime-avatar-field', TeatimeAvatarField);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-avatar-field': TeatimeAvatarField;
  }
}
