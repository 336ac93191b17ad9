import { css } from 'lit';

export const conversationHeaderStyles = css`
  :host {
    display: block;
  }
  header {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: calc(60px * var(--tt-density));
    padding: 4px 10px;
    border-block-end: 1px solid var(--tt-border);
  }
  .who {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 10px;
    min-inline-size: 0;
    padding: 2px 6px;
    border-radius: var(--tt-radius-small);
  }
  .who:focus-visible {
    outline-offset: -2px;
  }
  .words {
    display: grid;
    min-inline-size: 0;
    line-height: 1.3;
  }
  .title {
    font-weight: 650;
  }
  .line {
    min-block-size: 1.3em;
    font-size: 0.85em;
    color: var(--tt-text-muted);
  }
  .typing {
    color: var(--tt-accent-text);
  }
`;
