import { css } from 'lit';

export const noticesStyles = css`
  :host {
    display: block;
    font-size: 0.9em;
  }
  .notice {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: 40px;
    padding: 6px 8px 6px 16px;
    border-block-end: 1px solid var(--tt-border);
    color: var(--tt-warning);
    background: var(--tt-warning-subtle);
  }
  .notice:dir(rtl) {
    padding: 6px 16px 6px 8px;
  }
  .notice > .text {
    flex: 1;
  }
  .notice.error {
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  /* A short interruption is not worth a word. */
  .notice.brief {
    animation: wait 1.2s step-end;
  }
  @keyframes wait {
    from {
      visibility: hidden;
      margin-block-end: -41px;
    }
  }
  .notice button:not(.icon-button) {
    flex: none;
    padding: 4px 10px;
    border-radius: var(--tt-radius-small);
    font-weight: 600;
    color: inherit;
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  @media (pointer: coarse) {
    .notice button:not(.icon-button) {
      min-block-size: 44px;
      margin-block: -6px;
    }
  }
  .notice .icon-button {
    inline-size: 32px;
    block-size: 32px;
    color: inherit;
  }
`;
