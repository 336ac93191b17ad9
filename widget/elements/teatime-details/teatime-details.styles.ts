import { css } from 'lit';

/** Shared by the details, the member list and the search for more people. */
export const detailsStyles = css`
  :host {
    display: block;
    min-block-size: 0;
    background: var(--tt-surface);
  }
  section {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    block-size: 100%;
  }
  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-block-size: calc(60px * var(--tt-density));
    padding: 4px 10px 4px 18px;
    border-block-end: 1px solid var(--tt-border);
  }
  header:dir(rtl) {
    padding: 4px 18px 4px 10px;
  }
  h2 {
    flex: 1;
    font-weight: 650;
  }
  header .flip {
    margin-inline-start: -10px;
  }
  .scroll {
    display: flex;
    flex-direction: column;
    gap: 12px;
    padding: 0 12px 16px;
  }
  /* They scroll instead of growing smaller than what is in them. */
  .scroll > * {
    flex: none;
  }
  .identity {
    display: grid;
    justify-items: center;
    gap: 4px;
    padding: 24px 8px 8px;
    text-align: center;
    overflow-wrap: anywhere;
  }
  .identity teatime-avatar-field {
    --size: 80px;
    margin-block-end: 8px;
  }
  .title {
    display: flex;
    align-items: center;
    gap: 2px;
  }
  h3 {
    font-size: 1.13em;
    font-weight: 650;
  }
  .title .icon-button {
    inline-size: 32px;
    block-size: 32px;
    margin-inline-end: -32px;
  }
  .sub,
  .hint {
    color: var(--tt-text-muted);
    font-size: 0.87em;
  }
  .hint:not(:empty) {
    padding-inline: 12px;
  }
  .rename {
    display: grid;
    gap: 8px;
    inline-size: 100%;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }
  .error {
    padding: 10px 14px;
    border-radius: var(--tt-radius-small);
    color: var(--tt-danger);
    background: var(--tt-danger-subtle);
  }
  .card {
    padding: 4px;
    border: 1px solid var(--tt-border);
    border-radius: var(--tt-radius);
    background: var(--tt-surface-raised);
  }
  .heading {
    padding: 10px 12px 6px;
    font-size: 0.87em;
    font-weight: 600;
    color: var(--tt-text-muted);
  }
  .line {
    display: flex;
    align-items: center;
    gap: 12px;
    inline-size: 100%;
    min-block-size: calc(44px * var(--tt-density));
    padding: calc(6px * var(--tt-density)) 12px;
    border-radius: calc(var(--tt-radius) - 4px);
  }
  .line > span:first-child:not(.round) {
    flex: 1;
  }
  .line:hover {
    background: var(--tt-surface-hover);
  }
  .line:focus-visible {
    outline-offset: -2px;
  }
  .line.danger {
    color: var(--tt-danger);
  }
  .switch {
    flex: none;
    inline-size: 36px;
    block-size: 22px;
    padding: 3px;
    border-radius: 11px;
    background: var(--tt-border-strong);
    transition: background-color var(--tt-duration) ease-out;
  }
  .switch::before {
    content: '';
    display: block;
    inline-size: 16px;
    block-size: 16px;
    border-radius: 50%;
    background: var(--tt-surface-raised);
    transition: margin var(--tt-duration) ease-out;
  }
  [aria-checked='true'] .switch {
    background: var(--tt-accent-fill);
  }
  [aria-checked='true'] .switch::before {
    margin-inline-start: 14px;
  }
  .round {
    display: grid;
    place-items: center;
    inline-size: 36px;
    block-size: 36px;
    border-radius: 50%;
    color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
  }
  .member {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: calc(52px * var(--tt-density));
    padding: 4px 4px 4px 12px;
  }
  .member:dir(rtl) {
    padding: 4px 12px 4px 4px;
  }
  .member teatime-avatar {
    --size: 36px;
  }
  .who {
    flex: 1;
    display: grid;
    min-inline-size: 0;
    line-height: 1.3;
  }
  .role {
    padding: 2px 8px;
    border-radius: 999px;
    font-size: calc(var(--tt-font-size) * 0.8);
    color: var(--tt-text-muted);
    background: var(--tt-surface-active);
  }
  .member .role:last-child {
    margin-inline-end: 8px;
  }
  .question {
    display: grid;
    gap: 12px;
    padding: 12px;
  }
  teatime-add-people {
    display: grid;
    gap: 4px;
    padding: 4px 8px 8px;
    background: none;
  }
  teatime-member-list {
    background: none;
  }
  [popover] {
    position: fixed;
    inset: auto;
    margin: 0;
    padding: 4px;
    border: 1px solid var(--tt-border);
    border-radius: var(--tt-radius);
    color: var(--tt-text);
    background: var(--tt-surface-raised);
    box-shadow: var(--tt-shadow);
  }
  .item {
    display: block;
    inline-size: 100%;
    min-inline-size: 176px;
    min-block-size: 36px;
    padding: 6px 12px;
    border-radius: calc(var(--tt-radius) - 4px);
  }
  .item:hover,
  .item:focus-visible {
    background: var(--tt-surface-hover);
  }
  .item:focus-visible {
    outline-offset: -2px;
  }
  .item.danger {
    color: var(--tt-danger);
  }
  @media (pointer: coarse) {
    .title .icon-button {
      margin-inline-end: -44px;
    }
    .item {
      min-block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .switch {
      border: 1px solid ButtonText;
    }
    .switch::before {
      background: ButtonText;
    }
  }
`;
