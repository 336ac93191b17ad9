import { css } from 'lit';

export const profileStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
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
  .body {
    display: grid;
    align-content: start;
    gap: calc(20px * var(--tt-density));
    padding: calc(8px * var(--tt-density)) 16px 24px;
  }
  teatime-avatar-field {
    --size: 96px;
  }
  form {
    display: grid;
    gap: 16px;
  }
  label,
  legend {
    padding: 0;
    font-size: 0.9em;
    font-weight: 550;
  }
  .field {
    display: grid;
    gap: 5px;
  }
  summary {
    padding-block: 10px;
    font-weight: 550;
    cursor: pointer;
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-inline-size: 0;
  }
  .colors {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    max-inline-size: 212px;
    margin-block-start: 8px;
  }
  .color {
    position: relative;
    display: grid;
    border-radius: 50%;
    cursor: pointer;
  }
  .color input {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    opacity: 0;
    cursor: pointer;
  }
  .color teatime-avatar {
    --size: 36px;
    border-radius: 50%;
  }
  .color:has(:checked) teatime-avatar {
    outline: 2px solid var(--tt-text);
    outline-offset: 2px;
  }
  .color:has(:focus-visible) teatime-avatar {
    outline: 3px solid var(--tt-focus);
    outline-offset: 2px;
  }
  .save {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .note {
    font-size: 0.9em;
    color: var(--tt-text-muted);
  }
  .error {
    font-size: 0.9em;
    color: var(--tt-danger);
  }
  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 8px 16px;
    margin: 0;
    padding-block: 16px;
    border-block: 1px solid var(--tt-border);
  }
  dt {
    color: var(--tt-text-muted);
  }
  dd {
    margin: 0;
  }
  .leave {
    display: grid;
    gap: 12px;
  }
  .check {
    display: flex;
    gap: 10px;
    align-items: start;
    font-weight: 400;
    color: var(--tt-text-muted);
  }
  .check input {
    flex: none;
    inline-size: 18px;
    block-size: 18px;
    accent-color: var(--tt-accent-fill);
  }
  @media (forced-colors: active) {
    .color:has(:checked) teatime-avatar {
      outline-color: Highlight;
    }
  }
  @media (pointer: coarse) {
    .check {
      align-items: center;
      min-block-size: 44px;
    }
  }
`;
