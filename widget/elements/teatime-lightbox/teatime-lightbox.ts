import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import Left from 'lucide/dist/esm/icons/chevron-left.mjs';
import Right from 'lucide/dist/esm/icons/chevron-right.mjs';
import Download from 'lucide/dist/esm/icons/download.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import ZoomIn from 'lucide/dist/esm/icons/zoom-in.mjs';
import ZoomOut from 'lucide/dist/esm/icons/zoom-out.mjs';
import { consume } from '../../context-protocol.ts';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import '../../locales/add-files.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { iconButton } from '../icon-button.ts';
import { openLayer } from '../layers.ts';
import { StoreController } from '../store-controller.ts';
import { download } from '../teatime-message-files/download.ts';
import { FileAddresses } from '../teatime-message-files/file-addresses.ts';
import { mediaLabel } from '../teatime-message-files/media-label.ts';
import { placeholder } from '../teatime-message-files/placeholder.ts';
import { isPlayable } from '../teatime-message-files/playable.ts';
import type { ShownFile } from '../teatime-message-files/shown-file.ts';
import { Gestures } from './gestures.ts';
import { lightboxStyles } from './teatime-lightbox.styles.ts';
import { doubleTapScale, pan, step, whole, zoom, type Pair, type View } from './view.ts';

/** A picture or a video with who sent it and when. */
export interface LightboxItem extends Omit<ShownFile, 'upload'> {
  /** What was written with it. */
  readonly caption: string;
  readonly sender: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Pictures and videos over the whole window, one at a time: previous, next, zoom, download. Fires `close`; whoever put it there takes it away. */
export class TeatimeLightbox extends LitElement {
  static override styles = [baseStyles, lightboxStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #format = new StoreController(this, () => this.locale?.$format);
  readonly #lang = new StoreController(this, () => this.locale?.$lang);
  readonly #addresses = new FileAddresses(this, () => this.chat);
  readonly #gestures = new Gestures({
    zoomed: () => this.view.scale > 1,
    pan: (by) => (this.view = pan(this.view, by, this.#pictureSize(), this.#stageSize())),
    zoom: (factor, at) => this.#zoom(factor, this.#fromMiddle(at)),
    doubleTap: (at) => (this.view.scale > 1 ? (this.view = whole) : this.#zoom(doubleTapScale, this.#fromMiddle(at))),
    drag: (by) => (this.dragged = by),
    swipe: (to) => this.#swipe(to),
  });
  // When the panel around it is closed by the page, it must not go on blocking that page unseen.
  readonly #size = new ResizeObserver(() => {
    if (this.dialog.open && !this.dialog.checkVisibility()) this.#end();
  });
  #leaveLayers: (() => void) | undefined;

  @query('dialog') private dialog!: HTMLDialogElement;
  @query('.stage') private stage!: HTMLElement;
  @query('.picture') private picture!: HTMLElement | null;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private view: View = whole;
  @state() private dragged: Pair | undefined;
  @state() private error = '';
  /** Keys of what has loaded in full. */
  @state() private loaded: ReadonlySet<LightboxItem> = new Set();
  @state() private undrawable: ReadonlySet<LightboxItem> = new Set();

  @property({ attribute: false }) items: readonly LightboxItem[] = [];
  @property({ attribute: false }) index = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
    this.#leaveLayers?.();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('index')) return;
    this.view = whole;
    this.dragged = undefined;
    this.error = '';
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    this.#leaveLayers = openLayer(() => this.#end());
    this.renderRoot.querySelector<HTMLElement>('.close')?.focus();
    this.#size.observe(this.dialog);
    // Not passive, or the page behind would scroll.
    this.dialog.addEventListener('wheel', this.#wheel, { passive: false });
  }

  protected override updated(): void {
    const { picture, view, dragged } = this;
    if (picture) {
      const { x, y } = dragged ?? view;
      picture.style.transform = `translate(${x}px, ${y}px) scale(${view.scale})`;
    }
    this.#fetchNeighbours();
  }

