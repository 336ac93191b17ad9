import { css } from 'lit';

export const conversationStyles = css`
  :host {
    display: block;
    min-block-size: 0;
    block-size: 100%;
    background: var(--tt-surface);
  }
  section {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    block-size: 100%;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 4px 12px 0;
    padding: 8px 14px;
    border-radius: var(--tt-radius-small);
    font-size: 0.9em;
    color: var(--tt-text-muted);
    background: var(--tt-surface-sunken);
  }
  .notice p {
    flex: 1;
  }
  .notice.bad {
    padding-block: 0;
    padding-inline-end: 2px;
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .notice .icon-button {
    color: inherit;
  }
  .blocked {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 8px 16px;
    padding: 12px 16px 14px;
    border-block-start: 1px solid var(--tt-border);
    color: var(--tt-text-muted);
  }
`;
