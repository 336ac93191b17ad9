import { css } from 'lit';

export const setupStyles = css`
  :host {
    display: grid;
    block-size: 100%;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    background: var(--tt-surface);
  }
  .card {
    display: grid;
    gap: 12px;
    align-content: start;
    inline-size: min(100%, 460px);
    margin: auto;
    padding: 20px 18px 18px;
    outline: none;
  }
  h2 {
    font-size: 1.13em;
    font-weight: 650;
    text-align: center;
  }
  .picture {
    position: relative;
    display: grid;
    place-items: center;
    aspect-ratio: 16 / 10;
    border-radius: var(--tt-radius);
    overflow: clip;
    color-scheme: dark;
    color: var(--tt-text-muted);
    background: oklch(0.17 0.006 95);
  }
  video {
    position: absolute;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .picture p {
    padding: 0 24px 40px;
    text-align: center;
  }
  .switches {
    position: absolute;
    inset-block-end: 10px;
    display: flex;
    gap: 10px;
  }
  :where(.switches) .icon-button {
    inline-size: 44px;
    block-size: 44px;
    color: oklch(0.97 0 0);
    background: oklch(0.15 0.006 95 / 0.72);
  }
  .level {
    block-size: 6px;
    border-radius: 3px;
    overflow: clip;
    background: var(--tt-surface-active);
  }
  .level i {
    display: block;
    block-size: 100%;
    border-radius: inherit;
    background: var(--tt-online);
    transition: inline-size 80ms linear;
  }
  .trouble {
    padding: 8px 12px;
    border-radius: var(--tt-radius-small);
    font-size: 0.9em;
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .trouble + .trouble {
    margin-block-start: 6px;
  }
  .buttons {
    display: grid;
    grid-template-columns: 1fr 2fr;
    gap: 8px;
  }
  @media (forced-colors: active) {
    .level {
      border: 1px solid CanvasText;
    }
    .level i {
      background: Highlight;
    }
  }
`;
