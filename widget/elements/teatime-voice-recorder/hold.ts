/** A touch that ends sooner was a tap, in ms. */
const tapMs = 400;
/** So far towards the start the finger slides to cancel, in px. */
export const cancelPx = 96;

interface Options {
  readonly rtl: boolean;
  /** How far the finger has slid towards the start, in px. */
  readonly onSlide: (px: number) => void;
  readonly onCancel: () => void;
  readonly onRelease: () => void;
  /** It was a tap, or something else took the finger away: the recording goes on without it. */
  readonly onTap: () => void;
}

/** Follows the touch that holds the record button, wherever it goes. Returns what ends that; it ends by itself with the touch. */
export function followHold(trigger: PointerEvent, { rtl, onSlide, onCancel, onRelease, onTap }: Options): () => void {
  const { pointerId, clientX, timeStamp } = trigger;
  const controller = new AbortController();
  const end = (then: () => void): void => {
    controller.abort();
    then();
  };
  const on = (type: string, listener: (event: PointerEvent) => void): void =>
    window.addEventListener(type, (event) => listener(event as PointerEvent), {
      capture: true,
      signal: controller.signal,
    });
  on('pointermove', (event) => {
    if (event.pointerId !== pointerId) return;
    const slid = (event.clientX - clientX) * (rtl ? 1 : -1);
    if (slid >= cancelPx) end(onCancel);
    else onSlide(Math.max(0, slid));
  });
  on('pointerup', (event) => {
    if (event.pointerId === pointerId) end(event.timeStamp - timeStamp < tapMs ? onTap : onRelease);
  });
  on('pointercancel', (event) => {
    if (event.pointerId === pointerId) end(onTap);
  });
  // The release was missed while the code was on its way.
  on('pointerdown', () => end(onTap));
  // A long press would open the menu of the browser.
  on('contextmenu', (event) => event.preventDefault());
  return () => controller.abort();
}
