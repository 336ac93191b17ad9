/** What is looked for in a page, as a person would name it, wherever in the shadow it stands. */
export interface Query {
  /** Its role, given or by its tag. */
  readonly role?: string;
  /** Its accessible name: the whole of it, or the beginning of it when this ends in `…`. */
  readonly name?: string;
  /** A part of the text in it. */
  readonly text?: string;
  readonly tag?: string;
  /** Looks in the first of these only. */
  readonly in?: Query;
  /** Also finds what cannot be seen: words for screen readers, and file inputs behind buttons. */
  readonly hidden?: boolean;
}

/** What was found: of all, how many; of the first one, the rest. */
export interface Sight {
  readonly count: number;
  readonly text: string;
  readonly value: string;
  readonly focused: boolean;
  /** In which it is written: `ltr` or `rtl`. */
  readonly direction: string;
  /** Where it can be pressed; `null` while something is in front of it, or it is switched off. */
  readonly spot: readonly [x: number, y: number] | null;
}

/**
 * In the page: what fits a query, in the order of the document. The browsers' own searches stop at shadow roots, or take seconds there. `select` selects
 * the text of the field that was found, `element` answers the element itself.
 */
export function look(query: Query, wish: 'sight' | 'select' | 'element'): Sight | Element | undefined {
  const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();
  const children = (node: Node): Node[] => {
    const shadow = node instanceof Element ? node.shadowRoot : null;
    return [...(shadow ? [shadow] : []), ...node.childNodes];
  };
  const textOf = (node: Node): string =>
    node instanceof Text ? node.data : node.nodeType === Node.COMMENT_NODE ? '' : children(node).map(textOf).join('');
  const nameOf = (element: Element): string => {
    const root = element.getRootNode() as Document | ShadowRoot;
    const by = root.getElementById(element.getAttribute('aria-labelledby') ?? '');
    const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
    const label = isField ? element.labels?.[0] : element;
    return element.getAttribute('aria-label') ?? (by ?? label)?.textContent ?? '';
  };
  const roles: Record<string, string> = { button: 'button', input: 'textbox', textarea: 'textbox', h2: 'heading' };
  const fits = (element: Element, { role, name, text, tag, hidden }: Query): boolean => {
    if (tag !== undefined && element.localName !== tag) return false;
    if (role !== undefined && (element.getAttribute('role') ?? roles[element.localName]) !== role) return false;
    if (name !== undefined) {
      const found = squeeze(nameOf(element));
      if (name.endsWith('…') ? !found.startsWith(name.slice(0, -1)) : found !== name) return false;
    }
    if (text !== undefined && !squeeze(textOf(element)).includes(text)) return false;
    return hidden === true || element.checkVisibility({ visibilityProperty: true });
  };
  const below = (root: Node): Element[] =>
    children(root).flatMap((child) => [...(child instanceof Element ? [child] : []), ...below(child)]);
  const search = (wanted: Query): Element[] =>
    (wanted.in ? search(wanted.in).slice(0, 1) : [document])
      .flatMap((root: Node) => below(root))
      .filter((element) => fits(element, wanted));

  /** What the pointer would meet at a place, the shadow included. */
  const topAt = (x: number, y: number): Element | null => {
    let top = document.elementFromPoint(x, y);
    for (let inner = top; inner;) {
      top = inner;
      const next: Element | null | undefined = inner.shadowRoot?.elementFromPoint(x, y);
      inner = next && next !== inner ? next : null;
    }
    return top;
  };
  const holds = (element: Element, inner: Node | null): boolean => {
    for (let node = inner; node; node = node instanceof ShadowRoot ? node.host : node.parentNode)
      if (node === element) return true;
    return false;
  };
  const spotOf = (element: Element): [number, number] | null => {
    if (element.matches(':disabled')) return null;
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const { x, y, width, height } = element.getBoundingClientRect();
    const spot: [number, number] = [Math.round(x + width / 2), Math.round(y + height / 2)];
    return holds(element, topAt(...spot)) ? spot : null;
  };

  const all = search(query);
  const [first] = all;
  if (wish === 'element') return first;
  const field = first instanceof HTMLInputElement || first instanceof HTMLTextAreaElement ? first : undefined;
  if (wish === 'select') field?.select();
  return {
    count: all.length,
    text: first ? squeeze(textOf(first)) : '',
    value: field?.value ?? '',
    focused: first !== undefined && (first.getRootNode() as Document | ShadowRoot).activeElement === first,
    direction: first ? getComputedStyle(first).direction : '',
    spot: first ? spotOf(first) : null,
  };
}
