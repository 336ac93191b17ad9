import { css } from 'lit';

export const avatarEditorStyles = css`
  :host {
    display: block;
    text-align: start;
  }
  section {
    display: grid;
    justify-items: center;
    gap: 12px;
    padding: 12px;
    border: 1px solid var(--tt-border);
    border-radius: var(--tt-radius);
    background: var(--tt-surface-raised);
  }
  h3 {
    justify-self: start;
    font-weight: 600;
  }
  .drop {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 10px;
    inline-size: 100%;
    min-block-size: 148px;
    padding: 16px;
    border: 2px dashed var(--tt-border-strong);
    border-radius: calc(var(--tt-radius) - 4px);
    color: var(--tt-text-muted);
    text-align: center;
  }
  .over .drop {
    border-color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
  }
  .over teatime-avatar-stage {
    outline: 3px dashed var(--tt-accent-text);
    outline-offset: 2px;
  }
  teatime-avatar-stage {
    inline-size: 100%;
  }
  .error {
    inline-size: 100%;
    padding: 10px 14px;
    border-radius: var(--tt-radius-small);
    font-size: 0.9em;
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  [role='alert'] {
    inline-size: 100%;
  }
  [role='alert']:empty {
    display: none;
  }
  .choices,
  .decide {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }
  .choices {
    inline-size: 100%;
  }
  .choices .first {
    margin-inline-end: auto;
  }
`;
