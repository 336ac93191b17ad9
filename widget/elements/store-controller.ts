import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ReadableAtom } from 'nanostores';

/**
 * Keeps an element in step with a store. The store is looked up anew before each render, so it may hang on a property or
 * a context; until there is one, `value` is `undefined`.
 */
export class StoreController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #find: () => ReadableAtom<T> | undefined;
  #store: ReadableAtom<T> | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, find: () => ReadableAtom<T> | undefined) {
    this.#host = host;
    this.#find = find;
    host.addController(this);
  }

  /** What the store holds now. */
  get value(): T | undefined {
    return (this.#store ?? this.#find())?.get();
  }

  hostConnected(): void {
    this.#follow();
    // What changed while the element was away has to be shown too.
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#store = undefined;
  }

  #follow(): void {
    const store = this.#find();
    if (store === this.#store) return;
    this.#unsubscribe?.();
    this.#store = store;
    this.#unsubscribe = store?.listen(() => this.#host.requestUpdate());
  }
}
