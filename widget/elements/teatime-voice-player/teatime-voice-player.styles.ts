import { css } from 'lit';

export const voicePlayerStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }
  .player {
    display: flex;
    align-items: center;
    gap: 10px;
  }
  .toggle {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
    color: var(--tt-on-accent);
    background: var(--tt-accent-fill);
    transition: background-color var(--tt-duration) ease-out;
  }
  .toggle:hover {
    background: var(--tt-accent-hover);
  }
  .toggle .icon {
    fill: currentColor;
  }
  .loading .toggle {
    animation: breathe 0.8s ease-in-out infinite alternate;
  }
  .body {
    flex: 1;
    min-inline-size: 0;
  }
  .wave {
    --played: 0;
    position: relative;
    block-size: 26px;
    border-radius: 4px;
    cursor: pointer;
    touch-action: none;
    color: var(--tt-accent-text);
  }
  .wave.flat {
    block-size: 18px;
  }
  .wave:dir(rtl) svg {
    scale: -1 1;
  }
  svg {
    display: block;
  }
  .wave svg {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  .rest {
    opacity: 0.42;
  }
  .done {
    clip-path: inset(0 calc(100% * (1 - var(--played))) 0 0);
  }
  .time {
    display: block;
    font-size: calc(var(--tt-font-size) * 0.733);
    line-height: 1.3;
    font-variant-numeric: tabular-nums;
    color: color-mix(in oklab, currentColor 76%, transparent);
  }
  .failed .time {
    color: var(--tt-danger);
  }
  .rate {
    flex: none;
    min-inline-size: 40px;
    min-block-size: 26px;
    padding: 2px 6px;
    border-radius: 999px;
    font-size: calc(var(--tt-font-size) * 0.8);
    font-weight: 600;
    text-align: center;
    font-variant-numeric: tabular-nums;
    background: var(--tt-surface-active);
  }
  .rate:hover {
    background: var(--tt-surface-hover);
  }
  @media (pointer: coarse) {
    .toggle {
      inline-size: 44px;
      block-size: 44px;
    }
    .rate {
      min-inline-size: 44px;
      min-block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .toggle,
    .rate {
      border: 1px solid ButtonBorder;
    }
    .wave {
      color: CanvasText;
    }
    .done {
      color: Highlight;
    }
  }
`;
