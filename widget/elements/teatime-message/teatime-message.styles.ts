import { css } from 'lit';

export const messageStyles = css`
  :host {
    display: block;
    outline: none;
    -webkit-touch-callout: none;
  }
  .line {
    display: flex;
    gap: 8px;
    padding-block-start: calc(2px * var(--tt-density));
    padding-inline: 12px;
  }
  .line.first {
    padding-block-start: calc(10px * var(--tt-density));
  }
  .own {
    justify-content: flex-end;
  }
  .face {
    --size: 28px;
    flex: none;
    inline-size: 28px;
  }
  .first .face {
    padding-block-start: 1px;
  }
  .line.first:not(.direct) .face {
    padding-block-start: 20px;
  }
  .stack {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    min-inline-size: 0;
    max-inline-size: min(82%, 560px);
  }
  .own .stack {
    align-items: flex-end;
  }
  .name {
    padding-inline: 12px;
    padding-block-end: 2px;
    font-size: 0.8em;
    font-weight: 600;
    color: var(--tt-text-muted);
  }
  .hold {
    position: relative;
    max-inline-size: 100%;
  }
  .bubble {
    --tight: 5px;
    min-inline-size: 56px;
    padding: calc(7px * var(--tt-density)) 12px;
    border-radius: var(--tt-bubble-radius);
    color: var(--tt-bubble-other-text);
    background: var(--tt-bubble-other);
  }
  .line:not(.own) .bubble {
    border-start-start-radius: var(--tight);
    border-end-start-radius: var(--tight);
  }
  .line.first:not(.own) .bubble {
    border-start-start-radius: var(--tt-bubble-radius);
  }
  .own .bubble {
    /* A site may fill its bubbles with the accent itself. */
    --tt-accent-text: var(--tt-bubble-own-accent);
    --tt-accent-fill: var(--tt-bubble-own-accent);
    --tt-on-accent: var(--tt-bubble-own);
    color: var(--tt-bubble-own-text);
    background: var(--tt-bubble-own);
    border-start-end-radius: var(--tight);
    border-end-end-radius: var(--tight);
  }
  .own.first .bubble {
    border-start-end-radius: var(--tt-bubble-radius);
  }
  .bare .bubble {
    padding: 0 4px;
    background: none;
  }
  teatime-message-files {
    display: block;
    max-inline-size: 100%;
  }
  teatime-message-files:not(:defined)::before {
    content: '';
    display: block;
    margin-block-end: var(--rest);
    aspect-ratio: var(--ratio);
  }
  .media .bubble {
    position: relative;
    padding: 4px;
  }
  /* What is written below a picture is no wider than the picture. */
  .media .text {
    inline-size: 0;
    min-inline-size: 100%;
    padding: 5px 8px 3px;
  }
  .mute .text {
    margin-block-start: -5px;
  }
  .over .text {
    position: absolute;
    inset-block-end: 9px;
    inset-inline-end: 9px;
    inline-size: auto;
    min-inline-size: 0;
    margin: 0;
    padding: 1px 8px;
    border-radius: 999px;
    color-scheme: dark;
    color: var(--tt-text);
    background: oklch(0.2 0.01 95 / 0.72);
    pointer-events: none;
  }
  .deleted .bubble {
    color: var(--tt-text-muted);
    background: none;
    box-shadow: inset 0 0 0 1px var(--tt-border);
  }
  :host(:focus-visible) .bubble {
    outline: 2px solid var(--tt-focus);
    outline-offset: 2px;
  }
  :host([highlighted]) .bubble {
    animation: flash 1.6s ease-out;
  }
  @keyframes flash {
    0%,
    40% {
      box-shadow: 0 0 0 3px var(--tt-accent-fill);
    }
  }
  .text {
    display: flow-root;
  }
  .text.emoji {
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    font-size: 1.6em;
    line-height: 1.25;
  }
  .text.emoji.few {
    font-size: 2.4em;
  }
  .meta {
    float: inline-end;
    margin-inline-start: 10px;
    margin-block: 0.45em -0.15em;
    font-size: calc(var(--tt-font-size) * 0.733);
    line-height: 1.4;
    white-space: nowrap;
    color: light-dark(
      color-mix(in oklab, currentColor 76%, transparent),
      color-mix(in oklab, currentColor 74%, transparent)
    );
    user-select: none;
  }
  .meta bdi {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  /* Its own direction, that of the language: "12:58 PM" also in a page that runs from right to left. */
  .meta time {
    unicode-bidi: plaintext;
  }
  .over .meta,
  .emoji .meta {
    margin: 0;
  }
  .emoji .meta {
    color: var(--tt-text-muted);
  }
  .deleted .meta {
    color: inherit;
  }
  .status {
    display: inline-grid;
  }
  .status.read {
    color: var(--tt-accent-text);
  }
  .status.read .icon {
    stroke-width: 2.75;
  }
  .status.failed {
    color: var(--tt-danger);
  }

  .quote {
    display: block;
    inline-size: 100%;
    margin-block: 1px 5px;
    padding: 4px 10px;
    border-radius: 8px;
    border-inline-start: 3px solid var(--tt-accent-fill);
    background: light-dark(oklch(0.3 0.02 95 / 0.05), oklch(0.1 0.01 95 / 0.22));
    font-size: 0.87em;
  }
  button.quote:hover {
    background: light-dark(oklch(0.3 0.02 95 / 0.09), oklch(0.1 0.01 95 / 0.36));
  }
  .quote-name {
    display: block;
    font-weight: 600;
    color: var(--tt-accent-text);
  }
  .quote-text {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
    text-align: start;
  }

  .reactions {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    padding-block: 3px 2px;
  }
  .own .reactions {
    justify-content: flex-end;
  }
  .reaction {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    min-block-size: 26px;
    padding: 2px 8px;
    border: 1px solid transparent;
    border-radius: 999px;
    background: var(--tt-surface-active);
    font-size: calc(var(--tt-font-size) * 0.867);
    line-height: 1.2;
  }
  .reaction:not(:disabled):hover {
    border-color: var(--tt-border-strong);
  }
  .reaction[aria-pressed='true'] {
    border-color: var(--tt-accent-fill);
    background: var(--tt-accent-subtle);
  }
  .count {
    font-size: calc(var(--tt-font-size) * 0.8);
    font-variant-numeric: tabular-nums;
  }

  .failure {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0 12px;
    padding-block: 4px 2px;
    font-size: calc(var(--tt-font-size) * 0.867);
    text-align: end;
    color: var(--tt-danger);
  }
  .choices {
    display: inline-flex;
    gap: 12px;
  }
  .failure button {
    font-weight: 600;
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  teatime-message-actions {
    position: absolute;
    z-index: 1;
    inset-block-end: calc(100% - 10px);
    inset-inline-start: 0;
  }
  .own teatime-message-actions {
    inset-inline: auto 0;
  }

  @media (pointer: coarse) {
    .reactions {
      gap: 8px;
      padding-block: 6px;
    }
    .reaction {
      position: relative;
      min-inline-size: 44px;
      min-block-size: 36px;
      justify-content: center;
      padding-inline: 11px;
    }
    .reaction::after {
      content: '';
      position: absolute;
      inset: -5px;
    }
    .failure button {
      min-block-size: 44px;
    }
    :host {
      user-select: none;
      -webkit-user-select: none;
    }
  }
  @media (forced-colors: active) {
    .bubble,
    .reaction {
      border: 1px solid CanvasText;
    }
    .reaction[aria-pressed='true'] {
      border: 2px solid Highlight;
    }
  }
`;
