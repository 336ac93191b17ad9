import { css } from 'lit';

export const fileTrayStyles = css`
  :host {
    display: block;
  }
  ul {
    display: flex;
    gap: 8px;
    margin-inline: -12px;
    padding: 8px 12px;
    overflow-x: auto;
    overscroll-behavior-inline: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--tt-border) transparent;
  }
  .file {
    position: relative;
    scroll-margin-inline: 12px;
    display: flex;
    flex: none;
    align-items: center;
    inline-size: 212px;
    block-size: 64px;
    padding-inline-end: 28px;
    border: 1px solid var(--tt-border);
    border-radius: calc(var(--tt-radius) - 2px);
    background: var(--tt-surface-raised);
    animation: arrive var(--tt-duration) ease-out;
  }
  .file.seen:not(.failed) {
    inline-size: 64px;
    padding: 0;
  }
  .file.failed {
    inline-size: 268px;
    border-color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  @keyframes arrive {
    from {
      opacity: 0;
      scale: 0.94;
    }
  }
  .face {
    position: relative;
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 62px;
    block-size: 62px;
    border-radius: 11px;
    overflow: hidden;
    color: var(--tt-text-muted);
  }
  .seen .face {
    background: var(--tt-surface-sunken);
  }
  img,
  video {
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .length {
    position: absolute;
    inset-block-end: 4px;
    inset-inline-start: 4px;
    padding-inline: 4px;
    border-radius: 6px;
    font-size: calc(var(--tt-font-size) * 0.733);
    line-height: 1.45;
    color: oklch(1 0 0);
    background: oklch(0 0 0 / 0.6);
  }
  .length:empty {
    display: none;
  }
  .progress {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
  }
  .seen .progress {
    background: oklch(0 0 0 / 0.42);
  }
  .progress svg {
    inline-size: 36px;
    block-size: 36px;
    rotate: -90deg;
    fill: none;
    stroke-width: 3;
    stroke-linecap: round;
  }
  .track {
    stroke: var(--tt-border);
  }
  .done {
    stroke: var(--tt-accent-fill);
    transition: stroke-dasharray var(--tt-duration) linear;
  }
  .seen .track {
    stroke: oklch(1 0 0 / 0.35);
  }
  .seen .done {
    stroke: oklch(1 0 0);
  }
  /* The icon shows through the ring. */
  .file:not(.seen, .ready, .failed) .face .icon {
    scale: 0.75;
  }
  .processing .progress svg {
    animation: turn 1s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 270deg;
    }
  }
  .words {
    flex: 1;
    display: grid;
    min-inline-size: 0;
    font-size: calc(var(--tt-font-size) * 0.867);
    line-height: 1.3;
  }
  .failed .words {
    padding-inline-start: 8px;
  }
  .name {
    font-weight: 550;
  }
  .detail {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    font-size: calc(var(--tt-font-size) * 0.8);
    font-variant-numeric: tabular-nums;
    color: var(--tt-text-muted);
  }
  .failed .detail,
  .failed .icon-button {
    color: var(--tt-danger);
  }
  .file .icon-button:not(.remove) {
    inline-size: 36px;
    block-size: 36px;
  }
  .remove {
    position: absolute;
    inset-block-start: -7px;
    inset-inline-end: -7px;
    inline-size: 22px;
    block-size: 22px;
    border: 1px solid var(--tt-border);
    color: var(--tt-text);
    background: var(--tt-surface-raised);
    box-shadow: 0 1px 3px oklch(0 0 0 / 0.2);
  }
  .remove:hover {
    background: var(--tt-surface-sunken);
  }
  /* What a finger hits is larger than what is seen. */
  .remove::after {
    content: '';
    position: absolute;
    inset: -8px;
  }
  .remove:focus-visible {
    outline-offset: 1px;
  }
  .rejected {
    display: flex;
    align-items: flex-start;
    gap: 8px;
    margin-block-end: 6px;
    padding-inline-start: 14px;
    border-radius: var(--tt-radius-small);
    font-size: 0.9em;
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .reasons {
    flex: 1;
    display: grid;
    gap: 2px;
    min-inline-size: 0;
    padding-block: 9px;
    overflow-wrap: anywhere;
  }
  .rejected .icon-button {
    color: inherit;
  }
  @media (pointer: coarse) {
    .remove {
      min-inline-size: 26px;
      min-block-size: 26px;
    }
    .remove::after {
      inset: -10px;
    }
    ul {
      gap: 18px;
      padding-block-start: 18px;
      padding-inline-end: 18px;
    }
  }
  @media (forced-colors: active) {
    .done {
      stroke: Highlight;
    }
    .track {
      stroke: GrayText;
    }
    .seen .progress {
      background: Canvas;
      opacity: 0.8;
    }
  }
`;
