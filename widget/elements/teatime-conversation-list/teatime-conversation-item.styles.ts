import { css } from 'lit';

export const conversationItemStyles = css`
  :host {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 12px;
    min-block-size: calc(64px * var(--tt-density));
    padding: calc(8px * var(--tt-density)) 12px;
    border-radius: calc(var(--tt-radius) * 0.85);
    cursor: pointer;
    outline: none;
    -webkit-tap-highlight-color: transparent;
  }
  :host(:hover) {
    background: var(--tt-surface-hover);
  }
  :host(:active) {
    background: var(--tt-surface-active);
  }
  :host([aria-selected='true']) {
    background: var(--tt-accent-subtle);
    --avatar-ring: var(--tt-accent-subtle);
  }
  :host(:focus-visible) {
    outline: 2px solid var(--tt-focus);
    outline-offset: -2px;
  }
  teatime-avatar {
    --size: calc(44px * var(--tt-density));
  }
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .row > :first-child {
    flex: 1;
    min-inline-size: 0;
  }
  .title {
    font-weight: 550;
  }
  .meta {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-size: 0.8em;
    color: var(--tt-text-muted);
    white-space: nowrap;
  }
  .preview {
    display: flex;
    white-space: pre;
    font-size: 0.92em;
    color: var(--tt-text-muted);
  }
  .preview > bdi {
    flex: none;
    max-inline-size: 60%;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .preview.quiet {
    font-style: italic;
  }
  .unread .title,
  .unread .preview {
    font-weight: 600;
    color: var(--tt-text);
  }
  .preview.typing {
    color: var(--tt-accent-text);
  }
  .pill {
    flex: none;
    min-inline-size: 20px;
    padding-inline: 6px;
    border-radius: 10px;
    font-size: 0.78em;
    font-weight: 650;
    line-height: 1.71;
    text-align: center;
    font-variant-numeric: tabular-nums;
    color: var(--tt-badge-text);
    background: var(--tt-badge-background);
  }
  .pill.muted {
    color: var(--tt-surface);
    background: var(--tt-text-muted);
  }
  @media (forced-colors: active) {
    :host([aria-selected='true']) {
      outline: 2px solid Highlight;
    }
    .pill {
      border: 1px solid CanvasText;
    }
  }
`;
