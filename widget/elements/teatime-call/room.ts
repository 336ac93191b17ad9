/** How much of the panel a call takes: everything, the start of it, or the top. */
export type Room = 'all' | 'start' | 'top';

/** Width of the chat beside a call, as CSS. */
export const besideCall = 'clamp(280px, 40%, 400px)';

/**
 * Makes room for a call in the panel that it is in. The panel's padding gives the room, so that whatever is in it arranges itself for what is left;
 * what is covered is out of reach for keys and screen readers too.
 */
export function makeRoom(call: HTMLElement, room: Room | undefined): void {
  const root = call.getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  const { style } = root.host as HTMLElement;
  style.position = room ? 'relative' : '';
  style.paddingInlineStart = room === 'start' ? `calc(100% - ${besideCall})` : '';
  style.paddingBlockStart = room === 'top' ? `${call.offsetHeight}px` : '';
  for (const other of root.children) if (other !== call) other.toggleAttribute('inert', room === 'all');
}
