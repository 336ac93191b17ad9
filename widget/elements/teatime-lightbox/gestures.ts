import type { Pair } from './view.ts';

/** What fingers and the mouse ask for. Points are on the screen. */
export interface GestureHandlers {
  /** True while the picture is larger than the stage: then dragging moves it. */
  readonly zoomed: () => boolean;
  readonly pan: (by: Pair) => void;
  readonly zoom: (factor: number, at: Pair) => void;
  readonly doubleTap: (at: Pair) => void;
  /** A finger drags the whole picture; `undefined` when it let go without going far. */
  readonly drag: (by: Pair | undefined) => void;
  readonly swipe: (to: 'left' | 'right' | 'down') => void;
}

const tapWithinMs = 300;
const tapWithinPx = 24;
const swipePx = 56;

/** Reads pan, pinch, swipe and double tap off the pointers on an element. */
export class Gestures {
  readonly #handlers: GestureHandlers;
  readonly #points = new Map<number, Pair>();
  #start: (Pair & { readonly touch: boolean }) | undefined;
  #moved = false;
  #lastTap: (Pair & { readonly at: number }) | undefined;

  constructor(handlers: GestureHandlers) {
    this.#handlers = handlers;
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    const point = at(event);
    this.#points.set(event.pointerId, point);
    this.#moved = this.#points.size > 1;
    this.#start = this.#points.size === 1 ? { ...point, touch: event.pointerType !== 'mouse' } : undefined;
    if (this.#points.size > 1) this.#handlers.drag(undefined);
  };

  readonly move = (event: PointerEvent): void => {
    const before = this.#points.get(event.pointerId);
    if (!before) return;
    const point = at(event);
    const other = [...this.#points].find(([id]) => id !== event.pointerId)?.[1];
    this.#points.set(event.pointerId, point);
    const by = { x: point.x - before.x, y: point.y - before.y };
    if (other) {
      this.#handlers.zoom(distance(point, other) / (distance(before, other) || 1), middle(point, other));
      this.#handlers.pan({ x: by.x / 2, y: by.y / 2 });
      return;
    }
    if (this.#start && distance(this.#start, point) > 8) this.#moved = true;
    if (this.#handlers.zoomed()) this.#handlers.pan(by);
    else if (this.#start?.touch && this.#moved)
      this.#handlers.drag({ x: point.x - this.#start.x, y: point.y - this.#start.y });
  };

  readonly up = (event: PointerEvent): void => {
    if (!this.#points.delete(event.pointerId) || this.#points.size > 0) return;
    const start = this.#start;
    this.#start = undefined;
    if (!start || event.type === 'pointercancel') return this.#handlers.drag(undefined);
    const point = at(event);
    if (!this.#moved) return this.#tap(point, event.timeStamp);
    if (this.#handlers.zoomed() || !start.touch) return;
    const x = point.x - start.x;
    const y = point.y - start.y;
    this.#handlers.drag(undefined);
    if (Math.abs(x) > swipePx && Math.abs(x) > Math.abs(y)) this.#handlers.swipe(x < 0 ? 'left' : 'right');
    else if (y > swipePx * 1.5 && y > Math.abs(x)) this.#handlers.swipe('down');
  };

  #tap(point: Pair, time: number): void {
    const last = this.#lastTap;
    if (last && time - last.at < tapWithinMs && distance(last, point) < tapWithinPx) {
      this.#lastTap = undefined;
      this.#handlers.doubleTap(point);
    } else this.#lastTap = { ...point, at: time };
  }
}

const at = ({ clientX, clientY }: PointerEvent): Pair => ({ x: clientX, y: clientY });
const distance = (a: Pair, b: Pair): number => Math.hypot(a.x - b.x, a.y - b.y);
const middle = (a: Pair, b: Pair): Pair => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
