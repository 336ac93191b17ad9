import { noChange } from 'lit';
import { Directive, directive } from 'lit/directive.js';
import { iconPrints, printOf } from './elements/icon-names.ts';
import { drawIcon, substitutes, type IconLook } from './elements/icon.ts';

/** A picture's name: Lucide's. */
export type IconName = keyof typeof iconPrints;

/** Pictures of the page's own: the `d` of a path that is drawn as an outline on 24 × 24, or a whole `<svg>`, of which copies are shown. */
export type Icons = Partial<Record<IconName, string | SVGElement>>;

/** Shows the page's pictures instead of the built-in ones in all that is drawn from now on. Names that there are not are told on the console. */
export function replaceIcons(icons: Icons): void {
  const own = new Map<string, string | SVGElement>();
  for (const [name, picture] of Object.entries(icons)) {
    if (Object.hasOwn(iconPrints, name)) own.set(iconPrints[name as IconName], picture);
    else console.warn(`<teatime-chat>: unable to replace the icon "${name}"; there is none of that name`);
  }
  substitutes.of = (node, look) => {
    const picture = own.get(printOf(node));
    if (picture === undefined) return undefined;
    return typeof picture === 'string' ? drawIcon([['path', { d: picture }]], look) : copyOf(picture, look);
  };
}

/** Shows a copy of an element, which stays the same one while the element is redrawn. */
class Copy extends Directive {
  #source: SVGElement | undefined;
  #size: number | undefined;

  override render(source: SVGElement, { size = 20, flip = false }: IconLook): unknown {
    if (source === this.#source && size === this.#size) return noChange;
    this.#source = source;
    this.#size = size;
    const copy = source.cloneNode(true) as SVGElement;
    copy.removeAttribute('id');
    copy.setAttribute('class', flip ? 'icon flip' : 'icon');
    copy.setAttribute('width', String(size));
    copy.setAttribute('height', String(size));
    copy.setAttribute('aria-hidden', 'true');
    return copy;
  }
}

const copyOf = directive(Copy);
