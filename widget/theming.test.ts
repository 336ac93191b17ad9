import { expect } from 'chai';
import { tokenStyles, type tokens } from './styles/tokens.ts';

type Token = keyof typeof tokens;

/** From next to white to next to black, greys, and colours at the edges of what screens show. */
const accents = {
  'the default': '',
  'light yellow': '#fff59d',
  'pure yellow': '#ff0',
  'dark navy': '#0b1030',
  'pure red': '#f00',
  'pure green': '#0f0',
  'pure blue': '#00f',
  'middle grey': '#808080',
  'next to white': '#fafafa',
  'next to black': '#0a0a0a',
  orange: '#ff7a00',
  'hot pink': '#ff4fa3',
};

/** What is read on what, and the ratio that WCAG 2.2 asks for: 4.5 for text (1.4.3), 3 for what is not text (1.4.11). */
const pairs: readonly (readonly [on: Token, behind: Token, ratio: number])[] = [
  ['on-accent', 'accent-fill', 4.5],
  ['on-accent', 'accent-hover', 4.5],
  ['on-accent', 'accent-active', 4.5],
  ['badge-text', 'badge-background', 4.5],
  ['accent-text', 'surface', 4.5],
  ['accent-text', 'surface-raised', 4.5],
  ['accent-text', 'surface-sunken', 4.5],
  ['accent-text', 'accent-subtle', 4.5],
  ['accent-text', 'bubble-other', 4.5],
  ['text', 'accent-subtle', 4.5],
  ['text-muted', 'accent-subtle', 4.5],
  ['bubble-own-text', 'bubble-own', 4.5],
  ['bubble-own-accent', 'bubble-own', 4.5],
  ['bubble-other-text', 'bubble-other', 4.5],
  ['text', 'surface', 4.5],
  ['text-muted', 'surface', 4.5],
  ['text-muted', 'surface-sunken', 4.5],
  ['danger', 'surface', 4.5],
  ['danger', 'danger-subtle', 4.5],
  ['warning', 'warning-subtle', 4.5],
  ['focus', 'surface', 3],
  ['border-strong', 'surface', 3],
];

describe('the colours', () => {
  const host = document.createElement('div');
  const probe = document.createElement('span');
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;

  before(() => {
    const root = host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [tokenStyles.styleSheet!];
    root.append(probe);
    document.body.append(host);
  });
  after(() => host.remove());

  /** What a token's colour is on the screen, over another where it is translucent: red, green and blue from 0 to 1. */
  const paint = (...names: Token[]): number[] => {
    context.clearRect(0, 0, 1, 1);
    for (const name of names) {
      probe.style.color = `var(--tt-${name})`;
      context.fillStyle = getComputedStyle(probe).color;
      context.fillRect(0, 0, 1, 1);
    }
    return Array.from(context.getImageData(0, 0, 1, 1).data.subarray(0, 3), (part) => part / 255);
  };

  for (const theme of ['light', 'dark']) {
    for (const [name, accent] of Object.entries(accents)) {
      it(`can be told apart with ${name} as the accent, in the ${theme} theme`, () => {
        host.setAttribute('theme', theme);
        host.style.setProperty('--teatime-accent', accent);
        const faults = pairs.flatMap(([on, behind, least]) => {
          const ratio = contrast(paint(behind, on), paint(behind));
          return ratio < least ? [`${on} on ${behind}: ${ratio.toFixed(2)} of ${least}`] : [];
        });
        expect(faults).to.deep.equal([]);
      });
    }
  }

  it('follow the accent of the page, in light and in dark', () => {
    for (const theme of ['light', 'dark']) {
      host.setAttribute('theme', theme);
      const [red, blue] = ['#c00', '#00c'].map((accent) => {
        host.style.setProperty('--teatime-accent', accent);
        return (['accent-fill', 'accent-subtle', 'accent-text', 'bubble-own', 'focus'] as const).map((name) =>
          paint('surface', name).join(),
        );
      });
      for (const [index, color] of red!.entries()) expect(color).not.to.equal(blue![index]);
    }
  });
});

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: readonly number[], other: readonly number[]): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = color.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
