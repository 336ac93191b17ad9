import { css } from 'lit';

export const avatarStyles = css`
  :host {
    display: inline-block;
    position: relative;
    flex: none;
    inline-size: var(--size, 40px);
    block-size: var(--size, 40px);
    user-select: none;
  }
  .face {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 100%;
    block-size: 100%;
    border-radius: 50%;
    overflow: hidden;
    /* One lightness for all tints keeps the initials readable on every one of them. */
    color: light-dark(oklch(0.38 0.07 var(--hue)), oklch(0.9 0.05 var(--hue)));
    background: light-dark(oklch(0.905 0.045 var(--hue)), oklch(0.38 0.055 var(--hue)));
    font-size: calc(var(--size, 40px) * 0.38);
    font-weight: 600;
    line-height: 1;
  }
  :host([color='stone']) .face {
    color: light-dark(oklch(0.38 0.012 95), oklch(0.9 0.01 95));
    background: light-dark(oklch(0.905 0.01 95), oklch(0.38 0.01 95));
  }
  :host {
    --hue: 162;
  }
  :host([color='moss']) {
    --hue: 125;
  }
  :host([color='sea']) {
    --hue: 200;
  }
  :host([color='sky']) {
    --hue: 245;
  }
  :host([color='iris']) {
    --hue: 285;
  }
  :host([color='plum']) {
    --hue: 325;
  }
  :host([color='rose']) {
    --hue: 5;
  }
  :host([color='clay']) {
    --hue: 40;
  }
  :host([color='amber']) {
    --hue: 80;
  }
  .initials::before {
    content: attr(data-text);
  }
  img {
    position: absolute;
    inset: 0;
    inline-size: 100%;
    block-size: 100%;
    object-fit: cover;
  }
  .presence {
    position: absolute;
    inset-block-end: -1px;
    inset-inline-end: -1px;
    inline-size: max(10px, calc(var(--size, 40px) * 0.3));
    block-size: max(10px, calc(var(--size, 40px) * 0.3));
    border-radius: 50%;
    border: 2px solid var(--avatar-ring, var(--tt-surface));
    background: var(--tt-online);
  }
  .presence.away {
    background: radial-gradient(circle at 30% 30%, var(--tt-surface) 38%, var(--tt-away) 42%);
    background-color: var(--tt-away);
  }
  @media (forced-colors: active) {
    .face {
      border: 1px solid CanvasText;
    }
    .presence {
      forced-color-adjust: none;
    }
  }
`;
