import type { Strings } from './locales/strings.ts';

/** The round button of launcher mode: plain DOM, because a page that is never chatted on should not pay for more. What is in it is hidden from screen readers by its label. */
export interface Launcher {
  readonly button: HTMLButtonElement;
  /** Shows the state in looks and in words. */
  update(state: { open: boolean; busy: boolean; unread: number; words: Strings['launcher'] }): void;
}

/** Styles of the closed element. They hold the few tokens that the launcher needs; the others come with the panel. Not even line breaks are sent. */
export const launcherStyles = `\
:host{display:block}\
:host([hidden]){display:none!important}\
:host(:not([mode=inline],[mode=page])){position:fixed;z-index:1000;inset-block-end:max(20px,env(safe-area-inset-bottom));inset-inline-end:20px}\
:host([position=bottom-start]:not([mode=inline],[mode=page])){inset-inline:20px auto}\
:host([mode=inline]){block-size:100%;contain:size;contain-intrinsic-size:360px var(--teatime-inline-height,560px)}\
:host([mode=page]){position:fixed;inset:0}\
:host([mode=inline]) .launcher,:host([mode=page]) .launcher{display:none}\
.launcher{--a:var(--teatime-accent,oklch(.46 .085 162));box-sizing:border-box;position:relative;display:grid;place-items:center;inline-size:56px;block-size:56px;padding:0;border:1px solid #0000;border-radius:50%;cursor:pointer;\
color:var(--teatime-on-accent,oklch(from var(--a) clamp(.18,(.57 - l)*1000,.995) .008 h));background:var(--teatime-accent-fill,var(--a));box-shadow:0 6px 20px -4px #0000004d;transition:scale .16s ease-out;touch-action:manipulation}\
.launcher:hover{scale:1.04}\
.launcher:focus-visible{outline:2px solid var(--a);outline-offset:3px}\
svg{display:block;inline-size:26px;fill:none;stroke:currentColor;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}\
.x,:host([open]) .bubble{display:none}\
:host([open]) .x{display:block}\
.launcher[aria-busy=true] svg{opacity:.5}\
.badge{box-sizing:border-box;position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:22px;padding:0 6px;border-radius:11px;font:600 12px/22px system-ui,sans-serif;text-align:center;color:#fff;background:oklch(.53 .17 27);outline:2px solid Canvas}\
[hidden]{display:none!important}\
@media(prefers-reduced-motion:reduce){.launcher{transition:none}}\
@media(forced-colors:active){.launcher{border-color:ButtonBorder}}`;

/** Builds the launcher. */
export function createLauncher(): Launcher {
  const button = element('button', 'launcher');
  button.type = 'button';
  button.part = 'launcher';
  button.ariaHasPopup = 'dialog';
  const badge = element('span', 'badge');
  badge.part = 'badge';
  const slot = element('slot');
  slot.name = 'launcher';
  // Lucide's "message-circle" and "x" (ISC).
  slot.append(
    drawing(
      'bubble',
      'M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719',
    ),
    drawing('x', 'M18 6 6 18M6 6l12 12'),
  );
  button.append(slot, badge);
  return {
    button,
    update({ open, busy, unread, words }) {
      button.ariaExpanded = String(open);
      button.ariaBusy = String(busy);
      button.ariaLabel = open ? words.close : unread ? `${words.open}, ${words.unread(unread)}` : words.open;
      badge.hidden = open || unread === 0;
      badge.textContent = unread > 99 ? '99+' : String(unread);
    },
  };
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}

function drawing(className: string, path: string): SVGElement {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  const line = document.createElementNS(ns, 'path');
  line.setAttribute('d', path);
  svg.setAttribute('class', className);
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.append(line);
  return svg;
}
