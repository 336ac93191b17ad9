import { html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import Paperclip from 'lucide/dist/esm/icons/paperclip.mjs';
import type { FileLimits } from '../../../protocol/files.ts';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-files.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { StoreController } from '../store-controller.ts';
import { composerButtonStyles } from './composer-button.styles.ts';

/** Opens the browser's file dialog, and puts what is chosen into the tray beside it. */
export class TeatimeAttachButton extends LitElement {
  static override styles = [baseStyles, composerButtonStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);

  @query('input') private input!: HTMLInputElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;

  @property({ attribute: false }) limits: FileLimits | undefined;

  #chosen(): void {
    const { input } = this;
    const root = this.getRootNode();
    const files = [...(input?.files ?? [])];
    // The same file may be chosen again.
    if (input) input.value = '';
    if (root instanceof ShadowRoot) void root.querySelector('teatime-file-tray')?.add(files);
  }

  override render() {
    const words = this.#strings.value?.tray;
    if (!words) return nothing;
    return html`${iconButton(Paperclip, words.attach, () => this.input?.click())}
      <input type="file" multiple hidden accept=${this.limits?.types?.join() ?? nothing} @change=${this.#chosen} />`;
  }
}

define('teatime-attach-button', TeatimeAttachButton);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-attach-button': TeatimeAttachButton;
  }
}
