import { css } from 'lit';

export const avatarFieldStyles = css`
  :host {
    display: grid;
    justify-items: center;
    inline-size: 100%;
  }
  .face {
    position: relative;
    display: grid;
    border-radius: 50%;
  }
  .over {
    outline: 3px dashed var(--tt-accent-text);
    outline-offset: 3px;
  }
  button {
    position: absolute;
    inset-block-end: -6px;
    inset-inline-end: -10px;
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    border: 2px solid var(--tt-surface);
    border-radius: 50%;
    color: var(--tt-text);
    background: var(--tt-surface-raised);
    box-shadow: inset 0 0 0 1px var(--tt-border);
    transition: background-color var(--tt-duration) ease-out;
  }
  button:hover {
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
  }
  /* The button is larger than it looks, for fingers. */
  button::after {
    content: '';
    position: absolute;
    inset: -6px;
    border-radius: 50%;
  }
  teatime-avatar-editor {
    inline-size: 100%;
  }
  .error {
    margin-block-start: 12px;
    font-size: 0.9em;
    color: var(--tt-danger);
    text-align: center;
  }
  @media (forced-colors: active) {
    button {
      border: 1px solid ButtonBorder;
    }
  }
`;
