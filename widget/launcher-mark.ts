/** The sign on the launcher button that somebody calls, or that one is in a call. */
export interface LauncherMark {
  /** `words` is what is said of it to those who do not see it. */
  show(state: 'ringing' | 'in-call' | undefined, words: string): void;
  remove(): void;
}

const styles = `
.call-mark{position:absolute;inset-block-end:-4px;inset-inline-end:-4px;display:grid;place-items:center;inline-size:24px;block-size:24px;border-radius:50%;color:#fff;background:oklch(.48 .12 152);outline:2px solid Canvas}
.call-mark::before{content:'';inline-size:14px;block-size:14px;background:currentColor;clip-path:path('M9.2 9.7a.6.6 0 0 0 .8-.2l.2-.3a1.4 1.4 0 0 1 1.1-.6h2.1a1.4 1.4 0 0 1 1.4 1.4v2.1a1.4 1.4 0 0 1-1.4 1.4A12.6 12.6 0 0 1 .8 1.4 1.4 1.4 0 0 1 2.2 0h2.1a1.4 1.4 0 0 1 1.4 1.4v2.1a1.4 1.4 0 0 1-.6 1.1l-.3.2a.6.6 0 0 0-.2.9 9.8 9.8 0 0 0 4.6 4Z')}
.ringing::after{content:'';position:absolute;inset:-1px;border-radius:50%;border:3px solid oklch(.62 .15 152);animation:call-ring 1.8s ease-out infinite}
@keyframes call-ring{to{scale:1.45;opacity:0}}
@media(prefers-reduced-motion:reduce){.ringing::after{animation:none;inset:-5px}}
@media(forced-colors:active){.call-mark{border:1px solid ButtonText}.call-mark::before{background:ButtonText}}`;

/** Makes the mark; nothing is seen of it until it is shown. */
export function createLauncherMark(root: ShadowRoot, launcher: HTMLButtonElement): LauncherMark {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles);
  const badge = document.createElement('span');
  badge.className = 'call-mark';
  const show: LauncherMark['show'] = (state, words) => {
    launcher.classList.toggle('ringing', state === 'ringing');
    // Whether the panel is open or not: this is about the button.
    launcher.ariaDescription = state ? words : null;
    if (state) launcher.append(badge);
    else badge.remove();
    if (state && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
  };
  return {
    show,
    remove() {
      show(undefined, '');
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}
