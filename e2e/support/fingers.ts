import type { Page } from 'playwright-core';

/** The least that a finger hits safely, in px. */
const target = 44;

/**
 * What a finger would have trouble with in a page as it is now, through all shadow roots: what leaves the window sideways, what is too small to hit or
 * covered by something else, and fields with letters that Safari would zoom in on.
 */
export function troublesOf(page: Page): Promise<string[]> {
  return page.evaluate((least) => {
    const found = new Set<string>();
    const { innerWidth } = globalThis;
    const around = (node: Element): Element | null =>
      node.assignedSlot ?? node.parentElement ?? ((node.getRootNode() as Partial<ShadowRoot>).host || null);
    const nameOf = (node: Element): string => {
      const owner = (node.getRootNode() as Partial<ShadowRoot>).host?.localName ?? 'page';
      return `${owner} ${node.localName}.${node.classList} "${(node.ariaLabel || node.textContent || '').trim().slice(0, 30)}"`;
    };
    const isClipped = (node: Element): boolean => {
      for (let outer = around(node); outer; outer = around(outer))
        if (getComputedStyle(outer).overflowX !== 'visible') return true;
      return false;
    };
    /** What a finger hits there, through the shadow roots. */
    const hits = (node: Element, x: number, y: number): boolean => {
      let top = document.elementFromPoint(x, y);
      for (let inner = top; inner?.shadowRoot; top = inner) {
        const next = inner.shadowRoot.elementFromPoint(x, y);
        if (!next || next === inner) break;
        inner = next;
        top = next;
      }
      for (let outer = top; outer; outer = around(outer)) if (outer === node) return true;
      return false;
    };
    const measure = (node: Element): void => {
      const { left, right, top, bottom } = node.getBoundingClientRect();
      const [x, y] = [(left + right) / 2, (top + bottom) / 2];
      // Scrolled out of sight, or behind something modal.
      if (!hits(node, x, y)) return;
      const reach = (dx: number, dy: number): number => {
        let far = 0;
        while (far < least && hits(node, x + dx * (far + 1), y + dy * (far + 1))) far++;
        return far;
      };
      const width = reach(-1, 0) + reach(1, 0) + 1;
      const height = reach(0, -1) + reach(0, 1) + 1;
      if (width < least || height < least) found.add(`${width} × ${height}: ${nameOf(node)}`);
    };
    const look = (root: Document | ShadowRoot): void => {
      for (const node of root.querySelectorAll<HTMLElement>('*')) {
        if (node.shadowRoot) look(node.shadowRoot);
        const box = node.getBoundingClientRect();
        if (
          box.width < 2 ||
          box.height < 2 ||
          !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })
        )
          continue;
        const style = getComputedStyle(node);
        if ((box.right > innerWidth + 0.5 || box.left < -0.5) && !isClipped(node))
          found.add(`leaves the window: ${nameOf(node)}`);
        if (
          /auto|scroll/.test(style.overflowY) &&
          style.overflowX === 'auto' &&
          node.scrollWidth > node.clientWidth &&
          !node.matches('pre, ul, [role=tablist], .groups')
        )
          found.add(`scrolls sideways: ${nameOf(node)}`);
        // A link in a text is as high as its line; what cannot be used need not be hit.
        const isControl = node.matches(
          'button, a[href], input, select, textarea, [role=option], [role=menuitem], [role=tab]',
        );
        if (!isControl || node.matches(':disabled') || (node.localName === 'a' && style.display === 'inline')) continue;
        measure(node.closest('label') ?? node);
        const isField = node.matches(
          'textarea, select, input:not([type=checkbox], [type=radio], [type=range], [type=file])',
        );
        if (isField && parseFloat(style.fontSize) < 16) found.add(`letters of ${style.fontSize}: ${nameOf(node)}`);
      }
    };
    look(document);
    if (document.documentElement.scrollWidth > innerWidth) found.add('the page scrolls sideways');
    return [...found];
  }, target);
}
