import type { Branding } from '../protocol/sites.ts';

const sheets = new WeakMap<ShadowRoot, CSSStyleSheet>();

/** Gives the chat the colour of its site; what the page sets goes before it. */
export function wear(root: ShadowRoot, { accent = '' }: Branding): void {
  const sheet = sheets.get(root) ?? new CSSStyleSheet();
  sheets.set(root, sheet);
  // Nothing but a colour gets into a style sheet, whatever the server says.
  sheet.replaceSync(/^#[\da-f]{6}$/.test(accent) ? `:host{--tt-accent:var(--teatime-accent,${accent})}` : '');
  root.adoptedStyleSheets = [...root.adoptedStyleSheets.filter((each) => each !== sheet), sheet];
}
