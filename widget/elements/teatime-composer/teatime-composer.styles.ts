import { css } from 'lit';

export const composerStyles = css`
  :host {
    display: block;
    position: relative;
  }
  .composer {
    padding: calc(8px * var(--tt-density)) 12px calc(10px * var(--tt-density));
  }
  .box {
    position: relative;
    display: flex;
    align-items: flex-end;
    gap: 2px;
    padding: 3px;
    border: 1px solid var(--tt-border-strong);
    border-radius: calc(var(--tt-radius) * 1.65);
    background: var(--tt-composer-background);
  }
  .box:focus-within {
    border-color: var(--tt-focus);
    box-shadow: 0 0 0 1px var(--tt-focus);
  }
  teatime-attach-button,
  teatime-voice-button,
  .send {
    inline-size: 38px;
    block-size: 38px;
  }
  .box:has([recording]) > :not([recording]) {
    visibility: hidden;
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    field-sizing: content;
    max-block-size: calc(8lh + 18px);
    padding: 9px 4px;
    border: 0;
    background: none;
    resize: none;
    /* Of the placeholder: Chromium wants it here too. */
    text-overflow: ellipsis;
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    font-size: max(16px, var(--tt-font-size));
    line-height: max(20px, 1.25em);
  }
  /* The box around it shows the focus. */
  textarea:focus-visible {
    outline: none;
  }
  textarea::placeholder {
    color: var(--tt-text-muted);
    opacity: 1;
    white-space: nowrap;
    text-overflow: ellipsis;
    overflow: hidden;
  }
  /* A text has its own direction; while there is none, it is that of the words in its place. */
  textarea:placeholder-shown {
    direction: inherit;
    white-space: nowrap;
    overflow: hidden;
    /* With dir=auto Firefox lays out words from right to left outside of the field. */
    unicode-bidi: isolate;
  }
  @media (hover: hover) and (pointer: fine) {
    textarea {
      font-size: var(--tt-font-size);
    }
  }
  .send {
    display: grid;
    place-items: center;
    flex: none;
    border-radius: 50%;
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
    transition:
      background-color var(--tt-duration) ease-out,
      color var(--tt-duration) ease-out;
  }
  .send:hover {
    background: var(--tt-accent-hover);
  }
  .send:active {
    background: var(--tt-accent-active);
  }
  .send:disabled {
    color: var(--tt-text-muted);
    background: var(--tt-surface-hover);
  }
  .count {
    padding: 4px 14px 0;
    font-size: calc(var(--tt-font-size) * 0.8);
    text-align: end;
    color: var(--tt-text-muted);
  }
  .count:not(:has(*)):empty {
    padding: 0;
  }
  .count.wrong {
    color: var(--tt-danger);
    font-weight: 600;
  }
  .quote {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-block-end: 6px;
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--tt-accent-fill);
    border-radius: 8px;
    background: var(--tt-surface-hover);
    font-size: 0.87em;
  }
  .quoted {
    flex: 1;
    display: grid;
    min-inline-size: 0;
    padding-block: 5px;
  }
  .quoted strong {
    font-weight: 600;
    color: var(--tt-accent-text);
  }
  .people {
    position: absolute;
    z-index: 2;
    inset-inline: 12px;
    inset-block-end: 100%;
    padding: 4px;
    border: 1px solid var(--tt-border);
    border-radius: var(--tt-radius);
    background: var(--tt-surface-raised);
    box-shadow: var(--tt-shadow);
  }
  .person {
    display: flex;
    align-items: center;
    gap: 10px;
    min-block-size: 40px;
    padding: 4px 8px;
    border-radius: calc(var(--tt-radius) - 4px);
    cursor: pointer;
  }
  .person teatime-avatar {
    --size: 28px;
  }
  .person:hover,
  .person[aria-selected='true'] {
    background: var(--tt-surface-active);
  }
  .username {
    font-size: 0.87em;
    color: var(--tt-text-muted);
  }
  @media (pointer: coarse) {
    teatime-attach-button,
    teatime-voice-button,
    .send {
      inline-size: 44px;
      block-size: 44px;
    }
    textarea {
      padding-block: 12px;
    }
    .person {
      min-block-size: 48px;
    }
  }
  @media (forced-colors: active) {
    .send {
      border: 1px solid ButtonBorder;
    }
    .person[aria-selected='true'] {
      outline: 2px solid Highlight;
    }
  }
`;
