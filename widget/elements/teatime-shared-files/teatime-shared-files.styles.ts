import { css } from 'lit';

export const sharedFilesStyles = css`
  :host {
    display: block;
  }
  [role='tablist'] {
    position: sticky;
    z-index: 2;
    inset-block-start: 0;
    display: flex;
    gap: 4px;
    margin-inline: -12px;
    padding: 8px 12px;
    background: var(--tt-surface);
  }
  [role='tab'] {
    flex: 1;
    min-block-size: 36px;
    padding: 4px 8px;
    border-radius: calc(var(--tt-radius) * 0.75);
    font-weight: 550;
    text-align: center;
    color: var(--tt-text-muted);
  }
  [role='tab']:hover {
    background: var(--tt-surface-hover);
  }
  [role='tab'][aria-selected='true'] {
    color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
  }
  .media ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(88px, 1fr));
    gap: 3px;
    overflow: clip;
    border-radius: var(--tt-radius);
  }
  .media .tile {
    aspect-ratio: 1;
  }
  .media .disc {
    inline-size: 36px;
    block-size: 36px;
  }
  .media .words {
    font-size: calc(var(--tt-font-size) * 0.733);
  }
  .file li,
  .audio li {
    padding-block: 4px;
    border-block-end: 1px solid var(--tt-border);
  }
  .line {
    margin: 0;
    padding-inline: 4px;
  }
  .line .mark {
    background: var(--tt-surface-sunken);
  }
  .from {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding-inline: 8px 4px;
    font-size: calc(var(--tt-font-size) * 0.8);
    color: var(--tt-text-muted);
  }
  .from .icon-button {
    inline-size: 32px;
    block-size: 32px;
  }
  .empty,
  .end,
  .trouble {
    padding: 24px 16px;
    text-align: center;
    text-wrap: balance;
    color: var(--tt-text-muted);
  }
  .end {
    min-block-size: 60px;
    padding: 16px;
  }
  .trouble {
    display: grid;
    justify-items: center;
    gap: 10px;
  }
  @media (pointer: coarse) {
    [role='tab'] {
      min-block-size: 44px;
      min-inline-size: 44px;
    }
  }
  @media (forced-colors: active) {
    [role='tab'][aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
