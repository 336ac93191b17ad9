import { css } from 'lit';

export const avatarStageStyles = css`
  :host {
    display: grid;
    justify-items: center;
    gap: 4px;
  }
  .stage {
    position: relative;
    inline-size: min(100%, 264px);
    aspect-ratio: 1;
    border-radius: calc(var(--tt-radius) - 4px);
    overflow: hidden;
    cursor: grab;
    touch-action: none;
    user-select: none;
  }
  .stage:active {
    cursor: grabbing;
  }
  .stage canvas {
    display: block;
    inline-size: 100%;
    block-size: 100%;
  }
  /* What is outside the circle is cut off wherever the picture is shown. */
  .stage::after {
    content: '';
    position: absolute;
    inset: 2px;
    border: 2px solid #fff;
    border-radius: 50%;
    box-shadow:
      inset 0 0 0 1px rgb(0 0 0 / 0.4),
      0 0 0 100vmax color-mix(in oklab, var(--tt-surface-raised) 65%, transparent);
    pointer-events: none;
  }
  .line {
    display: flex;
    align-items: center;
    gap: 4px;
    inline-size: min(100%, 264px);
  }
  input {
    flex: 1;
    min-inline-size: 0;
    block-size: 40px;
    accent-color: var(--tt-accent-fill);
  }
  .seen {
    gap: 12px;
  }
  .seen canvas {
    flex: none;
    inline-size: 40px;
    block-size: 40px;
    border-radius: 50%;
  }
  .note {
    font-size: 0.87em;
    color: var(--tt-text-muted);
  }
  @media (pointer: coarse) {
    input {
      block-size: 44px;
    }
  }
  @media (forced-colors: active) {
    .stage::after {
      border-color: Highlight;
    }
  }
`;
