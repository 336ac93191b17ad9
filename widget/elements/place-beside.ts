const margin = 8;

/**
 * Puts an open popover next to what it belongs to: above it when there is room, else below, never over the edge of the window.
 * `align` says which of its inline edges meets the anchor's. Sizes are physical because a popover lies in the window.
 */
export function placeBeside(popover: HTMLElement, anchor: Element, align: 'start' | 'end' = 'end'): void {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const above = box.top - height - 4;
  const below = box.bottom + 4;
  const top = above >= margin || below + height > innerHeight - margin ? above : below;
  const toRight = (align === 'end') === anchor.matches(':dir(rtl)');
  const left = toRight ? box.left : box.right - width;
  popover.style.top = `${Math.max(margin, Math.min(top, innerHeight - height - margin))}px`;
  popover.style.left = `${Math.max(margin, Math.min(left, innerWidth - width - margin))}px`;
}
