import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** A corner of the stage, by its edges. */
export interface Corner {
  readonly block: 'start' | 'end';
  readonly inline: 'start' | 'end';
}

/** Lets the small picture of oneself be dragged from corner to corner, or moved there by the arrow keys. */
export class OwnTile implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #from: { x: number; y: number } | undefined;
  /** Where it is. */
  corner: Corner = { block: 'end', inline: 'end' };

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#from = undefined;
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    this.#from = { x: event.clientX, y: event.clientY };
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
  };

  readonly move = (event: PointerEvent): void => {
    if (!this.#from) return;
    const { style } = event.currentTarget as HTMLElement;
    style.translate = `${event.clientX - this.#from.x}px ${event.clientY - this.#from.y}px`;
  };

  readonly up = (event: PointerEvent): void => {
    if (!this.#from) return;
    this.#from = undefined;
    const tile = event.currentTarget as HTMLElement;
    const box = tile.getBoundingClientRect();
    tile.style.translate = '';
    if (event.type === 'pointercancel') return;
    const stage = this.#host.getBoundingClientRect();
    const right = box.left + box.right > stage.left + stage.right;
    const below = box.top + box.bottom > stage.top + stage.bottom;
    this.#to({ block: below ? 'end' : 'start', inline: right !== this.#rtl ? 'end' : 'start' });
  };

  readonly key = (event: KeyboardEvent): void => {
    const { corner } = this;
    const right = this.#rtl ? 'start' : 'end';
    const left = this.#rtl ? 'end' : 'start';
    const to: Record<string, Corner> = {
      ArrowUp: { ...corner, block: 'start' },
      ArrowDown: { ...corner, block: 'end' },
      ArrowLeft: { ...corner, inline: left },
      ArrowRight: { ...corner, inline: right },
    };
    const next = to[event.key];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.#to(next);
  };

  get #rtl(): boolean {
    return this.#host.matches(':dir(rtl)');
  }

  #to(corner: Corner): void {
    this.corner = corner;
    this.#host.requestUpdate();
  }
}
