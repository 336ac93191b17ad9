import { css, unsafeCSS } from 'lit';
import { besideCall } from './room.ts';

export const callStyles = css`
  :host {
    position: absolute;
    z-index: 1;
    inset-block-start: 0;
    inset-inline: 0;
  }
  :host(:not([form])) {
    display: none;
  }
  :host([form='incoming']),
  :host([form='setup']),
  :host([form='stage'][large]) {
    inset: 0;
  }
  :host([form='stage']:not([large])) {
    block-size: min(54%, 460px);
  }
  :host([form='stage'][wide]:not([large])) {
    block-size: 100%;
    inline-size: calc(100% - ${unsafeCSS(besideCall)});
  }

  .card {
    display: grid;
    align-content: safe center;
    justify-items: center;
    gap: 6px;
    block-size: 100%;
    padding: 24px 16px;
    overflow-y: auto;
    outline: none;
    text-align: center;
    background: var(--tt-surface);
  }
  .card h2 {
    font-size: 1.4em;
    font-weight: 650;
  }
  .card p {
    color: var(--tt-text-muted);
  }
  .face {
    position: relative;
    display: grid;
    margin-block: 16px 18px;
    border-radius: 50%;
  }
  .face teatime-avatar {
    --size: 104px;
  }
  .face::before {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: 50%;
    border: 2px solid var(--tt-accent-fill);
    animation: ring 2.4s ease-out infinite;
  }
  @keyframes ring {
    to {
      scale: 1.4;
      opacity: 0;
    }
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 12px 4px;
    margin-block: 36px 20px;
  }
  .choice {
    display: grid;
    justify-items: center;
    align-content: start;
    gap: 8px;
    inline-size: 104px;
    border-radius: var(--tt-radius);
    font-size: 0.87em;
    line-height: 1.25;
    text-align: center;
  }
  .choice span {
    display: grid;
    place-items: center;
    inline-size: 60px;
    block-size: 60px;
    border-radius: 50%;
    color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
    transition: scale var(--tt-duration) ease-out;
  }
  .choice:hover span {
    scale: 1.05;
  }
  .choice.accept span {
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
  }
  .choice.decline span {
    color: oklch(0.99 0 0);
    background: oklch(0.53 0.19 27);
  }

  .bar {
    display: flex;
    align-items: center;
    gap: 4px;
    min-block-size: 52px;
    padding: 4px 8px 4px 14px;
    border-block-end: 1px solid var(--tt-border);
    background: var(--tt-surface-raised);
  }
  .bar:dir(rtl) {
    padding: 4px 14px 4px 8px;
  }
  .bar .open,
  .bar p {
    flex: 1;
    min-inline-size: 0;
    display: grid;
    min-block-size: 44px;
    align-content: center;
    line-height: 1.3;
    border-radius: var(--tt-radius-small);
  }
  .bar .open {
    position: relative;
  }
  .bar .open button {
    display: grid;
    font-weight: 600;
  }
  /* All of it can be pressed. */
  .bar .open button::after {
    content: '';
    position: absolute;
    inset: 0;
  }
  .bar .state {
    font-size: 0.87em;
    font-variant-numeric: tabular-nums;
    color: var(--tt-accent-text);
  }
  .bar .button {
    flex: none;
    padding: 6px 14px;
  }
  @media (pointer: fine) {
    .bar .button {
      min-block-size: 36px;
    }
  }
  .bar.over {
    background: var(--tt-surface-sunken);
  }
  .trouble {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 4px 4px 4px 14px;
    font-size: 0.9em;
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .trouble:dir(rtl) {
    padding: 4px 14px 4px 4px;
  }
  .trouble span {
    flex: 1;
  }
  .trouble .icon-button {
    color: inherit;
  }
  :host([form='stage']) .trouble,
  :host([form='incoming']) .trouble {
    position: absolute;
    z-index: 3;
    inset-block-start: 44px;
    inset-inline: 8px;
    border-radius: var(--tt-radius-small);
  }
  @media (forced-colors: active) {
    .choice span {
      border: 1px solid ButtonBorder;
    }
  }
`;
