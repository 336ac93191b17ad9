/** What is read on what, and the ratio that WCAG 2.2 asks for: 4.5 for text (1.4.3), 3 for what is not text (1.4.11). */
export const pairs = /** @type {const} */ ([
  ['Text on the background', 'text', 'surface', 4.5],
  ['Quiet text on the background', 'text-muted', 'surface', 4.5],
  ['Quiet text in the chosen row', 'text-muted', 'accent-subtle', 4.5],
  ['Words on a button', 'on-accent', 'accent-fill', 4.5],
  ['Words on a pressed button', 'on-accent', 'accent-active', 4.5],
  ['Links and names', 'accent-text', 'surface', 4.5],
  ['Own messages', 'bubble-own-text', 'bubble-own', 4.5],
  ['Marks in own messages', 'bubble-own-accent', 'bubble-own', 4.5],
  ['Messages of others', 'bubble-other-text', 'bubble-other', 4.5],
  ['Number of unread', 'badge-text', 'badge-background', 4.5],
  ['Focus ring', 'focus', 'surface', 3],
]);

const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

/**
 * The colour that a token of an element has in a theme, as the screen shows it on top of what is `behind` it.
 * @param {HTMLElement} element
 * @param {'light' | 'dark'} theme
 * @param {string[]} tokens from back to front
 */
export function paint(element, theme, ...tokens) {
  // Inside the chat `--tt-` holds what is in force: the page's value, or the default, for either theme.
  const inForce = getComputedStyle(element);
  const probe = document.createElement('span');
  probe.style.colorScheme = theme;
  document.body.append(probe);
  context.clearRect(0, 0, 1, 1);
  for (const token of tokens) {
    probe.style.color = inForce.getPropertyValue(`--tt-${token}`);
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
  }
  probe.remove();
  return context.getImageData(0, 0, 1, 1).data;
}

/**
 * The contrast of two colours, from 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 * @param {ArrayLike<number>} one
 * @param {ArrayLike<number>} other
 */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {ArrayLike<number>} color red, green and blue from 0 to 255 */
function luminance(color) {
  const [r, g, b] = [color[0], color[1], color[2]].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
