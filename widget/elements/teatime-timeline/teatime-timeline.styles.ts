import { css } from 'lit';

export const timelineStyles = css`
  :host {
    position: relative;
    display: block;
    min-block-size: 0;
  }
  .scroll {
    position: relative;
    block-size: 100%;
    overflow-x: hidden;
    overflow-anchor: none;
  }
  .content {
    display: flex;
    flex-direction: column;
    justify-content: flex-end;
    min-block-size: 100%;
    padding-block-end: 12px;
  }
  .content > * {
    flex: none;
  }
  .row {
    /* Keeps margins inside, so that a row's height is all the room that it takes. */
    display: flow-root;
  }
  /* A message shows by itself, around its bubble, that it has the focus. */
  teatime-message:focus-visible {
    outline: none;
  }
  .day,
  .new-line {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 14px 16px 4px;
    font-size: calc(var(--tt-font-size) * 0.8);
    color: var(--tt-text-muted);
  }
  .day {
    justify-content: center;
  }
  .day span {
    padding: 3px 10px;
    border-radius: 999px;
    background: var(--tt-surface-sunken);
    font-weight: 550;
  }
  .new-line {
    color: var(--tt-accent-text);
    font-weight: 600;
  }
  .new-line::before,
  .new-line::after {
    content: '';
    flex: 1;
    border-block-start: 1px solid color-mix(in oklab, var(--tt-accent-fill) 45%, transparent);
  }

  .beginning {
    display: grid;
    justify-items: center;
    gap: 6px;
    margin-block: auto 0;
    padding: 32px 24px 16px;
    text-align: center;
    color: var(--tt-text-muted);
    overflow-wrap: anywhere;
  }
  .beginning:has(.invitation) {
    margin-block: auto;
  }
  .beginning teatime-avatar {
    --size: 64px;
    margin-block-end: 6px;
  }
  .invitation {
    color: var(--tt-text);
    font-weight: 550;
  }
  .skeletons {
    display: grid;
    gap: 12px;
    padding: 16px 12px 8px 48px;
  }
  .skeletons .skeleton {
    inline-size: 58%;
    block-size: 40px;
    border-radius: var(--tt-bubble-radius);
  }
  .skeletons .skeleton:nth-child(2) {
    inline-size: 42%;
  }
  .skeletons .own {
    justify-self: end;
    inline-size: 50%;
  }
  .trouble {
    display: grid;
    justify-items: center;
    gap: 10px;
    padding: 24px 16px;
    text-align: center;
    color: var(--tt-text-muted);
  }

  .typing {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 10px 12px 0;
  }
  .typing teatime-avatar {
    --size: 28px;
  }
  .typing teatime-avatar + teatime-avatar {
    margin-inline-start: -16px;
  }
  .dots {
    display: inline-flex;
    gap: 4px;
    padding: 13px 14px;
    border-radius: var(--tt-bubble-radius);
    background: var(--tt-bubble-other);
  }
  .dots i {
    inline-size: 6px;
    block-size: 6px;
    border-radius: 50%;
    background: var(--tt-text-muted);
    animation: dot 1.2s ease-in-out infinite;
  }
  .dots i:nth-child(2) {
    animation-delay: 0.15s;
  }
  .dots i:nth-child(3) {
    animation-delay: 0.3s;
  }
  @keyframes dot {
    0%,
    60%,
    100% {
      opacity: 0.4;
    }
    30% {
      opacity: 1;
      translate: 0 -2px;
    }
  }
  .end {
    block-size: 1px;
  }

  .pill {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-end: 16px;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-inline-size: 38px;
    min-block-size: 38px;
    padding: 0 9px;
    border: 1px solid var(--tt-border);
    border-radius: 999px;
    color: var(--tt-text-muted);
    background: var(--tt-surface-raised);
    box-shadow: 0 4px 16px -4px light-dark(oklch(0.25 0.02 95 / 0.25), oklch(0 0 0 / 0.6));
    animation: rise var(--tt-duration) ease-out;
  }
  .pill.new {
    padding-inline: 14px 11px;
    font-weight: 600;
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
    border-color: transparent;
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 6px;
    }
  }
  @media (pointer: coarse) {
    .pill {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
`;
