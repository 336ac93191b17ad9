/** What a key pressed on a message, or on something in it, asks for. */
export type RowKey = 'next' | 'previous' | 'first' | 'last' | 'actions' | 'message' | 'leave';

const moves: Readonly<Record<string, RowKey>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Enter: 'actions',
  ContextMenu: 'actions',
  Escape: 'leave',
};

/** Keys belong to the message as a whole while it has the focus itself; from inside it only Escape leads back to it. */
export function rowKeys(event: KeyboardEvent, message: Element): RowKey | undefined {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return undefined;
  if (event.composedPath()[0] !== message) return event.key === 'Escape' ? 'message' : undefined;
  if (event.key === 'F10' && event.shiftKey) return 'actions';
  return moves[event.key];
}
