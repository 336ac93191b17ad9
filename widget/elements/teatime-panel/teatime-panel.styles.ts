import { css } from 'lit';

export const panelStyles = css`
  :host {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    block-size: 100%;
    min-inline-size: 0;
    container: panel / inline-size;
    color: var(--tt-text);
    background: var(--tt-surface);
    overflow-wrap: anywhere;
  }
  teatime-notices {
    grid-row: 1;
  }
  .layout,
  .gate {
    grid-row: 2;
    min-block-size: 0;
  }
  .layout {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  .layout > * {
    min-inline-size: 0;
    min-block-size: 0;
    grid-area: 1 / 1;
  }
  .side,
  .main,
  .details {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
  }
  .side > *,
  .main > *,
  .details > * {
    min-inline-size: 0;
    min-block-size: 0;
  }

  /* One pane at a time. */
  @container panel (width < 560px) {
    .layout[data-view='list'] > :not(.side),
    .layout[data-view='conversation'] > :not(.main),
    .layout[data-view='details'] > :not(.details) {
      display: none;
    }
  }
  /* List and conversation; the details take the conversation's place. */
  @container panel (width >= 560px) {
    .layout {
      grid-template-columns: min(var(--tt-list-width), 42%) minmax(0, 1fr);
    }
    .side {
      border-inline-end: 1px solid var(--tt-border);
    }
    .main,
    .details {
      grid-column: 2;
    }
  }
  @container panel (560px <= width < 1000px) {
    .layout[data-view='details'] > .main {
      display: none;
    }
  }
  /* All three. */
  @container panel (width >= 1000px) {
    .layout[data-view='details'] {
      grid-template-columns: var(--tt-list-width) minmax(0, 1fr) var(--tt-details-width);
    }
    .details {
      grid-column: 3;
      border-inline-start: 1px solid var(--tt-border);
    }
  }

  .empty,
  .gate {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 8px;
    padding: 32px 24px;
    text-align: center;
    color: var(--tt-text-muted);
  }
  .main .empty {
    background: var(--tt-surface-sunken);
  }
  .empty .mark {
    display: grid;
    place-items: center;
    inline-size: 64px;
    block-size: 64px;
    margin-block-end: 8px;
    border-radius: 50%;
    color: var(--tt-accent-text);
    background: var(--tt-accent-subtle);
  }
  .empty h2 {
    font-size: 1.13em;
    font-weight: 600;
    color: var(--tt-text);
  }
  .gate.scroll {
    place-content: safe center stretch;
    justify-items: stretch;
  }
  .gate .close {
    position: absolute;
    inset-block-start: 8px;
    inset-inline-end: 8px;
  }
  .gate {
    position: relative;
    text-align: start;
  }
  /* The wait is mostly too short to speak of. */
  .gate[aria-busy] > .words {
    animation: appear 400ms 400ms backwards;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .gate > .words {
    text-align: center;
    justify-self: center;
  }
`;
