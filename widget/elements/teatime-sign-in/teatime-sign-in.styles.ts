import { css } from 'lit';

export const signInStyles = css`
  :host {
    display: block;
    inline-size: min(100%, 340px);
    margin-inline: auto;
    color: var(--tt-text);
  }
  .mark {
    display: grid;
    place-items: center;
    inline-size: 52px;
    block-size: 52px;
    margin-block-end: 16px;
    border-radius: calc(var(--tt-radius) + 2px);
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
  }
  .logo {
    max-inline-size: 220px;
    block-size: 52px;
    margin-block-end: 16px;
    font-weight: 650;
    object-fit: contain;
  }
  h2 {
    font-size: 1.45em;
    font-weight: 650;
    line-height: 1.2;
    letter-spacing: -0.015em;
    outline: none;
  }
  .subtitle {
    margin-block: 4px 20px;
    color: var(--tt-text-muted);
  }
  form {
    display: grid;
    gap: 14px;
  }
  .field {
    display: grid;
    gap: 5px;
  }
  label {
    font-size: 0.9em;
    font-weight: 550;
  }
  .box {
    position: relative;
    display: grid;
  }
  .box .input:has(+ .icon-button) {
    padding-inline-end: 46px;
  }
  .box .icon-button {
    position: absolute;
    inset-block: 0;
    inset-inline-end: 2px;
    margin-block: auto;
  }
  .hint,
  .error {
    font-size: 0.85em;
    color: var(--tt-text-muted);
  }
  .error {
    color: var(--tt-danger);
  }
  .alert {
    padding: 10px 12px;
    border-radius: calc(var(--tt-radius) * 0.75);
    font-size: 0.93em;
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .info {
    margin-block-end: 16px;
    color: var(--tt-warning);
    background: var(--tt-warning-subtle);
  }
  .button {
    inline-size: 100%;
    min-block-size: 44px;
  }
  .other,
  .guest {
    margin-block-start: 8px;
  }
  .more {
    justify-self: start;
    font-size: 0.9em;
    color: var(--tt-accent-text);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  @media (pointer: coarse) {
    .more {
      min-block-size: 44px;
    }
  }
`;
