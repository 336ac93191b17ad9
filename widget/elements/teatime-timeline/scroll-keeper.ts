import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { RowWindow, type Slice } from './row-window.ts';

/** What the eye rests on: the newest message, or a row at a distance below the upper edge of the view. */
type Anchor = 'end' | RowAnchor;

interface RowAnchor {
  readonly key: string;
  /** In px, or as a share of the view's height, which need not be known yet. */
  readonly offset: number;
  readonly unit: 'px' | 'view';
}

interface Options {
  /** The scrolling element; rows are its descendants with `data-key`. */
  readonly scroller: () => HTMLElement | null;
  /** What lies above the first row ends here. */
  readonly listTop: () => HTMLElement | null;
  /** The view moved, or rows changed their size. */
  readonly onMove: () => void;
}

const likelyRowHeight = 56;
/** Within so many pixels of the end counts as being there. */
const endTolerance = 32;

/**
 * Decides which rows of a long list are drawn, and keeps what is being read in its place whatever comes, goes or grows around
 * it. The browser's own scroll anchoring is switched off for that: it does not know of rows that are not drawn, and Safari has none.
 */
export class ScrollKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: Options;
  readonly #window = new RowWindow(likelyRowHeight);
  readonly #observed = new Set<HTMLElement>();
  readonly #sizes = new ResizeObserver((entries) => this.#resized(entries));
  #anchor: Anchor = 'end';
  #slice: Slice = { start: 0, end: 0 };
  #top = 0;
  #height = 0;
  /** The view is where the anchor wants it. */
  #settled = false;
  #frame = 0;

  constructor(host: ReactiveControllerHost, options: Options) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  /** The rows to draw. */
  get slice(): Slice {
    return this.#slice;
  }

  /** Height of the rows that are not drawn, before and after. */
  get space(): { before: number; after: number } {
    const { start, end } = this.#slice;
    return { before: this.#window.offset(start), after: this.#window.total - this.#window.offset(end) };
  }

  /** The newest message is in view, and new ones will be followed. */
  get atEnd(): boolean {
    return this.#anchor === 'end';
  }

  /** It is laid out and in its place, so that its scroll position means something. */
  get placed(): boolean {
    return this.#height > 0;
  }

  /** How many views lie below this one. */
  get viewsBelow(): number {
    const scroller = this.#options.scroller();
    return scroller && this.#height > 0
      ? (scroller.scrollHeight - scroller.scrollTop - this.#height) / this.#height
      : 0;
  }

  setKeys(keys: readonly string[]): void {
    const scroller = this.#options.scroller();
    // All that was there has been in view, though nobody scrolled to the end: what comes is followed.
    if (scroller && this.#settled && this.#isAtEnd(scroller)) this.#anchor = 'end';
    const before = typeof this.#anchor === 'object' ? this.#window.indexOf(this.#anchor.key) : -1;
    this.#window.setKeys(keys);
    // The row that was looked at is gone, as when a message that could not be sent is discarded: its neighbour takes its place.
    if (typeof this.#anchor === 'object' && this.#window.indexOf(this.#anchor.key) < 0) {
      const neighbour = keys[Math.min(Math.max(before, 0), keys.length - 1)];
      this.#anchor = neighbour === undefined ? 'end' : { ...this.#anchor, key: neighbour };
    }
  }

  /** Shows the newest message. */
  toEnd(): void {
    this.#settled = false;
    this.#anchor = 'end';
    this.#host.requestUpdate();
  }

  /** Shows a row, that share of the view below its upper edge. */
  toRow(key: string, share: number): void {
    this.#settled = false;
    this.#anchor = { key, offset: share, unit: 'view' };
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    const scroller = this.#options.scroller();
    if (scroller && this.#height > 0 && scroller.scrollTop !== this.#top) this.#capture(scroller);
    this.#slice = this.#needed();
  }

  hostUpdated(): void {
    const scroller = this.#options.scroller();
    if (!scroller) return;
    const rows = new Set<HTMLElement>([scroller, ...rowsOf(scroller)]);
    for (const row of this.#observed) if (!rows.has(row)) this.#forget(row);
    for (const row of rows) {
      if (this.#observed.has(row)) continue;
      this.#observed.add(row);
      this.#sizes.observe(row, { box: 'border-box' });
    }
  }

  hostDisconnected(): void {
    cancelAnimationFrame(this.#frame);
    this.#sizes.disconnect();
    this.#observed.clear();
  }

  /** Takes note of where the person scrolled to. */
  readonly scrolled = (): void => {
    const scroller = this.#options.scroller();
    if (!scroller || this.#height === 0) return;
    if (scroller.scrollTop !== this.#top) this.#capture(scroller);
    this.#check();
  };

  /** Brings what the eye rested on back to its place. */
  settle(): void {
    const scroller = this.#options.scroller();
    if (!scroller || this.#height === 0) return;
    const anchor = this.#anchor;
    if (anchor === 'end') scroller.scrollTop = scroller.scrollHeight;
    else {
      const row = rowsOf(scroller).find(({ dataset }) => dataset['key'] === anchor.key);
      const off = row ? distance(scroller, row) - this.#offset(anchor) : 0;
      if (Math.abs(off) >= 1) scroller.scrollTop += off;
    }
    this.#top = scroller.scrollTop;
    this.#settled = true;
  }

  #isAtEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
    return scrollHeight - scrollTop - clientHeight <= endTolerance && this.#slice.end === this.#window.size;
  }

  #forget(row: HTMLElement): void {
    this.#observed.delete(row);
    this.#sizes.unobserve(row);
  }

  #resized(entries: readonly ResizeObserverEntry[]): void {
    const scroller = this.#options.scroller();
    for (const { target, borderBoxSize } of entries) {
      const height = borderBoxSize[0]?.blockSize ?? 0;
      if (target === scroller) this.#height = scroller.clientHeight;
      // While the chat is hidden everything is without height; that says nothing.
      else if (target instanceof HTMLElement && height > 0 && target.isConnected)
        this.#window.measure(target.dataset['key'] ?? '', height);
    }
    this.settle();
    // Rows that were drawn here would be measured in the next frame only, which the browser reports to the page as an error.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#check());
  }

  /** Draws other rows when those that are drawn no longer reach far enough beyond the view. */
  #check(): void {
    const view = this.#view(0.25);
    const { start, end } = this.#slice;
    if (view && (view.start < start || view.end > end)) this.#host.requestUpdate();
    this.#options.onMove();
  }

  #capture(scroller: HTMLElement): void {
    this.#top = scroller.scrollTop;
    if (this.#isAtEnd(scroller)) {
      this.#anchor = 'end';
      return;
    }
    const seen = rowsOf(scroller).find((row) => {
      const top = distance(scroller, row);
      return top + row.offsetHeight > 0 && top < scroller.clientHeight;
    });
    if (seen) this.#anchor = { key: seen.dataset['key'] ?? '', offset: distance(scroller, seen), unit: 'px' };
    else {
      const from = scroller.scrollTop - this.#listTop();
      const index = this.#window.rowAt(from);
      const key = this.#window.keyAt(index);
      if (key !== undefined) this.#anchor = { key, offset: this.#window.offset(index) - from, unit: 'px' };
    }
  }

  #offset({ offset, unit }: RowAnchor): number {
    return unit === 'px' ? offset : offset * this.#height;
  }

  #listTop(): number {
    return this.#options.listTop()?.offsetTop ?? 0;
  }

  #needed(): Slice {
    return this.#view(0.75) ?? { start: 0, end: 0 };
  }

  /** The rows in view and those up to so many views around it. */
  #view(around: number): Slice | undefined {
    if (this.#window.size === 0) return undefined;
    const height = this.#height || 600;
    const index = this.#anchor === 'end' ? -1 : this.#window.indexOf(this.#anchor.key);
    const top =
      this.#anchor === 'end' || index < 0
        ? this.#window.total - height
        : this.#window.offset(index) - this.#offset(this.#anchor);
    return this.#window.slice(top - height * around, top + height * (1 + around));
  }
}

function rowsOf(scroller: HTMLElement): HTMLElement[] {
  return [...scroller.querySelectorAll<HTMLElement>('[data-key]')];
}

function distance(scroller: HTMLElement, row: HTMLElement): number {
  return row.getBoundingClientRect().top - scroller.getBoundingClientRect().top - scroller.clientTop;
}
