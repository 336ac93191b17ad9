import { css } from 'lit';

export const voiceRecorderStyles = css`
  :host {
    position: absolute;
    z-index: 2;
    inset-inline: -1px;
    inset-block-end: -1px;
    min-block-size: calc(100% + 2px);
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-items: center;
    padding: 3px;
    border: 1px solid var(--tt-border-strong);
    border-radius: calc(var(--tt-radius) * 1.65);
    background: var(--tt-composer-background);
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
    animation: appear var(--tt-duration) ease-out;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .row {
    display: flex;
    align-items: center;
    gap: 6px;
    min-inline-size: 0;
  }
  .icon-button,
  .send,
  .held {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 38px;
    block-size: 38px;
    border-radius: 50%;
  }
  .send,
  .held {
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
  }
  .send:hover {
    background: var(--tt-accent-hover);
  }
  .send:disabled {
    color: var(--tt-text-muted);
    background: var(--tt-surface-hover);
  }
  .discard:hover {
    color: var(--tt-danger);
  }
  .stop {
    color: var(--tt-danger);
  }
  .clock {
    display: flex;
    align-items: center;
    gap: 8px;
    flex: none;
    font-variant-numeric: tabular-nums;
  }
  .clock::before {
    content: '';
    inline-size: 9px;
    block-size: 9px;
    border-radius: 50%;
    background: var(--tt-danger);
    animation: pulse 1s ease-in-out infinite alternate;
  }
  @keyframes pulse {
    to {
      opacity: 0.25;
    }
  }
  .clock.ending {
    color: var(--tt-danger);
    font-weight: 600;
  }
  .levels {
    flex: 1;
    min-inline-size: 0;
    block-size: 32px;
    fill: none;
    stroke: var(--tt-accent-fill);
    stroke-width: 2;
    stroke-linecap: round;
  }
  .row.held-down {
    padding-inline-start: 12px;
  }
  .slide {
    flex: 1;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-inline-size: 0;
    font-size: 0.93em;
    color: var(--tt-text-muted);
  }
  .held {
    position: relative;
  }
  /* A halo as loud as the voice, from the script. */
  .held::before {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: inherit;
    background: var(--tt-accent-fill);
    opacity: 0.25;
    scale: var(--halo, 1.2);
  }
  .waiting {
    flex: 1;
    min-inline-size: 0;
    padding-inline: 6px;
    color: var(--tt-text-muted);
  }
  teatime-voice-player {
    flex: 1;
    min-inline-size: 0;
  }
  .notice {
    padding: 9px 14px 4px;
    font-size: 0.9em;
    color: var(--tt-danger);
  }
  .problem {
    padding: 11px 14px 8px;
  }
  .words {
    display: flex;
    gap: 10px;
    line-height: 1.4;
    overflow-wrap: anywhere;
  }
  .words .icon {
    margin-block-start: 1px;
    color: var(--tt-danger);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
    margin-block-start: 8px;
  }
  @media (pointer: coarse) {
    .send,
    .held {
      inline-size: 44px;
      block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .send,
    .held {
      border: 1px solid ButtonBorder;
    }
    .clock::before {
      background: Highlight;
    }
    .levels {
      stroke: CanvasText;
    }
  }
`;
