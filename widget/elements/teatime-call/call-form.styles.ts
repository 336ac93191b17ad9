import { css } from 'lit';

/** What the views of calls have in common: lists of devices, and round buttons that say what is off. */
export const callFormStyles = css`
  .pick {
    display: grid;
    gap: 4px;
    font-size: 0.85em;
    color: var(--tt-text-muted);
  }
  .pick select {
    min-block-size: 40px;
    inline-size: 100%;
    padding: 6px 10px;
    border: 1px solid var(--tt-border-strong);
    border-radius: var(--tt-radius-small);
    font: inherit;
    font-size: max(1rem, 1em);
    color: var(--tt-text);
    background: var(--tt-surface-raised);
  }
  .icon-button.off {
    color: oklch(0.2 0.01 95);
    background: oklch(0.93 0.006 95);
  }
  .icon-button.leave {
    color: oklch(0.99 0 0);
    background: oklch(0.53 0.19 27);
  }
  .icon-button.leave:hover {
    background: oklch(0.48 0.18 27);
  }
  .icon-button.off:hover {
    background: oklch(0.86 0.006 95);
  }
  .ask {
    justify-content: start;
    padding-inline: 0;
    text-align: start;
    font-size: 0.9em;
  }
  .mirror {
    scale: -1 1;
  }
`;
