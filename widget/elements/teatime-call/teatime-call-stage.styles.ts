import { css } from 'lit';

/** Always dark, so that the pictures are what is bright. */
export const stageStyles = css`
  :host {
    display: block;
    block-size: 100%;
    color-scheme: dark;
    color: var(--tt-text);
  }
  section {
    position: relative;
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    block-size: 100%;
    overflow: clip;
    background: oklch(0.17 0.006 95);
  }
  header {
    grid-area: 1 / 1;
    display: flex;
    align-items: center;
    gap: 2px;
    min-block-size: 44px;
    padding-inline: 14px 6px;
  }
  header .icon-button {
    inline-size: 36px;
    block-size: 36px;
  }
  .who {
    flex: 1;
    display: flex;
    align-items: baseline;
    gap: 10px;
    min-inline-size: 0;
    white-space: nowrap;
    font-weight: 600;
  }
  .state {
    flex: none;
    font-weight: 400;
    font-size: 0.9em;
    font-variant-numeric: tabular-nums;
    color: var(--tt-text-muted);
  }

  .tiles {
    grid-area: 2 / 1;
    display: grid;
    grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
    grid-auto-rows: minmax(0, 1fr);
    gap: 6px;
    padding: 0 8px;
    min-block-size: 0;
  }
  .tiles.speaker-view {
    grid-template-rows: minmax(0, 1fr);
    grid-auto-rows: minmax(56px, 22%);
  }
  .tile {
    position: relative;
    grid-column-end: span 2;
    display: grid;
    place-items: center;
    min-inline-size: 0;
    min-block-size: 0;
    border-radius: 12px;
    overflow: clip;
    background: oklch(0.25 0.008 95);
  }
  .main {
    order: -1;
    grid-column: 1 / -1;
  }
  .tile > teatime-avatar {
    --size: clamp(36px, 30cqmin, 96px);
  }
  .tile {
    container-type: size;
  }
  .tile video {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .tile video.whole {
    object-fit: contain;
    background: oklch(0.12 0.004 95);
  }
  .tile::after {
    content: '';
    position: absolute;
    inset: 0;
    border: 3px solid transparent;
    border-radius: inherit;
    pointer-events: none;
    transition: border-color var(--tt-duration);
  }
  .tile.speaking::after {
    border-color: oklch(0.78 0.15 152);
  }
  .ringing > teatime-avatar {
    animation: breathe 1.4s ease-in-out infinite alternate;
  }
  .name,
  .waiting {
    position: absolute;
    inset-block-end: 6px;
    display: flex;
    align-items: center;
    gap: 6px;
    max-inline-size: calc(100% - 12px);
    padding: 2px 8px;
    border-radius: 999px;
    font-size: 0.8em;
    color: oklch(0.97 0 0);
    background: oklch(0.15 0.006 95 / 0.72);
  }
  .name {
    inset-inline-start: 6px;
  }
  .waiting {
    inset-block: 6px auto;
    inset-inline: 6px;
    inline-size: fit-content;
    margin-inline: auto;
    text-align: center;
  }
  .quality {
    flex: none;
    fill: oklch(1 0 0 / 0.3);
  }
  .quality .on {
    fill: currentColor;
  }
  .q1,
  .q0 {
    color: oklch(0.8 0.13 50);
  }

  .self {
    position: absolute;
    z-index: 1;
    inset-block: 50px auto;
    inset-inline: 14px auto;
    inline-size: clamp(76px, 24%, 180px);
    aspect-ratio: 4 / 3;
    border-radius: 12px;
    box-shadow: 0 2px 14px oklch(0 0 0 / 0.5);
    cursor: grab;
    touch-action: none;
    user-select: none;
  }
  .self:active {
    cursor: grabbing;
  }
  .self.end-block {
    inset-block: auto 74px;
  }
  .self.end-inline {
    inset-inline: auto 14px;
  }
  .self .tile {
    block-size: 100%;
    outline: 1px solid oklch(1 0 0 / 0.25);
  }
  .self .name {
    inset-block-end: 3px;
    inset-inline-start: 3px;
    padding-inline: 6px;
  }
  .self .waiting,
  .self .quality {
    display: none;
  }
  .switch {
    position: absolute;
    inset-block-start: 0;
    inset-inline-end: 0;
    margin: 4px;
    color: oklch(1 0 0);
    background: oklch(0.15 0.006 95 / 0.5);
  }
  .self .switch {
    inline-size: 32px;
    block-size: 32px;
  }
  header .icon-button.on {
    color: oklch(0.8 0.12 152);
  }
  .low .self {
    inline-size: 76px;
    inset-block: 46px auto;
  }

  .notes {
    grid-area: 2 / 1;
    align-self: end;
    z-index: 2;
    display: grid;
    gap: 6px;
    padding: 8px;
    pointer-events: none;
  }
  .note {
    pointer-events: auto;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 10px;
    justify-self: center;
    max-inline-size: 460px;
    padding: 6px 8px 6px 14px;
    border-radius: 12px;
    font-size: 0.9em;
    background: oklch(0.3 0.012 95);
    box-shadow: 0 2px 12px oklch(0 0 0 / 0.4);
  }
  .note span {
    flex: 1 1 150px;
  }
  .note .button {
    padding: 4px 12px;
  }
  @media (pointer: fine) {
    .note .button {
      min-block-size: 32px;
    }
  }
  .pickers {
    position: absolute;
    z-index: 3;
    inset-inline: 12px;
    inset-block-end: 66px;
    margin-inline: auto;
    max-inline-size: 380px;
    max-block-size: calc(100% - 78px);
    overflow-y: auto;
    display: grid;
    gap: 10px;
    padding: 14px;
    border: 1px solid var(--tt-border);
    border-radius: 12px;
    background: oklch(0.25 0.008 95);
    box-shadow: 0 6px 24px oklch(0 0 0 / 0.5);
  }
  .controls {
    grid-area: 3 / 1;
    display: flex;
    justify-content: center;
    gap: clamp(4px, 2.5cqi, 12px);
    padding: 10px 8px;
  }
  :where(.controls) .icon-button {
    inline-size: 44px;
    block-size: 44px;
    color: var(--tt-text);
    background: oklch(0.3 0.01 95);
  }
  :where(.controls) .icon-button:hover {
    background: oklch(0.36 0.012 95);
  }
  .controls .icon-button.on {
    color: oklch(0.2 0.03 152);
    background: oklch(0.8 0.12 152);
  }
  .controls .leave {
    inline-size: 60px;
    border-radius: 22px;
  }
  .icon-button:focus-visible,
  .self:focus-visible {
    outline: 2px solid oklch(0.9 0.08 152);
    outline-offset: 2px;
  }
  @media (forced-colors: active) {
    .tile {
      border: 1px solid CanvasText;
    }
    .tile.speaking::after {
      border-color: Highlight;
    }
    .quality {
      fill: GrayText;
    }
    .quality .on {
      fill: CanvasText;
    }
  }
`;
