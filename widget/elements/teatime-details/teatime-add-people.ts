import { html, LitElement, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import Plus from 'lucide/dist/esm/icons/plus.mjs';
import type { User } from '../../../protocol/users.ts';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, ConversationView } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureText } from '../failure-text.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { PeopleSearch } from '../teatime-new-conversation/people-search.ts';
import { detailsStyles } from './teatime-details.styles.ts';

/** Finds people and puts them into a group, one by one. */
export class TeatimeAddPeople extends LitElement {
  static override styles = [baseStyles, detailsStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #search = new PeopleSearch(this, () => this.chat);

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  /** Whose addition is on its way. */
  @state() private pending: string | undefined;

  @property({ attribute: false }) view!: ConversationView;
  @property({ attribute: false }) words!: Strings['details'];
  /** Does something with the chat and shows what went wrong; resolves with whether it went well. */
  @property({ attribute: false }) run!: (act: (chat: Chat) => Promise<unknown>) => Promise<boolean>;

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  readonly #typed = (event: Event): void => {
    if (event.target instanceof HTMLInputElement) this.#search.search(event.target.value);
  };

  async #add(user: User): Promise<void> {
    this.pending = user.id;
    await this.run((chat) => chat.addMembers(this.view.id, [user.id]));
    this.pending = undefined;
  }

  override render() {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const { words } = this;
    const { people, query, busy, failure } = this.#search;
    return html`<input
        class="input"
        type="search"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-label=${words.search}
        placeholder=${words.search}
        @input=${this.#typed}
      />
      <p class="hint" role="status">
        ${
          failure
            ? failureText(strings, failure)
            : busy
              ? words.searching
              : people?.length === 0
                ? words.noMatch(query)
                : nothing
        }
      </p>
      <ul>
        ${repeat(
          people ?? [],
          ({ id }) => id,
          (user) => this.#renderPerson(user),
        )}
      </ul>`;
  }

  #renderPerson(user: User) {
    const { words } = this;
    const inside = this.view.members.some(({ userId, removed }) => userId === user.id && !removed);
    return html`<li class="member">
      <teatime-avatar .name=${user.displayName} .src=${user.avatarUrl} .color=${user.avatarColor}></teatime-avatar>
      <div class="who">
        <bdi class="truncate">${user.displayName}</bdi>
        <bdi class="sub truncate">@${user.username}</bdi>
      </div>
      ${
        inside
          ? html`<span class="role">${words.inside}</span>`
          : html`<button
              class="icon-button"
              type="button"
              aria-label=${words.addPerson(user.displayName)}
              ?disabled=${this.pending !== undefined}
              @click=${() => this.#add(user)}
            >
              ${icon(Plus)}
            </button>`
      }
    </li>`;
  }
}

define('teatime-add-people', TeatimeAddPeople);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-add-people': TeatimeAddPeople;
  }
}
