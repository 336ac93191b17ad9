import { html, LitElement, nothing } from 'lit';
import { query, state } from 'lit/decorators.js';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-later.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { StoreController } from '../store-controller.ts';
import { emojiGroups, emojiOf, findEmoji, type Emoji, type EmojiGroup } from './find-emoji.ts';
import { emojiPickerStyles } from './teatime-emoji-picker.styles.ts';

const faces: Record<EmojiGroup, string> = {
  smileys: '😀',
  people: '👋',
  nature: '🌿',
  food: '🍵',
  travel: '🚲',
  activities: '⚽',
  objects: '💡',
  symbols: '❤️',
  flags: '🏁',
};

/** All emoji by group, with a search; comes as a chunk of its own when it is first opened. Fires `pick` with the emoji. */
export class TeatimeEmojiPicker extends LitElement {
  static override styles = [baseStyles, emojiPickerStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);

  @query('input') private input!: HTMLInputElement | null;
  @query('.grid') private grid!: HTMLElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private group: EmojiGroup = 'smileys';
  @state() private search = '';
  /** The emoji that the Tab key reaches. */
  @state() private current = 0;

  override focus(): void {
    // On a touch screen the keyboard would come up over what is to be picked from.
    if (matchMedia('(pointer: coarse)').matches) this.#focusCell(this.current);
    else this.input?.focus();
  }

  readonly #searched = (event: Event): void => {
    if (!(event.target instanceof HTMLInputElement)) return;
    this.search = event.target.value;
    this.current = 0;
  };

  readonly #searchKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      this.#focusCell(this.current);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const first = findEmoji(this.search, 1)[0];
      if (first) this.#pick(first.emoji);
    }
  };

  readonly #gridKey = (event: KeyboardEvent): void => {
    const cells = this.#cells();
    const columns = cells.findIndex((cell) => cell.offsetTop > (cells[0]?.offsetTop ?? 0));
    const perRow = columns > 0 ? columns : cells.length;
    const forward = this.matches(':dir(rtl)') ? -1 : 1;
    const steps: Record<string, number> = {
      ArrowRight: forward,
      ArrowLeft: -forward,
      ArrowDown: perRow,
      ArrowUp: -perRow,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    if (this.current + step < 0) this.input?.focus();
    else if (this.current + step < cells.length) this.#focusCell(this.current + step);
  };

  #cells(): HTMLElement[] {
    return [...(this.grid?.querySelectorAll('button') ?? [])];
  }

  #focusCell(index: number): void {
    this.current = index;
    this.#cells()[index]?.focus();
  }

  readonly #clicked = (event: Event): void => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button) this.#pick(button.value);
  };

  #pick(emoji: string): void {
    this.dispatchEvent(new CustomEvent('pick', { detail: emoji }));
  }

  #choose(group: EmojiGroup): void {
    this.group = group;
    this.search = '';
    this.current = 0;
    if (this.grid) this.grid.scrollTop = 0;
  }

  override render() {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const words = strings.emoji;
    const shown = this.search.trim() === '' ? emojiOf(this.group) : findEmoji(this.search);
    return html`<div class="picker" role="dialog" aria-label=${words.label}>
      <input
        class="input"
        type="search"
        autocomplete="off"
        placeholder=${words.search}
        aria-label=${words.search}
        .value=${this.search}
        @input=${this.#searched}
        @keydown=${this.#searchKey}
      />
      <div class="groups">
        ${emojiGroups.map(
          (group) =>
            html`<button
              type="button"
              title=${words.groups[group]}
              aria-label=${words.groups[group]}
              aria-pressed=${this.group === group && this.search.trim() === ''}
              @click=${() => this.#choose(group)}
            >
              ${faces[group]}
            </button>`,
        )}
      </div>
      <div
        class="grid scroll"
        role="group"
        aria-label=${words.groups[this.group]}
        @click=${this.#clicked}
        @keydown=${this.#gridKey}
      >
        ${shown.map((emoji, index) => this.#renderCell(emoji, index))}
        ${shown.length === 0 ? html`<p role="status">${words.noMatch}</p>` : nothing}
      </div>
    </div>`;
  }

  #renderCell({ emoji, name }: Emoji, index: number) {
    return html`<button
      type="button"
      value=${emoji}
      title=${name}
      aria-label=${name}
      tabindex=${index === this.current ? 0 : -1}
    >
      ${emoji}
    </button>`;
  }
}

define('teatime-emoji-picker', TeatimeEmojiPicker);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-emoji-picker': TeatimeEmojiPicker;
  }
}
