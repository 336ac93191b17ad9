import { html, LitElement, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import Users from 'lucide/dist/esm/icons/users.mjs';
import type { AvatarColor, PresenceState } from '../../../protocol/users.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { avatarStyles } from './teatime-avatar.styles.ts';
import { initials } from './initials.ts';

/**
 * A face: the picture over the initials on a stable tint, which show until it has loaded and when it cannot be had, with a
 * presence dot. It is decoration: the name stands beside it, so screen readers skip it. Its size is the custom property
 * `--size` (40 px).
 */
export class TeatimeAvatar extends LitElement {
  static override styles = [baseStyles, avatarStyles];

  /** The picture that has loaded, and the one that could not be. */
  @state() private loaded: string | undefined;
  @state() private broken: string | undefined;

  @property() name = '';
  @property() src: string | undefined;
  @property({ reflect: true }) color: AvatarColor = 'leaf';
  @property() presence: PresenceState | undefined;
  /** A group shows people instead of initials. */
  @property({ type: Boolean }) group = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('aria-hidden', 'true');
  }

  override render() {
    // The initials are drawn by the style sheet: as text they would be searched, copied, and taken for a button's label.
    return html`<div class="face">${this.face()}</div>
      ${this.presence === 'online' || this.presence === 'away' ? html`<span class="presence ${this.presence}"></span>` : nothing}`;
  }

  private face() {
    const { src } = this;
    // The picture lies over the initials, which go once it is there: it may be see-through.
    return html`${
      src && src === this.loaded
        ? nothing
        : this.group
          ? icon(Users, { size: 18 })
          : html`<span class="initials" data-text=${initials(this.name)}></span>`
    }${
      src && src !== this.broken
        ? html`<img
            alt=""
            loading="lazy"
            decoding="async"
            referrerpolicy="no-referrer"
            src=${src}
            @load=${() => (this.loaded = src)}
            @error=${() => (this.broken = src)}
          />`
        : nothing
    }`;
  }
}

define('teatime-avatar', TeatimeAvatar);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-avatar': TeatimeAvatar;
  }
}
