import { html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import Ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import UserPlus from 'lucide/dist/esm/icons/user-plus.mjs';
import type { Member, Role } from '../../../protocol/conversations.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, ConversationView } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { placeBeside } from '../place-beside.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { moveFocus } from '../teatime-message-actions/move-focus.ts';
import './teatime-add-people.ts';
import { detailsStyles } from './teatime-details.styles.ts';
import { mayRemove, memberOrder } from './rights.ts';

/** The members of a group with their roles, and what one may do with each. Fires `open-conversation` (`{ id }`). */
export class TeatimeMemberList extends LitElement {
  static override styles = [baseStyles, detailsStyles];

  @query('[popover]') private popoverElement!: HTMLElement | null;

  /** The member whose menu is open. */
  @state() private managed: Member | undefined;
  @state() private adding = false;

  @property({ attribute: false }) view!: ConversationView;
  @property() meId = '';
  @property({ attribute: false }) words!: Strings['details'];
  /** Does something with the chat and shows what went wrong; resolves with whether it went well. */
  @property({ attribute: false }) run!: (act: (chat: Chat) => Promise<unknown>) => Promise<boolean>;

  async #manage(member: Member, anchor: EventTarget | null): Promise<void> {
    this.managed = member;
    await this.updateComplete;
    if (!this.popoverElement || !(anchor instanceof Element)) return;
    this.popoverElement.showPopover();
    placeBeside(this.popoverElement, anchor);
    this.popoverElement.querySelector('button')?.focus();
  }

  readonly #menuKey = (event: KeyboardEvent): void => {
    const { popoverElement } = this;
    if (!popoverElement) return;
    if (event.key !== 'Escape') return moveFocus(event, popoverElement, 'block');
    event.preventDefault();
    event.stopPropagation();
    popoverElement.hidePopover();
  };

  #do(act: (chat: Chat) => Promise<unknown>): void {
    this.popoverElement?.hidePopover();
    void this.run(act);
  }

  #message(userId: string): void {
    this.#do(async (chat) => {
      const id = await chat.openDirect(userId);
      this.dispatchEvent(new CustomEvent('open-conversation', { detail: { id } }));
    });
  }

  override render() {
    const { view, words } = this;
    const members = view.members.filter(({ removed }) => !removed).toSorted(memberOrder);
    return html`<div class="card">
        <h3 class="heading">${words.members(view.memberCount)}</h3>
        ${
          view.myRole === 'member'
            ? nothing
            : html`<button
                class="line add"
                type="button"
                aria-expanded=${this.adding}
                @click=${() => (this.adding = !this.adding)}
              >
                <span class="round">${icon(UserPlus, { size: 18 })}</span><span>${words.add}</span>
              </button>`
        }
        ${
          this.adding
            ? html`<teatime-add-people .view=${view} .words=${words} .run=${this.run}></teatime-add-people>`
            : nothing
        }
        <ul>
          ${repeat(
            members,
            ({ userId }) => userId,
            (member) => this.#renderMember(member),
          )}
        </ul>
      </div>
      ${
        this.managed
          ? html`<div
              popover
              @toggle=${(event: ToggleEvent) => event.newState === 'closed' && (this.managed = undefined)}
              @keydown=${this.#menuKey}
            >
              ${this.#renderMenu(this.managed)}
            </div>`
          : nothing
      }`;
  }

  #renderMember(member: Member) {
    const { words } = this;
    const { user, role } = member;
    return html`<li class="member">
      <teatime-avatar .name=${user.displayName} .src=${user.avatarUrl} .color=${user.avatarColor}></teatime-avatar>
      <div class="who">
        <bdi class="truncate">${user.displayName}</bdi>
        <bdi class="sub truncate"
          >${user.id === this.meId ? words.you : user.kind && user.kind !== 'system' ? words[user.kind] : `@${user.username}`}</bdi
        >
      </div>
      ${role === 'member' ? nothing : html`<span class="role">${words[role]}</span>`}
      ${
        user.id === this.meId
          ? nothing
          : html`<button
              class="icon-button"
              type="button"
              aria-label=${words.manage(user.displayName)}
              aria-haspopup="menu"
              aria-expanded=${this.managed?.userId === member.userId}
              @click=${(event: Event) => this.#manage(member, event.currentTarget)}
            >
              ${icon(Ellipsis, { size: 18 })}
            </button>`
      }
    </li>`;
  }

  #renderMenu(member: Member) {
    const { view, words } = this;
    const { userId, role } = member;
    const { id, myRole } = view;
    const roles: readonly [Role, string][] = [
      ['owner', words.makeOwner],
      ['admin', words.makeAdmin],
      ['member', words.makeMember],
    ];
    return html`<div role="menu" aria-label=${words.manage(member.user.displayName)}>
      ${this.#renderItem(words.message, () => this.#message(userId))}
      ${
        myRole === 'owner'
          ? roles
              .filter(([other]) => other !== role)
              .map(([other, label]) =>
                this.#renderItem(label, () => this.#do((chat) => chat.setRole(id, userId, other))),
              )
          : nothing
      }
      ${
        mayRemove(myRole, role)
          ? this.#renderItem(words.remove, () => this.#do((chat) => chat.removeMember(id, userId)), 'danger')
          : nothing
      }
    </div>`;
  }

  #renderItem(label: string, act: () => void, kind = '') {
    return html`<button class="item ${kind}" type="button" role="menuitem" @click=${act}>${label}</button>`;
  }
}

define('teatime-member-list', TeatimeMemberList);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-member-list': TeatimeMemberList;
  }
}