  /** The next and the previous picture are there at once when they are wanted. */
  #fetchNeighbours(): void {
    const current = this.items[this.index];
    if (!current || !this.loaded.has(current)) return;
    for (const item of [this.items[this.index + 1], this.items[this.index - 1]]) {
      if (!item?.id || item.preview || item.kind !== 'image') continue;
      const where = this.#addresses.get(item.id);
      if (typeof where === 'object') new Image().src = where.url;
    }
  }

  #go(by: number): void {
    this.index = Math.min(this.items.length - 1, Math.max(0, this.index + by));
  }

  #end(): void {
    if (this.dialog.open) this.dialog.close();
    this.dispatchEvent(new Event('close'));
  }

  #zoom(factor: number, point: Pair = { x: 0, y: 0 }): void {
    if (this.items[this.index]?.kind !== 'image') return;
    this.view = zoom(this.view, factor, point, this.#pictureSize(), this.#stageSize());
  }

  #swipe(to: 'left' | 'right' | 'down'): void {
    if (to === 'down') return this.#end();
    this.#go((to === 'left') === this.#rtl ? -1 : 1);
  }

  get #rtl(): boolean {
    return this.matches(':dir(rtl)');
  }

  #pictureSize(): Pair {
    // As laid out: a transform does not count.
    return { x: this.picture?.offsetWidth ?? 0, y: this.picture?.offsetHeight ?? 0 };
  }

  #stageSize(): Pair {
    return { x: this.stage.clientWidth, y: this.stage.clientHeight };
  }

  #fromMiddle({ x, y }: Pair): Pair {
    const { left, top, width, height } = this.stage.getBoundingClientRect();
    return { x: x - left - width / 2, y: y - top - height / 2 };
  }

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    // A line or a page is some pixels in the end; 0.0022 makes one notch of a mouse wheel (100 px) a quarter more.
    const pixels = event.deltaY * ([1, 16, 400][event.deltaMode] ?? 1);
    this.#zoom(Math.exp(-pixels * 0.0022), this.#fromMiddle({ x: event.clientX, y: event.clientY }));
  };

  readonly #key = (event: KeyboardEvent): void => {
    // The page and the panel have keys of their own.
    event.stopPropagation();
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const inVideo = event.composedPath()[0] instanceof HTMLVideoElement;
    const forward = this.#rtl ? -1 : 1;
    const act: Record<string, () => void> = {
      Escape: () => this.#end(),
      ...(!inVideo && {
        ArrowRight: () => this.#arrow(forward, -80, 0),
        ArrowLeft: () => this.#arrow(-forward, 80, 0),
        ArrowUp: () => this.#arrow(0, 0, 80),
        ArrowDown: () => this.#arrow(0, 0, -80),
        Home: () => this.#go(-Infinity),
        End: () => this.#go(Infinity),
      }),
      PageUp: () => this.#go(-1),
      PageDown: () => this.#go(1),
      '+': () => this.#zoom(step),
      '=': () => this.#zoom(step),
      '-': () => this.#zoom(1 / step),
      '0': () => (this.view = whole),
    };
    const found = act[event.key];
    if (!found) return;
    event.preventDefault();
    found();
  };

  /** Arrows move a picture that is zoomed, and lead to its neighbours otherwise. */
  #arrow(by: number, x: number, y: number): void {
    if (this.view.scale > 1) this.view = pan(this.view, { x, y }, this.#pictureSize(), this.#stageSize());
    else if (by) this.#go(by);
  }

  async #download(item: LightboxItem): Promise<void> {
    try {
      this.error = '';
      if (this.chat) await download(this.chat, item);
    } catch (error) {
      const strings = this.#strings.value;
      if (strings) this.error = failureText(strings, failureFrom(error));
    }
  }

  override render() {
    const strings = this.#strings.value;
    const item = this.items[this.index];
    if (!strings || !item) return nothing;
    const words = strings.lightbox;
    return html`<dialog aria-label=${words.label} @keydown=${this.#key} @cancel=${this.#cancelled}>
      ${this.#renderHead(item, words)}
      <div
        class="stage ${this.view.scale > 1 ? 'zoomed' : ''}"
        @pointerdown=${item.kind === 'image' ? this.#gestures.down : nothing}
        @pointermove=${this.#gestures.move}
        @pointerup=${this.#gestures.up}
        @pointercancel=${this.#gestures.up}
      >
        ${keyed(item, this.#renderItem(item, strings))}
      </div>
      ${this.index > 0 ? iconButton(Left, words.previous, () => this.#go(-1), { className: 'side previous', size: 26, flip: true }) : nothing}
      ${
        this.index < this.items.length - 1
          ? iconButton(Right, words.next, () => this.#go(1), { className: 'side next', size: 26, flip: true })
          : nothing
      }
      ${item.caption ? html`<p class="caption" dir="auto">${item.caption}</p>` : nothing}
      <p class="error" role="alert">${this.error}</p>
      <p class="visually-hidden" aria-live="polite">
        ${words.position(this.index + 1, this.items.length)}: ${mediaLabel(item, strings, this.#lang.value ?? 'en')}
      </p>
    </dialog>`;
  }

  readonly #cancelled = (event: Event): void => {
    event.preventDefault();
    this.#end();
  };

  #renderHead(item: LightboxItem, words: Strings['lightbox']) {
    const image = item.kind === 'image';
    const { scale } = this.view;
    const format = this.#format.value;
    return html`<header>
      <div class="about">
        <bdi class="truncate who">${item.sender}</bdi>
        <span class="truncate when"
          ><bdi>${format ? words.at(format.day(item.at), format.time(item.at)) : nothing}</bdi></span
        >
      </div>
      ${this.items.length > 1 ? html`<bdi class="count">${words.position(this.index + 1, this.items.length)}</bdi>` : nothing}
      ${image && scale > 1 ? iconButton(ZoomOut, words.zoomOut, () => this.#zoom(1 / step)) : nothing}
      ${image ? iconButton(ZoomIn, words.zoomIn, () => this.#zoom(step)) : nothing}
      ${iconButton(Download, words.download, () => this.#download(item))}
      ${iconButton(X, words.close, () => this.#end(), { className: 'close' })}
    </header>`;
  }

  #renderItem(item: LightboxItem, strings: Strings) {
    const words = strings.files;
    const { id, kind, name } = item;
    const preview = this.undrawable.has(item) ? undefined : item.preview;
    const where = preview || !id ? undefined : this.#addresses.get(id);
    if (where === 'gone') return html`<p class="words">${words.gone}</p>`;
    if (where === 'broken')
      return html`<div class="words">
        <p>${words.broken}</p>
        <button class="button" type="button" @click=${() => this.#addresses.retry(id!)}>${words.tryAgain}</button>
      </div>`;
    if (kind === 'video' && !isPlayable(item.type)) return html`<p class="words">${words.unplayable}</p>`;
    const src = preview ?? where?.url;
    const small = preview ?? where?.thumbnailUrl;
    const failed = (): void => {
      if (preview) this.undrawable = new Set([...this.undrawable, item]);
      else if (id) this.#addresses.failed(id);
    };
    const loaded = (): void => {
      if (!this.loaded.has(item)) this.loaded = new Set([...this.loaded, item]);
    };
    const { width = 1600, height = 1200 } = item;
    const box = `--width: ${width}px; --ratio: ${width / height}`;
    const attempt = id ? this.#addresses.attempt(id) : 0;
    if (kind === 'video')
      return html`<div class="picture video" .style=${box}>
        ${src ? keyed(attempt, html`<video src=${src} poster=${where?.thumbnailUrl ?? nothing} aria-label=${name} controls autoplay playsinline @loadeddata=${loaded} @error=${failed}></video>`) : nothing}
      </div>`;
    return html`<div class="picture ${this.loaded.has(item) ? 'loaded' : ''}" .style=${box}>
      ${item.placeholder && !this.loaded.has(item) ? placeholder(item.placeholder) : nothing}
      ${small && small !== src && !this.loaded.has(item) ? html`<img alt="" src=${small} draggable="false" />` : nothing}
      ${src ? keyed(attempt, html`<img src=${src} alt=${name} draggable="false" decoding="async" @load=${loaded} @error=${failed} />`) : nothing}
    </div>`;
  }
}

define('teatime-lightbox', TeatimeLightbox);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-lightbox': TeatimeLightbox;
  }
}
