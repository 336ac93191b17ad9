/** A browser that journeys are driven through: each kind has its own wire, and the same few things are asked of it. */
export interface DrivenBrowser {
  /** Somebody with cookies and storage of their own, with a first tab. */
  visitor(): Promise<Tab>;
  close(): Promise<void>;
}

/** A function that runs in the page; it must hold all that it uses, and take and return what JSON can carry. */
export type InPage<Args extends unknown[], Result> = (...args: Args) => Result;

/** Keys that are pressed by name. */
export type Key = 'Enter' | 'Escape' | 'Tab';

/** A tab, and what a person's hands do in it. */
export interface Tab {
  /** Another tab of the same person. */
  another(): Promise<Tab>;
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  evaluate<Args extends unknown[], Result>(run: InPage<Args, Result>, ...args: Args): Promise<Awaited<Result>>;
  /** Moves the pointer to a place in the viewport, in CSS pixels, and presses there if told to. */
  point(x: number, y: number, press?: boolean): Promise<void>;
  /** Types into what has the focus. */
  type(text: string): Promise<void>;
  press(key: Key): Promise<void>;
  /** Chooses files in the file input that `find` returns. */
  choose<Args extends unknown[]>(
    paths: readonly string[],
    find: InPage<Args, Element | undefined>,
    ...args: Args
  ): Promise<void>;
  /** A picture of what is seen, as PNG. */
  screenshot(): Promise<Uint8Array>;
}
