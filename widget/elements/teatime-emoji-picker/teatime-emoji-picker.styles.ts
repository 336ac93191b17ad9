import { css } from 'lit';

export const emojiPickerStyles = css`
  .picker {
    display: flex;
    flex-direction: column;
    inline-size: min(340px, 100vw - 24px);
    block-size: min(360px, 70vh);
    padding: 10px 0 0;
    background: var(--tt-surface-raised);
  }
  .input {
    inline-size: auto;
    min-block-size: 38px;
    margin-inline: 10px;
    padding-block: 6px;
  }
  .groups {
    display: flex;
    justify-content: space-between;
    padding: 6px 10px;
    border-block-end: 1px solid var(--tt-border);
  }
  .groups button {
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    border-radius: 8px;
    font-size: 17px;
    filter: grayscale(1);
    opacity: 0.75;
  }
  .groups button:hover,
  .groups button[aria-pressed='true'] {
    background: var(--tt-surface-active);
    filter: none;
    opacity: 1;
  }
  .grid {
    flex: 1;
    display: grid;
    /* Not by the shape of the buttons: WebKit squeezes rows that are only as high as wide. */
    grid: auto-flow 40px / repeat(8, 1fr);
    align-content: start;
    min-block-size: 0;
    padding: 6px;
  }
  .grid button {
    display: grid;
    place-items: center;
    border-radius: 8px;
    font-size: 22px;
    line-height: 1;
    contain: content;
  }
  .grid button:hover,
  .grid button:focus-visible {
    background: var(--tt-surface-hover);
  }
  .grid button:focus-visible,
  .groups button:focus-visible {
    outline-offset: -2px;
  }
  p {
    grid-column: 1 / -1;
    padding: 24px;
    text-align: center;
    color: var(--tt-text-muted);
  }
  @media (pointer: coarse) {
    .input {
      min-block-size: 44px;
    }
    .grid {
      grid: auto-flow 44px / repeat(auto-fill, minmax(44px, 1fr));
    }
    .groups {
      overflow-x: auto;
      scrollbar-width: none;
    }
    .groups button {
      flex: none;
      inline-size: 44px;
      block-size: 44px;
    }
  }
`;
