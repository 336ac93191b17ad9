import { css, html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import Smile from 'lucide/dist/esm/icons/face-slightly-smiling.mjs';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';

const emojiButtonStyles = css`
  :host {
    display: block;
  }
  .icon-button {
    inline-size: 38px;
    block-size: 38px;
  }
  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 0;
    overflow: hidden;
    border: 1px solid var(--tt-border);
    border-radius: var(--tt-radius);
    color: var(--tt-text);
    box-shadow: var(--tt-shadow);
  }
`;

/**
 * A button that opens the emoji picker, which it fetches first. Fires `pick` with the emoji, `leave` on Escape, and `failure` with
 * the error when the picker could not be had.
 */
export class TeatimeEmojiButton extends LitElement {
  static override styles = [baseStyles, emojiButtonStyles];

  /** There from the first time that it is opened. */
  #popover: typeof import('./emoji-popover.ts') | undefined;

  @query('[popover]') private popoverElement!: HTMLElement | null;

  @state() private open = false;

  @property() label = '';

  async #show(anchor: EventTarget | null): Promise<void> {
    try {
      this.#popover ??= await import('./emoji-popover.ts');
    } catch (error) {
      this.dispatchEvent(new CustomEvent('failure', { detail: error }));
      return;
    }
    this.open = true;
    await this.updateComplete;
    if (this.popoverElement && anchor instanceof Element) {
      await this.#popover.showEmojiPopover(this.popoverElement, anchor);
    }
  }

  override render() {
    const { label } = this;
    return html`<button
        class="icon-button"
        type="button"
        aria-label=${label}
        title=${label}
        aria-haspopup="dialog"
        aria-expanded=${this.open}
        @click=${(event: Event) => this.#show(event.currentTarget)}
      >
        ${icon(Smile)}
      </button>
      ${
        this.open
          ? this.#popover?.emojiPopover({
              picked: (emoji) => this.dispatchEvent(new CustomEvent('pick', { detail: emoji })),
              left: () => this.dispatchEvent(new Event('leave')),
              toggled: (open) => (this.open = open),
            })
          : nothing
      }`;
  }
}

define('teatime-emoji-button', TeatimeEmojiButton);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-emoji-button': TeatimeEmojiButton;
  }
}
