import { css } from 'lit';

export const privacyStyles = css`
  :host {
    display: grid;
    gap: 4px;
    padding-block: 16px;
    border-block-start: 1px solid var(--tt-border);
  }
  h3 {
    font-weight: 650;
  }
  .row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 2px 16px;
    min-block-size: 44px;
    padding-block: 6px;
  }
  label.row {
    cursor: pointer;
  }
  .hint {
    grid-column: 1;
    font-size: 0.85em;
    color: var(--tt-text-muted);
  }
  .pick {
    grid-template-columns: minmax(0, 1fr);
  }
  select {
    min-block-size: 44px;
    inline-size: 100%;
    margin: 0;
    padding: 6px 10px;
    border: 1px solid var(--tt-border-strong);
    border-radius: var(--tt-radius-small);
    font: inherit;
    font-size: max(1rem, 1em);
    color: var(--tt-text);
    background: var(--tt-surface-raised);
  }
  input {
    appearance: none;
    position: relative;
    inline-size: 40px;
    block-size: 24px;
    border: 2px solid var(--tt-border-strong);
    border-radius: 12px;
    background: var(--tt-surface-raised);
    cursor: pointer;
    transition: background-color var(--tt-duration) ease-out;
  }
  input::before {
    content: '';
    position: absolute;
    inset-block: 3px;
    inset-inline-start: 3px;
    inline-size: 14px;
    border-radius: 50%;
    background: var(--tt-text-muted);
    transition: inset-inline-start var(--tt-duration) ease-out;
  }
  input:checked {
    border-color: var(--tt-accent-fill);
    background: var(--tt-accent-fill);
  }
  input:checked::before {
    inset-inline-start: 19px;
    background: var(--tt-on-accent);
  }
  .note {
    font-size: 0.9em;
    color: var(--tt-text-muted);
  }
  .error {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    font-size: 0.9em;
    color: var(--tt-danger);
  }
  @media (forced-colors: active) {
    input {
      forced-color-adjust: none;
      border-color: CanvasText;
      background: Canvas;
    }
    input::before {
      background: CanvasText;
    }
    input:checked {
      border-color: Highlight;
      background: Highlight;
    }
    input:checked::before {
      background: HighlightText;
    }
  }
`;
