import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import Mic from 'lucide/dist/esm/icons/mic.mjs';
import type { FileLimits } from '../../../protocol/files.ts';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-files.ts';
import type { OpenConversation } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import { composerButtonStyles } from '../teatime-file-tray/composer-button.styles.ts';

/** Opens the recorder over the composer's box, by a tap or for as long as a finger holds it. Fires `end` when the recorder is gone again. */
export class TeatimeVoiceButton extends LitElement {
  static override styles = [baseStyles, composerButtonStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);

  @query('button') private button!: HTMLElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  /** What the recording was begun by. */
  @state() private trigger: PointerEvent | undefined;

  @property({ attribute: false }) conversation: OpenConversation | undefined;
  @property({ attribute: false }) limits: FileLimits | undefined;
  /** The recorder is open. */
  @property({ type: Boolean, reflect: true }) recording = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.recording = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.get('conversation')) this.recording = false;
  }

  /** A touch begins it at once, since it may go on; the click after it says that it was a tap. */
  async #record(event: PointerEvent): Promise<void> {
    if (event.type === 'pointerdown' && event.pointerType !== 'touch') return;
    this.trigger = event;
    if (this.recording) return;
    this.recording = true;
    try {
      await import('./teatime-voice-recorder.ts');
    } catch (error) {
      this.recording = false;
      const root = this.getRootNode();
      if (root instanceof ShadowRoot) root.host.dispatchEvent(new CustomEvent('failure', { detail: error }));
    }
  }

  async #closed(): Promise<void> {
    this.recording = false;
    this.dispatchEvent(new Event('end'));
    await this.updateComplete;
    this.button?.focus();
  }

  override render() {
    const words = this.#strings.value?.recorder;
    if (!words) return nothing;
    return html`<button
        class="icon-button mic"
        type="button"
        aria-label=${words.record}
        title=${words.record}
        @pointerdown=${this.#record}
        @click=${this.#record}
      >
        ${icon(Mic)}
      </button>
      ${
        this.recording
          ? html`<teatime-voice-recorder
              .trigger=${this.trigger}
              .conversation=${this.conversation}
              .limits=${this.limits}
              @close=${this.#closed}
            ></teatime-voice-recorder>`
          : nothing
      }`;
  }
}

define('teatime-voice-button', TeatimeVoiceButton);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-voice-button': TeatimeVoiceButton;
  }
}
