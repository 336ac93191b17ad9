import { css } from 'lit';

/** A round button in the composer's box, which has kept the place for it. */
export const composerButtonStyles = css`
  :host {
    flex: none;
  }
  .icon-button {
    inline-size: 100%;
    block-size: 100%;
  }
  :host([recording]) .icon-button {
    visibility: hidden;
  }
  /* A finger that stays on it holds a recording. */
  .mic {
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }
`;
