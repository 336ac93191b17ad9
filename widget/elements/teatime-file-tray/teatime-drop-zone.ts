import { css, html, LitElement, nothing } from 'lit';
import { state } from 'lit/decorators.js';
import FilePlus from 'lucide/dist/esm/icons/file-plus.mjs';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-files.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';

const dropZoneStyles = css`
  :host {
    position: absolute;
    z-index: 3;
    inset: 0;
    display: grid;
    padding: 12px;
    background: color-mix(in oklab, var(--tt-surface) 82%, transparent);
    animation: appear var(--tt-duration) ease-out;
  }
  div {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 12px;
    padding: 24px;
    border: 2px dashed var(--tt-accent-fill);
    border-radius: var(--tt-radius);
    font-weight: 600;
    text-align: center;
    color: var(--tt-accent-text);
    background: color-mix(in oklab, var(--tt-accent-subtle) 70%, transparent);
    /* Nothing inside is entered and left: only the whole. */
    pointer-events: none;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
`;

/** While files are over it, browsers say so at least every 550 ms (HTML §6.11.5); without that for so long (ms), they are gone. */
const silenceMs = 2000;

/** Covers a conversation while files are dragged over it, and goes by itself when they are dropped or leave. What is dropped bubbles on. */
export class TeatimeDropZone extends LitElement {
  static override styles = [baseStyles, dropZoneStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  #silence: ReturnType<typeof setTimeout> | undefined;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;

  constructor() {
    super();
    // No pointer moves during a drag: when one does, the drag has ended elsewhere.
    for (const type of ['dragleave', 'drop', 'pointermove']) this.addEventListener(type, () => this.remove());
    this.addEventListener('dragover', () => this.#watch());
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#silence);
  }

  /** Some drags end without a word. */
  #watch(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.remove(), silenceMs);
  }

  override render() {
    const words = this.#strings.value?.tray;
    if (!words) return nothing;
    return html`<div>
      ${icon(FilePlus, { size: 32 })}
      <p>${words.drop}</p>
    </div>`;
  }
}

define('teatime-drop-zone', TeatimeDropZone);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-drop-zone': TeatimeDropZone;
  }
}
