import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Calls `read` while the end of the timeline is really on screen: scrolled to, not hidden, and the page in front. */
export class ReadingMark implements ReactiveController {
  readonly #options: { readonly end: () => Element | null; readonly read: () => void };
  readonly #sight = new IntersectionObserver((entries) => {
    this.#seen = entries.at(-1)?.isIntersecting ?? false;
    this.check();
  });
  #watched: Element | null = null;
  #seen = false;

  constructor(host: ReactiveControllerHost, options: { end: () => Element | null; read: () => void }) {
    this.#options = options;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.#shown);
  }

  hostUpdated(): void {
    const end = this.#options.end();
    if (end === this.#watched) return;
    this.#sight.disconnect();
    this.#seen = false;
    this.#watched = end;
    if (end) this.#sight.observe(end);
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.#shown);
    this.#sight.disconnect();
    this.#watched = null;
    this.#seen = false;
  }

  /** Looks anew, as when a message was added at the end. */
  check(): void {
    if (this.#seen && document.visibilityState === 'visible') this.#options.read();
  }

  readonly #shown = (): void => this.check();
}
