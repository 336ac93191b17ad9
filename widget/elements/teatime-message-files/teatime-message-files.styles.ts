import { css } from 'lit';

export const messageFilesStyles = css`
  :host {
    display: flow-root;
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    grid-auto-rows: minmax(0, 1fr);
    gap: 3px;
    aspect-ratio: var(--ratio);
    overflow: clip;
    border-radius: calc(var(--tt-bubble-radius) - 4px);
  }
  .n1 {
    grid-template-columns: minmax(0, 1fr);
  }
  .n3 {
    grid-template-columns: minmax(0, 2fr) minmax(0, 1fr);
  }
  .n3 .tile:first-child {
    grid-row: span 2;
  }
  .n5 {
    grid-template-columns: repeat(6, minmax(0, 1fr));
  }
  .n5 .tile {
    grid-column: span 2;
  }
  .rest1 .tile:last-child {
    grid-column: span 6;
  }
  .rest2 .tile:nth-last-child(-n + 2) {
    grid-column: span 3;
  }

  .tile {
    position: relative;
    overflow: clip;
    color: var(--tt-text);
    background: var(--tt-surface-active);
  }
  .tile > *,
  .open > img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
  }
  img,
  video,
  .placeholder {
    display: block;
    object-fit: cover;
  }
  video[controls] {
    object-fit: contain;
    background: oklch(0.16 0 0);
  }
  .dim {
    opacity: 0.35;
  }
  img.small {
    object-fit: scale-down;
  }
  .open {
    cursor: zoom-in;
    touch-action: manipulation;
  }
  .open.play {
    display: grid;
    place-items: center;
    cursor: pointer;
  }
  .open:focus-visible,
  video:focus-visible {
    outline-offset: -4px;
    outline: 3px solid oklch(0.99 0 0);
    box-shadow: inset 0 0 0 6px oklch(0.2 0 0 / 0.8);
    z-index: 1;
  }
  .disc .icon {
    fill: currentColor;
  }
  .disc {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    color: oklch(0.99 0 0);
    background: oklch(0.2 0 0 / 0.66);
  }
  .tile > .badge {
    inset: auto auto 8px 8px;
    inline-size: auto;
    block-size: auto;
    padding: 1px 7px;
    border-radius: 999px;
    font-size: calc(var(--tt-font-size) * 0.733);
    color: oklch(0.99 0 0);
    background: oklch(0.2 0 0 / 0.72);
    pointer-events: none;
  }
  .tile > .badge:dir(rtl) {
    inset: auto 8px 8px auto;
  }
  .tile > .hidden {
    display: grid;
    place-items: center;
    font-size: 1.5em;
    font-weight: 600;
    color: oklch(0.99 0 0);
    background: oklch(0.2 0 0 / 0.62);
    pointer-events: none;
  }
  .words {
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 8px;
    padding: 8px;
    font-size: calc(var(--tt-font-size) * 0.867);
    text-align: center;
    color: var(--tt-text-muted);
  }
  .words .button {
    min-block-size: 32px;
    padding: 4px 12px;
  }

  .veil {
    display: grid;
    place-content: center;
    justify-items: center;
    color: oklch(0.99 0 0);
    background: oklch(0.2 0 0 / 0.42);
  }
  .veil.words,
  .veil.failed {
    gap: 4px;
    padding: 6px;
    color: oklch(0.99 0 0);
    background: oklch(0.2 0 0 / 0.78);
  }
  .veil .icon-button,
  .veil .button {
    color: inherit;
    background: oklch(0.99 0 0 / 0.16);
  }
  .veil .icon-button:hover,
  .veil .button:hover {
    background: oklch(0.99 0 0 / 0.3);
  }
  .veil .deeds {
    display: flex;
    gap: 6px;
  }
  .veil .reason {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
    font-size: calc(var(--tt-font-size) * 0.8);
    line-height: 1.3;
    text-align: center;
  }
  .veil .progress {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    clip-path: inset(50%);
  }
  .ring {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    border-radius: 50%;
    background: oklch(0.2 0 0 / 0.66);
  }
  .ring:hover {
    background: oklch(0.2 0 0 / 0.85);
  }
  .ring:focus-visible {
    outline-color: oklch(0.99 0 0);
  }
  .ring > * {
    grid-area: 1 / 1;
  }
  .ring svg:first-child {
    inline-size: 44px;
    block-size: 44px;
    fill: none;
    stroke: oklch(0.99 0 0 / 0.25);
    stroke-width: 3;
    rotate: -90deg;
  }
  .ring .done {
    stroke: oklch(0.99 0 0);
    stroke-linecap: round;
    transition: stroke-dasharray var(--tt-duration) ease-out;
  }
  .ring svg.processing {
    animation: turn 1s linear infinite;
  }
  @keyframes turn {
    to {
      rotate: 270deg;
    }
  }

  .line {
    display: flex;
    align-items: center;
    gap: 10px;
    inline-size: 100%;
    block-size: 56px;
    margin-block-start: 4px;
    border-radius: calc(var(--tt-bubble-radius) - 6px);
    position: relative;
  }
  .whole::after {
    content: '';
    position: absolute;
    inset: 0;
    border-radius: calc(var(--tt-bubble-radius) - 6px);
  }
  .whole:hover::after {
    background: var(--tt-surface-hover);
  }
  .line .whole:is(:hover, :active) {
    background: none;
  }
  .mark {
    display: grid;
    place-items: center;
    flex: none;
    inline-size: 44px;
    block-size: 44px;
    border-radius: calc(var(--tt-bubble-radius) - 6px);
    color: var(--tt-accent-text);
    background: var(--tt-surface-raised);
  }
  .mark.pdf {
    color: var(--tt-danger);
  }
  .what {
    flex: 1;
    display: grid;
    align-content: center;
    gap: 1px;
    min-inline-size: 0;
    line-height: 1.3;
  }
  .name {
    display: flex;
    justify-self: start;
    min-inline-size: 0;
    max-inline-size: 100%;
    font-weight: 550;
    white-space: pre;
  }
  .name.truncate {
    display: block;
  }
  .audio .name {
    font-size: 0.87em;
  }
  .sub {
    font-size: calc(var(--tt-font-size) * 0.8);
    color: color-mix(in oklab, currentColor 78%, transparent);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .sub.reason {
    color: var(--tt-danger);
    white-space: normal;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
  }
  .line .icon-button {
    inline-size: 36px;
    block-size: 36px;
    color: inherit;
  }
  .line .progress {
    display: block;
    block-size: 3px;
    margin-block-start: 3px;
    border-radius: 2px;
    overflow: clip;
    background: color-mix(in oklab, currentColor 18%, transparent);
  }
  .line .progress > span {
    display: block;
    block-size: 100%;
    background: var(--tt-accent-fill);
    transition: inline-size var(--tt-duration) ease-out;
  }
  .voice .what .sub {
    display: none;
  }
  .voice .what .sub.reason {
    display: -webkit-box;
  }

  @media (forced-colors: active) {
    .line.card,
    .tile,
    .ring,
    .disc {
      border: 1px solid CanvasText;
    }
    .line .progress {
      border: 1px solid CanvasText;
    }
    .line .progress > span {
      background: Highlight;
      forced-color-adjust: none;
    }
    .ring .done {
      stroke: Highlight;
    }
  }
`;
