import { css } from 'lit';

/** What all elements have in common: box sizes, buttons, fields, focus ring, scroll bars, quiet motion. Put it first in `styles`. */
export const baseStyles = css`
  :host {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol {
    margin: 0;
    padding: 0;
    font: inherit;
    list-style: none;
  }
  button,
  input,
  textarea {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
    margin: 0;
  }
  button {
    background: none;
    border: 0;
    padding: 0;
    text-align: start;
    cursor: pointer;
    touch-action: manipulation;
    -webkit-tap-highlight-color: transparent;
  }
  button:disabled {
    cursor: default;
  }
  :focus-visible {
    outline: 2px solid var(--tt-focus);
    outline-offset: 2px;
  }
  .icon {
    display: block;
    flex: none;
  }
  .flip:dir(rtl) {
    scale: -1 1;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: calc(40px * var(--tt-density));
    padding: calc(8px * var(--tt-density)) 16px;
    border-radius: calc(var(--tt-radius) * 0.75);
    font-weight: 550;
    text-align: center;
    color: var(--tt-text);
    background: var(--tt-surface-active);
    transition: background-color var(--tt-duration) ease-out;
  }
  .button:hover {
    background: var(--tt-surface-hover);
  }
  .button.primary {
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
  }
  .button.primary:hover {
    background: var(--tt-accent-hover);
  }
  .button.primary:active {
    background: var(--tt-accent-active);
  }
  .button.danger {
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .button.quiet {
    color: var(--tt-accent-text);
    background: none;
  }
  .button.quiet:hover {
    background: var(--tt-surface-hover);
  }
  .button[aria-disabled='true'],
  .button:disabled {
    color: var(--tt-text-muted);
    background: var(--tt-surface-hover);
    cursor: default;
  }
  .icon-button {
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    color: var(--tt-text-muted);
    transition: background-color var(--tt-duration) ease-out;
  }
  /* What fingers have to hit, however small it is drawn elsewhere. */
  @media (pointer: coarse) {
    .icon-button,
    .button {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
  .icon-button:hover {
    color: var(--tt-text);
    background: var(--tt-surface-hover);
  }
  .icon-button:active {
    background: var(--tt-surface-active);
  }
  .icon-button:focus-visible {
    outline-offset: -2px;
  }

  .input {
    inline-size: 100%;
    min-block-size: calc(44px * var(--tt-density));
    padding: calc(10px * var(--tt-density)) 12px;
    border: 1px solid var(--tt-border-strong);
    border-radius: calc(var(--tt-radius) * 0.75);
    background: var(--tt-surface-raised);
    color: var(--tt-text);
    /* Safari on phones zooms in on fields with smaller letters. */
    font-size: max(16px, var(--tt-font-size));
  }
  @media (hover: hover) and (pointer: fine) {
    .input {
      font-size: var(--tt-font-size);
    }
  }
  .input::placeholder {
    color: var(--tt-text-muted);
    opacity: 1;
  }
  .input::-webkit-search-cancel-button {
    display: none;
  }
  .input:focus-visible {
    outline-offset: -1px;
    border-color: var(--tt-focus);
  }
  .input[aria-invalid='true'] {
    border-color: var(--tt-danger);
  }

  .scroll {
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--tt-border) transparent;
  }
  .truncate {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    /* Text in another direction is cut at its own end, and stands where the rest does. */
    text-align: match-parent;
  }
  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .skeleton {
    border-radius: 6px;
    background: var(--tt-surface-active);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
  @media (forced-colors: active) {
    .button,
    .icon-button {
      border: 1px solid ButtonBorder;
    }
    .button[aria-disabled='true'],
    .button:disabled {
      color: GrayText;
      border-color: GrayText;
    }
    .skeleton {
      background: GrayText;
    }
  }
`;
