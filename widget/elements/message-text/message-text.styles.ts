import { css } from 'lit';

/** How text that people wrote is set; goes with `renderText`, inside an element of class `text`. */
export const messageTextStyles = css`
  .text {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    line-height: 1.4;
    text-align: start;
    tab-size: 2;
  }
  .text a {
    color: inherit;
    text-decoration: underline;
    text-decoration-color: color-mix(in oklab, currentColor 45%, transparent);
    text-underline-offset: 2px;
  }
  .text a:hover {
    text-decoration-color: currentColor;
  }
  .text code {
    padding: 1px 4px;
    border-radius: 5px;
    font-family: var(--tt-font-mono);
    font-size: 0.88em;
    background: var(--tt-surface-active);
  }
  .text pre {
    margin-block: 6px;
    padding: 8px 10px;
    border-radius: var(--tt-radius-small);
    background: var(--tt-surface-active);
    overflow-x: auto;
    overscroll-behavior-x: contain;
    scrollbar-width: thin;
    line-height: 1.45;
    text-align: left;
  }
  .text pre code {
    padding: 0;
    background: none;
    white-space: pre;
    overflow-wrap: normal;
  }
  .text .mention {
    font-weight: 600;
    color: var(--tt-accent-text);
  }
`;
