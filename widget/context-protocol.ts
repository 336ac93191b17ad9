import type { LitElement, ReactiveController } from 'lit';

/** What is handed down to elements, by the Web Components community group's context protocol. Its type is that of the value. */
export interface Context<T> {
  readonly name: string;
  /** Never there: carries the type. */
  readonly value?: T;
}

/** An element asks for a value; the nearest ancestor that provides it answers by the callback, with `subscribe` also each time that it changes. */
class ContextRequestEvent<T> extends Event {
  readonly context: Context<T>;
  readonly subscribe: boolean;
  readonly callback: (value: T, unsubscribe: () => void) => void;

  constructor(context: Context<T>, subscribe: boolean, callback: ContextRequestEvent<T>['callback']) {
    super('context-request', { bubbles: true, composed: true });
    this.context = context;
    this.subscribe = subscribe;
    this.callback = callback;
  }
}

/** Answers for everything inside a node. Returns what sets another value. Nobody may ask before there is one. */
export const provide = <T>(root: EventTarget, context: Context<T>, value: T): ((value: T) => void) => {
  const listeners = new Map<unknown, () => void>();
  root.addEventListener('context-request', (event) => {
    const request = event as ContextRequestEvent<T>;
    const { callback } = request;
    if (request.context !== context) return;
    request.stopPropagation();
    const answer = () => callback(value, () => listeners.delete(callback));
    if (request.subscribe) listeners.set(callback, answer);
    answer();
  });
  return (next) => {
    value = next;
    for (const answer of listeners.values()) answer();
  };
};

/** Property decorator: the value that an ancestor provides, from the moment that the element is in the document. */
export const consume =
  <T>({ context, subscribe = false }: { readonly context: Context<T>; readonly subscribe?: boolean }) =>
  (prototype: LitElement, name: string): void => {
    (prototype.constructor as typeof LitElement).addInitializer((element) => {
      let stop: (() => void) | undefined;
      const controller: ReactiveController = {
        hostConnected() {
          const take = (value: T, unsubscribe: () => void) => {
            stop = unsubscribe;
            (element as unknown as Record<string, T>)[name] = value;
          };
          element.dispatchEvent(new ContextRequestEvent(context, subscribe, take));
        },
        hostDisconnected: () => stop?.(),
      };
      element.addController(controller);
    });
  };
