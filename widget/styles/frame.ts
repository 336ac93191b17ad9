import { css } from 'lit';

/** The box around the interface in the public element's own shadow root: a floating panel, a box in the page, or the window. */
export const frameStyles = css`
  .home {
    display: contents;
  }
  /* Nothing of the page's own styles is inherited, but whether the element is seen, its language and whether it is dark. */
  .frame {
    all: initial;
    color-scheme: inherit;
    visibility: inherit;
    -webkit-locale: inherit;
    -webkit-text-size-adjust: 100%;
    box-sizing: border-box;
    display: block;
    border: 1px solid var(--tt-border);
    border-radius: var(--tt-panel-radius);
    overflow: clip;
    color: var(--tt-text);
    background: var(--tt-surface);
    font: 400 var(--tt-font-size) / 1.45 var(--tt-font);
  }
  .frame > teatime-panel {
    block-size: 100%;
  }
  div.frame {
    block-size: 100%;
  }
  :host([mode='page']) div.frame {
    block-size: var(--viewport-height, 100dvh);
    margin-block-start: var(--viewport-top, 0);
    border: 0;
    border-radius: 0;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }

  dialog.frame:not(:popover-open, :modal) {
    display: none;
  }
  dialog.frame {
    position: fixed;
    inset: auto;
    inset-block-end: calc(max(20px, env(safe-area-inset-bottom)) + 68px);
    inset-inline-end: 20px;
    inline-size: min(var(--tt-panel-width), 100vw - 40px);
    block-size: min(var(--tt-panel-height), 100dvh - 108px);
    max-inline-size: none;
    max-block-size: none;
    box-shadow: var(--tt-shadow);
    animation: rise var(--tt-duration) ease-out;
  }
  :host([position='bottom-start']) dialog.frame {
    inset-inline: 20px auto;
  }
  dialog.frame::backdrop {
    background: none;
  }
  dialog.frame:modal {
    inset: var(--viewport-top, 0) auto auto 0;
    inline-size: 100vw;
    block-size: var(--viewport-height, 100dvh);
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
    border: 0;
    border-radius: 0;
  }
  @keyframes rise {
    from {
      opacity: 0;
      translate: 0 8px;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    dialog.frame {
      animation: none;
    }
  }
`;
