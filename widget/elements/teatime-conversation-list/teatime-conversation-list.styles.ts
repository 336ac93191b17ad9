import { css } from 'lit';

export const conversationListStyles = css`
  :host {
    display: grid;
    grid-template: auto auto minmax(0, 1fr) auto / minmax(0, 1fr);
    background: var(--tt-surface);
  }
  .header {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: calc(60px * var(--tt-density));
    padding-block: 8px 4px;
    padding-inline: 16px 8px;
  }
  h2 {
    flex: 1;
    min-inline-size: 0;
    margin-inline-start: 8px;
    font-size: 1.2em;
    font-weight: 650;
    letter-spacing: -0.01em;
  }
  /* A finger hits 44 px of it. */
  .me {
    margin: -4px;
    padding: 4px;
    border-radius: 50%;
  }
  .me teatime-avatar {
    --size: 36px;
  }
  .search {
    position: relative;
    display: grid;
    margin: 2px 12px 8px;
    color: var(--tt-text-muted);
  }
  .search > .icon {
    position: absolute;
    inset-block-start: 12px;
    inset-inline-start: 12px;
    pointer-events: none;
  }
  .search .input {
    min-block-size: 42px;
    padding-inline: 38px 12px;
    text-overflow: ellipsis;
    border-color: transparent;
    background: var(--tt-surface-active);
  }
  .search .input:not(:placeholder-shown) {
    padding-inline-end: 42px;
  }
  .search .icon-button {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 1px;
    margin-block: auto;
  }
  .items {
    padding: 0 6px 8px;
    outline: none;
  }
  .more {
    inline-size: 100%;
    margin-block-start: 4px;
  }
  .state {
    display: grid;
    align-content: center;
    justify-items: center;
    gap: 6px;
    min-block-size: 100%;
    padding: 24px;
    text-align: center;
    color: var(--tt-text-muted);
  }
  .state h3 {
    font-size: 1.1em;
    font-weight: 600;
    color: var(--tt-text);
  }
  .state .button {
    margin-block-start: 12px;
  }
  .state .mark {
    display: grid;
    place-items: center;
    inline-size: 64px;
    block-size: 64px;
    margin-block-end: 8px;
    border-radius: 50%;
    color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
  }
  .ghost {
    display: grid;
    grid-template-columns: 44px 1fr;
    align-items: center;
    gap: 12px;
    min-block-size: calc(64px * var(--tt-density));
    padding: calc(8px * var(--tt-density)) 12px;
  }
  .ghost .face {
    block-size: 44px;
    border-radius: 50%;
  }
  .ghost .lines {
    display: grid;
    gap: 8px;
  }
  .ghost .lines > * {
    block-size: 11px;
  }
  .ghost .lines > :first-child {
    inline-size: 45%;
  }
  .ghost .lines > :last-child {
    inline-size: 80%;
  }
  .ghost:nth-child(even) .lines > :first-child {
    inline-size: 32%;
  }
  .ghost:nth-child(3n) .lines > :last-child {
    inline-size: 62%;
  }
`;
