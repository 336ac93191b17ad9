import { css } from 'lit';

export const lightboxStyles = css`
  :host {
    display: contents;
    /* Dark around a picture in either theme. */
    color-scheme: dark;
  }
  dialog {
    position: fixed;
    inset: 0;
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    inline-size: 100%;
    block-size: 100%;
    max-inline-size: none;
    max-block-size: none;
    margin: 0;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    border: 0;
    overflow: clip;
    overscroll-behavior: contain;
    color: var(--tt-text);
    background: oklch(0.16 0.005 95);
    font: 400 var(--tt-font-size) / 1.45 var(--tt-font);
    animation: appear var(--tt-duration) ease-out;
  }
  dialog::backdrop {
    background: oklch(0.16 0.005 95);
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  header {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 60px;
    padding: 8px 8px 8px 20px;
  }
  header:dir(rtl) {
    padding: 8px 20px 8px 8px;
  }
  .about {
    flex: 1;
    display: grid;
    min-inline-size: 0;
    line-height: 1.3;
  }
  .who {
    font-weight: 600;
  }
  .when,
  .count {
    font-size: 0.87em;
    color: var(--tt-text-muted);
  }
  .count {
    padding-inline: 8px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .icon-button {
    color: var(--tt-text);
  }
  .icon-button:focus-visible {
    outline-color: oklch(0.98 0 0);
  }
  .stage {
    grid-area: 2 / 1;
    display: grid;
    place-items: center;
    container-type: size;
    overflow: clip;
    touch-action: none;
    user-select: none;
    cursor: zoom-in;
  }
  .stage.zoomed {
    cursor: grab;
  }
  .stage.zoomed:active {
    cursor: grabbing;
  }
  .picture {
    position: relative;
    inline-size: min(100cqi, 100cqb * var(--ratio), var(--width));
    aspect-ratio: var(--ratio);
    transition: transform var(--tt-duration) ease-out;
  }
  .picture.video {
    inline-size: min(100cqi, 100cqb * var(--ratio), max(var(--width), 480px));
    cursor: auto;
  }
  .stage:active .picture {
    transition: none;
  }
  .picture > * {
    position: absolute;
    inset: 0;
    display: block;
    inline-size: 100%;
    block-size: 100%;
    object-fit: contain;
  }
  .words {
    display: grid;
    justify-items: center;
    gap: 12px;
    cursor: auto;
    color: var(--tt-text-muted);
  }
  .side {
    grid-area: 2 / 1;
    align-self: center;
    inline-size: 48px;
    block-size: 48px;
    margin-inline: 12px;
    background: oklch(0.16 0.005 95 / 0.72);
  }
  .side:hover {
    background: oklch(0.3 0.005 95 / 0.9);
  }
  .previous {
    justify-self: start;
  }
  .next {
    justify-self: end;
  }
  .caption {
    grid-area: 3 / 1;
    justify-self: center;
    max-inline-size: min(100%, 720px);
    max-block-size: 22cqb;
    padding: 10px 20px 16px;
    overflow-y: auto;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .error:not(:empty) {
    position: absolute;
    inset-block-end: 16px;
    justify-self: center;
    padding: 8px 16px;
    border-radius: var(--tt-radius-small);
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  @media (max-width: 560px) {
    header {
      gap: 0;
      padding-inline: 14px 4px;
    }
    .side {
      margin-inline: 4px;
    }
  }
`;
