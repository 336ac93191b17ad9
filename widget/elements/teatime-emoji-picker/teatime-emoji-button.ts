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
  @media (pointer: coarse) {
    .icon-button {
      inline-size: 44px;
      block-size: 44px;
    }
  }
`;

/**
 * A button that opens the emoji picker, which it fetches first. Fires `pick` with the emoji, `leave` on Escape, and `failure` with
 * the error when the picker could not be had.
 */
export class TeatimeEmojiButton extends LitElement {
  static override styles = [baseStyles, emojiButtonStyles];

  @query('[popover]') private popoverElement!: HTMLElement | null;

  @state() private open = false;

  @property() label = '';

  async #show(anchor: EventTarget | null): Promise<void> {
    let placeBeside: typeof import('../place-beside.ts').placeBeside;
    try {
      [{ placeBeside }] = await Promise.all([import('../place-beside.ts'), import('./teatime-emoji-picker.ts')]);
    } catch (error) {
      this.dispatchEvent(new CustomEvent('failure', { detail: error }));
      return;
    }
    this.open = true;
    await this.updateComplete;
    const { popoverElement } = this;
    const picker = popoverElement?.querySelector('teatime-emoji-picker');
    if (!popoverElement || !picker || !(anchor instanceof Element)) return;
    popoverElement.showPopover();
    await picker.updateComplete;
    placeBeside(popoverElement, anchor, 'start');
    picker.focus();
  }

  readonly #picked = (event: CustomEvent<string>): void => {
    this.popoverElement?.hidePopover();
    this.dispatchEvent(new CustomEvent('pick', { detail: event.detail }));
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.popoverElement?.hidePopover();
    this.dispatchEvent(new Event('leave'));
  };

  override render() {
    return html`<button
        class="icon-button"
        type="button"
        aria-label=${this.label}
        title=${this.label}
        aria-haspopup="dialog"
        aria-expanded=${this.open}
        @click=${(event: Event) => this.#show(event.currentTarget)}
      >
        ${icon(Smile)}
      </button>
      ${
        this.open
          ? html`<div
              popover
              @toggle=${(event: ToggleEvent) => (this.open = event.newState === 'open')}
              @keydown=${this.#key}
            >
              <teatime-emoji-picker @pick=${this.#picked}></teatime-emoji-picker>
            </div>`
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
