import { html, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { thumbHashToRGBA } from 'thumbhash';

/** The blurred picture of a ThumbHash in base64, on a canvas: a strict CSP forbids `data:` pictures. */
export function placeholder(hash: string): TemplateResult {
  return html`<canvas class="placeholder" aria-hidden="true" ${ref((canvas) => draw(canvas, hash))}></canvas>`;
}

function draw(canvas: Element | undefined, hash: string): void {
  if (!(canvas instanceof HTMLCanvasElement) || canvas.dataset['hash'] === hash) return;
  canvas.dataset['hash'] = hash;
  try {
    const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(hash), (char) => char.charCodeAt(0)));
    canvas.width = w;
    canvas.height = h;
    canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
  } catch {
    // A placeholder that makes no sense is none: the plain background shows.
  }
}
