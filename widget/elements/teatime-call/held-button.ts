import { html, type TemplateResult } from 'lit';
import { icon, type IconNode } from '../icon.ts';

/** How long a button is held until that means something else (ms). */
const heldMs = 500;

/** What a press means, and what holding the button, a right click and the key for menus mean. */
export interface HeldActions {
  press(): void;
  hold(): void;
}

/** Tells presses from holding; one for each button. */
export class Hold {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #held = false;
  actions: HeldActions | undefined;

  readonly down = (event: PointerEvent): void => {
    this.#held = false;
    if (event.button === 0) this.#timer = setTimeout(this.#hold, heldMs);
  };

  readonly end = (): void => clearTimeout(this.#timer);

  readonly menu = (event: Event): void => {
    event.preventDefault();
    // On some telephones holding ends in this event too.
    if (!this.#held) this.#hold();
  };

  readonly click = (event: MouseEvent): void => {
    this.end();
    // Keys never hold: what has no pointer is a press of its own.
    if (!this.#held || event.detail === 0) this.actions?.press();
    this.#held = false;
  };

  readonly #hold = (): void => {
    this.end();
    this.#held = true;
    this.actions?.hold();
  };
}

/** An icon button that can be held; `description` says what for. */
export function heldButton(
  hold: Hold,
  { node, label, description }: { readonly node: IconNode; readonly label: string; readonly description: string },
  actions: HeldActions,
): TemplateResult {
  hold.actions = actions;
  return html`<button
    class="icon-button"
    type="button"
    aria-label=${label}
    aria-description=${description}
    title=${`${label}\n${description}`}
    @pointerdown=${hold.down}
    @pointerup=${hold.end}
    @pointerleave=${hold.end}
    @pointercancel=${hold.end}
    @contextmenu=${hold.menu}
    @click=${hold.click}
  >
    ${icon(node)}
  </button>`;
}
