import { css } from 'lit';

export const messageActionsStyles = css`
  :host {
    display: block;
  }
  .bar {
    display: flex;
    padding: 2px;
    border: 1px solid var(--tt-border);
    border-radius: 999px;
    background: var(--tt-surface-raised);
    box-shadow: 0 2px 10px -2px light-dark(oklch(0.25 0.02 95 / 0.18), oklch(0 0 0 / 0.5));
    animation: appear var(--tt-duration) ease-out;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .action {
    display: grid;
    place-items: center;
    inline-size: 30px;
    block-size: 30px;
    border-radius: 50%;
    color: var(--tt-text-muted);
    transition: background-color var(--tt-duration) ease-out;
  }
  .action:hover,
  .action[aria-expanded='true'] {
    color: var(--tt-text);
    background: var(--tt-surface-hover);
  }
  .emoji {
    font-size: 16px;
    line-height: 1;
    color: var(--tt-text);
  }
  .action:focus-visible {
    outline-offset: -2px;
  }
  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    border: 1px solid var(--tt-border);
    border-radius: var(--tt-radius);
    color: var(--tt-text);
    background: var(--tt-surface-raised);
    box-shadow: var(--tt-shadow);
    font-family: var(--tt-font);
    font-size: var(--tt-font-size);
  }
  [popover].emoji {
    padding: 0;
    overflow: hidden;
  }
  .item {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: 100%;
    min-inline-size: 168px;
    min-block-size: calc(36px * var(--tt-density));
    padding: calc(6px * var(--tt-density)) 12px calc(6px * var(--tt-density)) 10px;
    border-radius: calc(var(--tt-radius) - 4px);
  }
  p.item {
    color: var(--tt-text-muted);
    pointer-events: none;
  }
  .item .icon {
    color: var(--tt-text-muted);
  }
  .item:hover,
  .item:focus-visible {
    background: var(--tt-surface-hover);
  }
  .item:focus-visible {
    outline-offset: -2px;
  }
  .item.danger,
  .item.danger .icon {
    color: var(--tt-danger);
  }
  .question {
    display: grid;
    gap: 12px;
    max-inline-size: 240px;
    padding: 12px;
  }
  .choices {
    display: flex;
    justify-content: flex-end;
    gap: 8px;
  }
  @media (pointer: coarse) {
    .action {
      inline-size: 44px;
      block-size: 44px;
    }
    .emoji {
      font-size: 20px;
    }
    .item {
      min-block-size: 44px;
    }
  }
`;
