import { $layers } from './elements/layers.ts';
import type { TeatimePanel } from './elements/teatime-panel/teatime-panel.ts';

/** A panel that fills the screen of a phone. */
export interface PhoneScreen {
  readonly box: HTMLDialogElement;
  /** What is in the box now. */
  readonly panel: () => TeatimePanel;
  readonly close: () => void;
}

/** Our part of an entry's state. */
const key = 'teatime';

// A modal panel leaves no room for another one, and the tab has one history.
let shown: PhoneScreen | undefined;
let position = positionNow();
/** A step out of our entries is under way. */
let turning = false;
/** Several views are about to be closed at once. */
let closing = false;
let timer: ReturnType<typeof setTimeout> | undefined;
// For good: our entries may be come upon long after the panel was closed.
addEventListener('popstate', onPop);

/**
 * Gives a panel the screen, until the function that is returned is called. The page behind does not scroll, and Back goes one step back in the chat and
 * closes it in the end: each step has an entry in the tab's history, and none is left behind.
 */
export function takeScreen(screen: PhoneScreen): () => void {
  const { box } = screen;
  shown = screen;
  const unlock = lockScroll();
  const unlisten = $layers.listen(settle);
  // Where dialogs are closed by the gesture for Back itself, they would not know of the steps.
  box.closedBy = 'none';
  const closed = (): void => {
    if (shown === screen && !box.open) screen.close();
  };
  box.addEventListener('close', closed);
  box.addEventListener('depth-change', settle);
  fit(box);
  settle();
  return () => {
    unlock();
    unlisten();
    box.removeEventListener('close', closed);
    box.removeEventListener('depth-change', settle);
    if (shown === screen) shown = undefined;
    settle();
  };
}

/** Fits a box that fills the screen into what the on-screen keyboard leaves of it, which only the visual viewport knows. */
export function fit(box: HTMLElement): void {
  if (!visualViewport) return;
  const { height, scale, offsetTop } = visualViewport;
  // Two fingers that zoom in see less of the page as well, but nothing covers it.
  const left = Math.round(height * scale);
  box.style.setProperty('--viewport-height', `${left}px`);
  box.style.setProperty('--viewport-top', `${scale > 1 ? 0 : offsetTop}px`);
  // Nothing of the screen is round, or in the way, where the keyboard is.
  box.style.paddingBlockEnd = innerHeight - left > 100 ? '0' : '';
}

/** Makes the history agree with what is shown; also where the page was loaded anew, or left, with the panel open. */
export function settle(): void {
  if (closing) return;
  const missing = wanted() - depthNow();
  if (missing > 0) for (let step = 0; step < missing; step++) push();
  // What the page does in the same breath, such as going to another of its views, comes first.
  else if (missing < 0) timer ??= setTimeout(leave);
}

function leave(): void {
  timer = undefined;
  const steps = wanted() - depthNow();
  if (steps >= 0 || turning) return settle();
  turning = true;
  history.go(steps);
}

/** How many entries there should be. */
function wanted(): number {
  return shown ? 1 + shown.panel().depth + $layers.get().length : 0;
}

function push(): void {
  const { state } = history as { state: unknown };
  const own = typeof state === 'object' ? state : undefined;
  try {
    // The page's own state stays in it, so that a router that hears of the way back finds everything as it was. By the
    // prototype: what routers and counters of visits put in the method's place would take this for another page.
    History.prototype.pushState.call(history, { ...own, [key]: depthNow() + 1 }, '');
  } catch {
    // Refused after too many entries, or in a document of no origin: Back then leaves the page, as without us.
  }
  position = positionNow();
}

function onPop(): void {
  const before = position;
  position = positionNow();
  const depth = depthNow();
  const forward = position > before;
  if (turning) {
    turning = false;
    settle();
  } else if (shown && !forward) goBack(wanted() - depth);
  // On the way to a page that was visited from the chat.
  else if (!shown && depth > 0 && forward && navigation.canGoForward) history.forward();
  else settle();
}

function goBack(steps: number): void {
  closing = true;
  for (; steps > 0 && shown; steps--) {
    const layer = $layers.get().at(-1);
    if (layer) layer();
    else if (shown.panel().depth > 0) shown.panel().stepBack();
    else {
      closing = false;
      // The screen is given back in a moment, and the history looked at then.
      return shown.close();
    }
  }
  closing = false;
  settle();
}

/** How many of our entries lie over the page's own, the one that is shown included. */
function depthNow(): number {
  const { [key]: depth } = Object(history.state) as Record<string, unknown>;
  return typeof depth === 'number' ? depth : 0;
}

/** Which entry of the tab's history is shown, where browsers tell. */
function positionNow(): number {
  return globalThis.navigation?.currentEntry?.index ?? 0;
}

function lockScroll(): () => void {
  const { style } = document.documentElement;
  const before = style.overflow;
  style.overflow = 'hidden';
  return () => {
    style.overflow = before;
  };
}
