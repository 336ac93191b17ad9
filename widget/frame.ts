import type { TeatimePanel } from './elements/teatime-panel/teatime-panel.ts';
import type { TeatimeChat } from './teatime-chat.ts';

/** The box that the interface is shown in. */
export interface Frame {
  /** What the box is for assistive technology. */
  label(text: string): void;
  /** Makes the box that the element's mode calls for, and shows or hides it as `open` says. */
  update(): void;
  /** True when the interface can be seen. */
  readonly visible: boolean;
  /** Takes back what it did to the page. */
  remove(): void;
}

/** What a frame needs: where it lives, what it shows, and where the focus goes. */
export interface FrameParts {
  readonly host: TeatimeChat;
  readonly parent: HTMLElement;
  readonly content: () => TeatimePanel;
  readonly launcher: HTMLButtonElement;
  readonly focusIn: () => void;
  readonly onClose: () => void;
}

/** What only phones need: without it the panel is there all the same. */
const loadPhone = () => import('./phone.ts');
const ignore = (): undefined => undefined;

/** Where a floating panel would be too small: it takes the whole screen there. */
const phone = '(max-width: 560px)';

/** A frame for the element. In launcher mode it is a dialog in the top layer: floating beside the page, or modal on a phone. */
export function createFrame({ host, parent, content, launcher, focusIn, onClose }: FrameParts): Frame {
  let box: HTMLElement | undefined;
  let text = '';
  let focusedBefore: Element | null = null;
  let leaveScreen: (() => void) | undefined;
  const media = matchMedia(phone);
  const viewport = globalThis.visualViewport;

  const isShown = (dialog: HTMLDialogElement): boolean => dialog.matches(':popover-open, :modal');

  const show = (dialog: HTMLDialogElement): void => {
    const modal = media.matches;
    if (isShown(dialog) && dialog.matches(':modal') === modal) return;
    const again = isShown(dialog);
    if (again) close(dialog);
    else focusedBefore = document.activeElement === host ? launcher : document.activeElement;
    if (modal) {
      dialog.removeAttribute('popover');
      dialog.showModal();
      const taken = loadPhone().then(
        ({ takeScreen }) => takeScreen({ box: dialog, panel: content, close: onClose }),
        ignore,
      );
      leaveScreen = () => void taken.then((leave) => leave?.());
    } else {
      dialog.popover = 'manual';
      dialog.showPopover();
    }
    if (!again) focusIn();
  };

  const close = (dialog: HTMLDialogElement): void => {
    leaveScreen?.();
    leaveScreen = undefined;
    if (dialog.open) dialog.close();
    else if (dialog.matches(':popover-open')) dialog.hidePopover();
  };

  const hide = (dialog: HTMLDialogElement): void => {
    // Out of the page it is in no layer any longer, but holds the scrolling still.
    if (!isShown(dialog)) return close(dialog);
    const hadFocus = dialog.matches(':focus-within') || dialog.contains(host.shadowRoot?.activeElement ?? null);
    close(dialog);
    const target = focusedBefore?.isConnected && focusedBefore !== document.body ? focusedBefore : launcher;
    if (hadFocus && target instanceof HTMLElement) target.focus({ preventScroll: true });
    focusedBefore = null;
  };

  /** The on-screen keyboard covers the page without resizing it. */
  const measure = (): void => void loadPhone().then(({ fit }) => box && fit(box), ignore);

  /** The page outlives what is taken out of it: listeners on its own objects would keep that alive. */
  const listen = (action: 'addEventListener' | 'removeEventListener'): void => {
    media[action]('change', update);
    viewport?.[action]('resize', measure);
    viewport?.[action]('scroll', measure);
  };

  const update = (): void => {
    listen(host.isConnected ? 'addEventListener' : 'removeEventListener');
    const floating = host.mode === 'launcher';
    if (!box || box instanceof HTMLDialogElement !== floating) {
      const old = box;
      box = build(floating);
      parent.append(box);
      if (old instanceof HTMLDialogElement) close(old);
      box.append(content());
      old?.remove();
    }
    if (!box.contains(content())) box.replaceChildren(content());
    if (!(box instanceof HTMLDialogElement)) return;
    if (host.open && host.isConnected) show(box);
    else hide(box);
  };

  const build = (floating: boolean): HTMLElement => {
    const made: HTMLElement = document.createElement(floating ? 'dialog' : 'div');
    made.className = 'frame';
    made.setAttribute('part', 'panel');
    made.ariaLabel = text;
    if (!floating) made.role = 'region';
    made.addEventListener('keydown', onKey);
    made.addEventListener('keyup', keepKeys);
    made.addEventListener('keypress', keepKeys);
    // Esc in a modal dialog, or the back gesture on Android.
    made.addEventListener('cancel', (event) => {
      event.preventDefault();
      onClose();
    });
    return made;
  };

  const onKey = (event: KeyboardEvent): void => {
    // Whatever is open inside the panel has dealt with Esc already, and says so.
    if (event.key === 'Escape' && !event.defaultPrevented && !event.isComposing && host.open) {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    }
    keepKeys(event);
  };

  launcher.addEventListener('keydown', onKey);
  // The page was loaded anew, or come back to, where the panel was open.
  if (Object(history.state).teatime)
    loadPhone().then(
      ({ settle }) => settle(),
      () => {},
    );
  return {
    label(next) {
      text = next;
      if (box) box.ariaLabel = next;
    },
    update,
    get visible() {
      return box instanceof HTMLDialogElement ? isShown(box) : box !== undefined;
    },
    remove() {
      launcher.removeEventListener('keydown', onKey);
      listen('removeEventListener');
      if (box instanceof HTMLDialogElement) hide(box);
      box?.remove();
      box = undefined;
    },
  };
}

/** What is typed into a field is for the field: the page's own keyboard shortcuts must not hear it. */
function keepKeys(event: Event): void {
  const [target] = event.composedPath();
  if (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    (target instanceof HTMLElement && target.isContentEditable)
  ) {
    event.stopPropagation();
  }
}
