import { LitElement, type ReactiveController } from 'lit';

/** The panel that the call is in. */
interface FocusPanel extends Element {
  /** Puts the focus where the person goes on. */
  focusIn?(): Promise<void>;
}

/** What the controller needs to know of the call's element. */
export interface FocusHost extends LitElement {
  /** Where the focus belongs in the view that is shown. */
  readonly place: HTMLElement | null;
  /** The view has all of the panel: what is behind it cannot have the focus. */
  readonly covers: boolean;
}

/** Keeps the focus where the person is while the views of a call come and go; elsewhere on the page it stays where it is. */
export class CallFocus implements ReactiveController {
  readonly #host: FocusHost;
  #panel: FocusPanel | undefined;
  /** What had the focus before all of the panel was taken. */
  #before: HTMLElement | undefined;
  #follows = false;

  constructor(host: FocusHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    const root = this.#host.getRootNode();
    if (root instanceof ShadowRoot) this.#panel = root.host;
  }

  hostDisconnected(): void {
    this.#panel = this.#before = undefined;
  }

  /** The person has asked for the view that comes next. */
  follow(): void {
    this.#follows = true;
  }

  /** What was asked for does not come, or has come. */
  stay(): void {
    this.#follows = false;
  }

  /** Call before another view is drawn. */
  leave(): void {
    if (this.#host.shadowRoot?.activeElement) this.#follows = true;
    else if (this.#host.covers) {
      this.#before = (this.#panel?.shadowRoot?.activeElement as HTMLElement | null) ?? undefined;
      this.#follows ||= this.#before !== undefined;
    }
  }

  /** Call when it is drawn. Who is in the call now goes on there, not where they were before it. */
  async arrive(inCall: boolean): Promise<void> {
    if (!this.#follows) return;
    const { place } = this.#host;
    this.#follows = false;
    const back = !inCall && !this.#host.covers && this.#before?.isConnected;
    if (back) this.#before?.focus({ preventScroll: true });
    else if (place) {
      if (place instanceof LitElement) await place.updateComplete;
      place.focus({ preventScroll: true });
    } else await this.#panel?.focusIn?.();
    if (!this.#host.covers) this.#before = undefined;
  }
}
