import type { ViewPoint } from './crop.ts';

/** What the fingers, or the mouse, did to a view since the last time. */
export interface Movement {
  /** How far they pushed, in parts of the view. */
  readonly by: ViewPoint;
  /** How much further they are apart than before: 2 is twice as far. 1 for a single one. */
  readonly spread: number;
  /** The middle between them. */
  readonly at: ViewPoint;
}

/** The fingers that are on a view: one drags, two pinch and drag, more are ignored. */
export class Touches {
  readonly #points = new Map<number, ViewPoint>();

  set(id: number, point: ViewPoint): void {
    if (this.#points.size < 2) this.#points.set(id, point);
  }

  delete(id: number): void {
    this.#points.delete(id);
  }

  /** Moves a finger; `undefined` when it is not one of those that count. */
  move(id: number, point: ViewPoint): Movement | undefined {
    if (!this.#points.has(id)) return undefined;
    const before = this.#middle();
    const apart = this.#apart();
    this.#points.set(id, point);
    const at = this.#middle();
    return { by: { x: at.x - before.x, y: at.y - before.y }, spread: apart > 0 ? this.#apart() / apart : 1, at };
  }

  #middle(): ViewPoint {
    const points = [...this.#points.values()];
    const sum = (pick: (point: ViewPoint) => number) => points.reduce((total, point) => total + pick(point), 0);
    return { x: sum(({ x }) => x) / points.length, y: sum(({ y }) => y) / points.length };
  }

  #apart(): number {
    const [one, other] = [...this.#points.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  }
}
