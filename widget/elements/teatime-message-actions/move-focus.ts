/** Moves the focus among the buttons of a toolbar (arrows along the line) or a menu (arrows up and down), Home and End. */
export function moveFocus(event: KeyboardEvent, container: HTMLElement, axis: 'inline' | 'block'): void {
  const buttons = [...container.querySelectorAll<HTMLElement>('button:not(:disabled)')];
  const here = buttons.findIndex((button) => button.matches(':focus'));
  const rtl = container.matches(':dir(rtl)');
  const forward = axis === 'block' ? 'ArrowDown' : rtl ? 'ArrowLeft' : 'ArrowRight';
  const back = axis === 'block' ? 'ArrowUp' : rtl ? 'ArrowRight' : 'ArrowLeft';
  const to = { [forward]: here + 1, [back]: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (to === undefined || buttons.length === 0) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[(to + buttons.length) % buttons.length]?.focus();
}
