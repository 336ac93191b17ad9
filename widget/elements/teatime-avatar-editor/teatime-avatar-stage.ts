import { html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import Minus from 'lucide/dist/esm/icons/minus.mjs';
import Plus from 'lucide/dist/esm/icons/plus.mjs';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-avatar.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { StoreController } from '../store-controller.ts';
import { centreOf, maxZoom, pushed, zoomed, zoomOf, type Crop, type ViewPoint } from './crop.ts';
import { drawCrop, type Picture } from './picture.ts';
import { avatarStageStyles } from './teatime-avatar-stage.styles.ts';
import { Touches } from './touches.ts';

/** One press of a key or a button zooms by this factor. */
const zoomStep = 1.15;
/** One press of an arrow key pushes by this part of the view; with Shift by five times that. */
const pushStep = 0.04;

const arrows: Readonly<Record<string, ViewPoint>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/**
 * A picture behind a round window: dragged, pinched, scrolled, or moved by keys until the window shows what it should.
 *
 * @fires crop - another part of the picture is shown: `detail` is the crop
 */
export class TeatimeAvatarStage extends LitElement {
  static override styles = [baseStyles, avatarStageStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #touches = new Touches();

  @query('.stage') private stage!: HTMLElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  /** Where the crop is, told to screen readers after a key moved it. */
  @state() private said = '';

  @property({ attribute: false }) picture: Picture | undefined;
  @property({ attribute: false }) crop: Crop = { x: 0, y: 0, side: 1 };

  protected override updated(): void {
    if (!this.picture) return;
    for (const canvas of this.renderRoot.querySelectorAll('canvas')) {
      const pixels = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
      if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
      drawCrop(canvas, this.picture, this.crop);
    }
  }

  override focus(): void {
    this.stage?.focus();
  }

  #show(crop: Crop): void {
    this.crop = crop;
    this.dispatchEvent(new CustomEvent('crop', { detail: crop }));
  }

  #zoom(zoom: number, at?: ViewPoint): void {
    if (this.picture) this.#show(zoomed(this.crop, this.picture, zoom, at));
  }

  #zoomBy(factor: number, at?: ViewPoint): void {
    if (this.picture) this.#zoom(zoomOf(this.crop, this.picture) * factor, at);
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const { picture } = this;
    if (!picture || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = arrows[event.key];
    if (arrow) {
      const step = pushStep * (event.shiftKey ? 5 : 1);
      this.#show(pushed(this.crop, picture, { x: arrow.x * step, y: arrow.y * step }));
    } else if (event.key === '+' || event.key === '=') this.#zoomBy(zoomStep);
    else if (event.key === '-' || event.key === '_') this.#zoomBy(1 / zoomStep);
    else return;
    event.preventDefault();
    const { left, top } = centreOf(this.crop, picture);
    const zoom = this.#percent(zoomOf(this.crop, picture));
    this.said = this.#strings.value?.avatar.at(zoom, this.#percent(left), this.#percent(top)) ?? '';
  };

  readonly #onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    // A pinch on a touch pad comes as a wheel with Ctrl, in smaller steps.
    const speed = event.ctrlKey ? 0.01 : 0.002;
    this.#zoomBy(Math.exp(-event.deltaY * lines * speed), pointIn(event));
  };

  readonly #onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#touches.set(event.pointerId, pointIn(event));
  };

  readonly #onPointerMove = (event: PointerEvent): void => {
    const moved = this.#touches.move(event.pointerId, pointIn(event));
    if (!moved || !this.picture) return;
    const crop = pushed(this.crop, this.picture, moved.by);
    this.#show(zoomed(crop, this.picture, zoomOf(crop, this.picture) * moved.spread, moved.at));
  };

  readonly #onPointerEnd = (event: PointerEvent): void => this.#touches.delete(event.pointerId);

  #percent(value: number): string {
    return new Intl.NumberFormat(this.locale?.$lang.get(), { style: 'percent' }).format(value);
  }

  override render() {
    const words = this.#strings.value?.avatar;
    const { picture } = this;
    if (!words || !picture) return nothing;
    const zoom = zoomOf(this.crop, picture);
    return html`<div
        class="stage"
        role="application"
        tabindex="0"
        aria-label=${words.stage}
        aria-describedby="keys"
        @keydown=${this.#onKey}
        @wheel=${this.#onWheel}
        @pointerdown=${this.#onPointerDown}
        @pointermove=${this.#onPointerMove}
        @pointerup=${this.#onPointerEnd}
        @pointercancel=${this.#onPointerEnd}
      >
        <canvas></canvas>
      </div>
      <p class="visually-hidden" id="keys">${words.stageKeys}</p>
      <div class="line">
        ${iconButton(Minus, words.zoomOut, () => this.#zoomBy(1 / zoomStep))}
        <input
          type="range"
          min="1"
          max=${maxZoom}
          step="0.01"
          aria-label=${words.zoom}
          aria-valuetext=${this.#percent(zoom)}
          .value=${String(zoom)}
          @input=${(event: Event) => this.#zoom((event.target as HTMLInputElement).valueAsNumber)}
        />
        ${iconButton(Plus, words.zoomIn, () => this.#zoomBy(zoomStep))}
      </div>
      <div class="line seen"><canvas aria-hidden="true"></canvas><span class="note">${words.hint}</span></div>
      <p class="visually-hidden" role="status">${this.said}</p>`;
  }
}

function pointIn({ currentTarget, clientX, clientY }: MouseEvent): ViewPoint {
  const { left, top, width, height } = (currentTarget as HTMLElement).getBoundingClientRect();
  return { x: (clientX - left) / width, y: (clientY - top) / height };
}

define('teatime-avatar-stage', TeatimeAvatarStage);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-avatar-stage': TeatimeAvatarStage;
  }
}
