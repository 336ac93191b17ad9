/** What tabs that share a line tell each other. `from` is the tab that speaks, `to` the one that is meant, where it is not all. */
export type TabNote =
  /** A tab looks for the one that leads, and whether it lives. It answers `here`. */
  | { readonly type: 'hello' | 'probe'; readonly from: string }
  /** A tab speaks no more. */
  | { readonly type: 'bye'; readonly from: string; readonly to: string }
  /** A command of a tab, as it is to go out. */
  | { readonly type: 'say'; readonly from: string; readonly to: string; readonly frame: string }
  /** The tab that leads; `up` when its line is there. */
  | { readonly type: 'here'; readonly from: string; readonly up: boolean }
  /** A reply for one tab, or an event for all. */
  | { readonly type: 'tell'; readonly from: string; readonly to?: string; readonly frame: string }
  /** The line is gone, with the close code of RFC 6455. */
  | { readonly type: 'down'; readonly from: string; readonly code: number };
