import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Lucide's shape of an icon: tags with their attributes. */
export type IconNode = readonly (readonly [tag: string, attributes: Readonly<Record<string, string | number>>])[];

/** How large an icon is, in px, and whether it is mirrored where text runs from right to left. */
export interface IconLook {
  size?: number;
  flip?: boolean;
}

/** What is shown instead of an icon, when the page has pictures of its own: `../icons.ts` sees to it. */
export const substitutes: { of?: (node: IconNode, look: IconLook) => unknown } = {};

/**
 * A Lucide icon, 20 px unless `size` says otherwise, in the colour of the text around it. It is hidden from screen readers:
 * the name belongs on the button. Import single icons: `import Send from 'lucide/dist/esm/icons/send.mjs'`.
 * `flip` mirrors it where text runs from right to left (arrows).
 */
export const icon = (node: IconNode, look: IconLook = {}): unknown =>
  substitutes.of?.(node, look) ?? drawIcon(node, look);

/** The same, whatever the page has. */
export function drawIcon(node: IconNode, { size = 20, flip = false }: IconLook): TemplateResult {
  return html`<svg
    class=${flip ? 'icon flip' : 'icon'}
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${node.map(shape)}
  </svg>`;
}

/** Tags are spelt out because a template cannot compute them; these are the ones that Lucide draws with. */
function shape([tag, a]: IconNode[number]): SVGTemplateResult | typeof nothing {
  switch (tag) {
    case 'path':
      return svg`<path d=${at(a['d'])} fill=${at(a['fill'])}></path>`;
    case 'circle':
      return svg`<circle cx=${at(a['cx'])} cy=${at(a['cy'])} r=${at(a['r'])} fill=${at(a['fill'])}></circle>`;
    case 'rect':
      return svg`<rect x=${at(a['x'])} y=${at(a['y'])} width=${at(a['width'])} height=${at(a['height'])} rx=${at(a['rx'])} ry=${at(a['ry'])}></rect>`;
    case 'line':
      return svg`<line x1=${at(a['x1'])} y1=${at(a['y1'])} x2=${at(a['x2'])} y2=${at(a['y2'])}></line>`;
    case 'polyline':
      return svg`<polyline points=${at(a['points'])}></polyline>`;
    case 'polygon':
      return svg`<polygon points=${at(a['points'])}></polygon>`;
    case 'ellipse':
      return svg`<ellipse cx=${at(a['cx'])} cy=${at(a['cy'])} rx=${at(a['rx'])} ry=${at(a['ry'])}></ellipse>`;
    default:
      return nothing;
  }
}

function at(value: string | number | undefined): string | number | typeof nothing {
  return value ?? nothing;
}
