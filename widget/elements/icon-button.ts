import { html, type TemplateResult } from 'lit';
import { icon, type IconLook, type IconNode } from './icon.ts';

/** A round button that shows an icon only; `label` is its name for screen readers and its tooltip. */
export const iconButton = (
  node: IconNode,
  label: string | undefined,
  onClick: (event: Event) => unknown,
  { className = '', ...look }: IconLook & { className?: string } = {},
): TemplateResult =>
  html`<button class="icon-button ${className}" type="button" aria-label=${label} title=${label} @click=${onClick}>
    ${icon(node, look)}
  </button>`;
