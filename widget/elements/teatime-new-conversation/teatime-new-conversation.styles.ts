import { css } from 'lit';

export const newConversationStyles = css`
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
    padding: 4px 8px;
  }
  h2 {
    font-size: 1.13em;
    font-weight: 650;
  }
  .form {
    display: grid;
    gap: 10px;
    padding: 0 12px 10px;
  }
  .label {
    display: grid;
    gap: 5px;
    font-size: 0.9em;
    font-weight: 550;
  }
  .label .input {
    font-weight: 400;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    max-block-size: 112px;
    padding: 2px;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    max-inline-size: 100%;
    min-block-size: 32px;
    padding: 3px 8px 3px 4px;
    border-radius: 16px;
    font-size: 0.9em;
    color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
  }
  .chip:dir(rtl) {
    padding: 3px 4px 3px 8px;
  }
  .chip teatime-avatar {
    --size: 24px;
  }
  .results {
    padding: 0 6px 8px;
  }
  .row {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 12px;
    inline-size: 100%;
    min-block-size: calc(56px * var(--tt-density));
    padding: calc(6px * var(--tt-density)) 12px;
    border-radius: calc(var(--tt-radius) * 0.85);
    cursor: pointer;
  }
  .row:hover {
    background: var(--tt-surface-hover);
  }
  .row.active {
    background: var(--tt-surface-active);
    outline: 2px solid var(--tt-focus);
    outline-offset: -2px;
  }
  .row .name {
    font-weight: 550;
  }
  .row .sub {
    font-size: 0.88em;
    color: var(--tt-text-muted);
  }
  .row .check {
    display: grid;
    place-items: center;
    inline-size: 22px;
    block-size: 22px;
    border: 1.5px solid var(--tt-border-strong);
    border-radius: 50%;
    color: transparent;
  }
  .row[aria-selected='true'] .check {
    border-color: transparent;
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
  }
  .round {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
  }
  .state {
    padding: 20px 18px;
    text-align: center;
    color: var(--tt-text-muted);
  }
  .error {
    margin: 0 12px 8px;
    padding: 8px 12px;
    border-radius: calc(var(--tt-radius) * 0.75);
    font-size: 0.92em;
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .bar {
    padding: 10px 12px;
    border-block-start: 1px solid var(--tt-border);
  }
  .bar .button {
    inline-size: 100%;
    min-block-size: 44px;
  }
  @media (pointer: coarse) {
    .chip {
      min-block-size: 44px;
      border-radius: 22px;
    }
  }
`;
