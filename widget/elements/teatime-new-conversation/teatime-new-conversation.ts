import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import ArrowLeft from 'lucide/dist/esm/icons/arrow-left.mjs';
import Check from 'lucide/dist/esm/icons/check.mjs';
import Users from 'lucide/dist/esm/icons/users.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { ReadableAtom } from 'nanostores';
import type { User } from '../../../protocol/users.ts';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat } from '../../model/types.ts';
import '../../locales/add-later.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { nextIndex } from '../teatime-conversation-list/roving-focus.ts';
import { PeopleSearch } from './people-search.ts';
import { newConversationStyles } from './teatime-new-conversation.styles.ts';

/**
 * Finds people and opens a direct message with one of them, or makes a group of several.
 *
 * @fires back - the person does not want to after all
 * @fires mode-change - `{ mode }`, from message to group or back
 * @fires open-conversation - `{ id }`, it is there
 */
export class TeatimeNewConversation extends LitElement {
  static override styles = [baseStyles, newConversationStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #search = new PeopleSearch(this, () => this.chat);

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;
  @state() private active = 0;
  @state() private chosen: readonly User[] = [];
  @state() private groupName = '';
  @state() private busy = false;
  @state() private error = '';

  /** One person, or a group. */
  @property() mode: 'message' | 'group' = 'message';

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('mode')) this.error = '';
    if (!this.#mayWrite) this.mode = 'group';
    if (this.active >= (this.#search.people?.length ?? 0)) this.active = 0;
  }

  /** Where the site opens direct messages by itself, only groups are left. */
  get #mayWrite(): boolean {
    return this.#features.value?.has('direct') !== false;
  }

  /** Puts the focus into the first field. */
  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('input')?.focus());
  }

  #tell(type: string, detail?: object): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
  }

  #back(): void {
    if (this.#mayWrite && this.mode === 'group' && !this.chosen.length && !this.groupName)
      this.#tell('mode-change', { mode: 'message' });
    else this.#tell('back');
  }

  #onEscape(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    this.#back();
  }

  #onInput(event: InputEvent): void {
    this.active = 0;
    this.error = '';
    this.#search.search((event.target as HTMLInputElement).value);
  }

  #onKey(event: KeyboardEvent): void {
    const people = this.#search.people ?? [];
    // In a text field Home and End belong to the text.
    const next = event.key.startsWith('Arrow') ? nextIndex(event.key, this.active, people.length) : undefined;
    if (next !== undefined) {
      event.preventDefault();
      this.active = next;
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector('.row.active')?.scrollIntoView({ block: 'nearest' }),
      );
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      const person = people[this.active];
      if (person && !this.#search.busy) void this.#pick(person);
    } else if (event.key === 'Backspace' && this.#search.query === '' && this.chosen.length > 0) {
      this.chosen = this.chosen.slice(0, -1);
    }
  }

  async #pick(person: User): Promise<void> {
    if (this.mode === 'message') {
      await this.#attempt((chat) => chat.openDirect(person.id));
      return;
    }
    const without = this.chosen.filter(({ id }) => id !== person.id);
    this.chosen = without.length < this.chosen.length ? without : [...this.chosen, person];
  }

  async #create(strings: Strings): Promise<void> {
    const title = this.groupName.trim();
    if (!title) this.error = strings.compose.groupNameMissing;
    else if (this.chosen.length === 0) this.error = strings.compose.groupNeedsPeople;
    else
      await this.#attempt((chat) =>
        chat.createGroup(
          title,
          this.chosen.map(({ id }) => id),
        ),
      );
    if (this.error && !title) this.focus();
  }

  async #attempt(make: (chat: Chat) => Promise<string>): Promise<void> {
    if (this.busy || !this.chat) return;
    this.busy = true;
    this.error = '';
    try {
      this.#tell('open-conversation', { id: await make(this.chat) });
    } catch (error) {
      if (this.#strings.value) this.error = failureText(this.#strings.value, failureFrom(error));
    } finally {
      this.busy = false;
    }
  }

  #renderPerson(person: User, index: number) {
    const isChosen = this.chosen.some(({ id }) => id === person.id);
    return html`<div
      class="row ${index === this.active ? 'active' : ''}"
      id="person-${index}"
      role="option"
      aria-selected=${(this.mode === 'group' ? isChosen : index === this.active) ? 'true' : 'false'}
      @click=${() => this.#pick(person)}
    >
      <teatime-avatar
        .name=${person.displayName}
        .src=${person.avatarUrl}
        .color=${person.avatarColor}
      ></teatime-avatar>
      <div>
        <p class="name truncate"><bdi>${person.displayName}</bdi></p>
        <p class="sub truncate"><bdi>${`@${person.username}`}</bdi></p>
      </div>
      ${this.mode === 'group' ? html`<span class="check">${icon(Check, { size: 14 })}</span>` : nothing}
    </div>`;
  }

  #renderResults(strings: Strings) {
    const { compose: words } = strings;
    const { people, query, busy, failure } = this.#search;
    if (failure) return html`<p class="state" role="alert">${failureText(strings, failure)}</p>`;
    if (query === '')
      return this.mode === 'message' ? this.#renderStart(words) : html`<p class="state">${words.prompt}</p>`;
    if (!people) return html`<p class="state">${busy ? words.searching : nothing}</p>`;
    if (people.length === 0 && !busy) {
      return html`<p class="state">${words.noMatch(query)}<br />${words.noMatchHint}</p>`;
    }
    return html`<div
      class="results"
      id="people"
      role="listbox"
      aria-label=${words.search}
      aria-multiselectable=${this.mode === 'group' ? 'true' : 'false'}
    >
      ${repeat(
        people,
        ({ id }) => id,
        (person, index) => this.#renderPerson(person, index),
      )}
    </div>`;
  }

  #renderStart(words: Strings['compose']) {
    return html`<div class="results">
      ${
        this.#features.value?.has('groups') === false
          ? nothing
          : html`<button class="row" type="button" @click=${() => this.#tell('mode-change', { mode: 'group' })}>
              <span class="round">${icon(Users)}</span>
              <span
                ><span class="name">${words.newGroup}</span><br /><span class="sub">${words.newGroupText}</span></span
              >
            </button>`
      }
      <p class="state">${words.prompt}</p>
    </div>`;
  }

  #renderGroupFields(words: Strings['compose']) {
    return html`<label class="label">
        ${words.groupName}
        <input
          class="input"
          maxlength="100"
          dir="auto"
          autocomplete="off"
          .value=${this.groupName}
          @input=${(event: InputEvent) => ((this.groupName = (event.target as HTMLInputElement).value), (this.error = ''))}
        />
      </label>
      ${
        this.chosen.length > 0
          ? html`<ul class="chips scroll" aria-label=${words.chosen}>
              ${this.chosen.map(
                (person) =>
                  html`<li>
                    <button
                      class="chip"
                      type="button"
                      aria-label=${words.remove(person.displayName)}
                      @click=${() => this.#pick(person)}
                    >
                      <teatime-avatar
                        .name=${person.displayName}
                        .src=${person.avatarUrl}
                        .color=${person.avatarColor}
                      ></teatime-avatar>
                      <bdi class="truncate">${person.displayName}</bdi>${icon(X, { size: 14 })}
                    </button>
                  </li>`,
              )}
            </ul>`
          : nothing
      }`;
  }

  #renderSearch(words: Strings['compose']) {
    const { people, query, busy } = this.#search;
    const isOpen = query !== '' && (people?.length ?? 0) > 0;
    return html`<input
        class="input"
        type="search"
        role="combobox"
        aria-label=${words.search}
        aria-autocomplete="list"
        aria-expanded=${isOpen ? 'true' : 'false'}
        aria-controls=${isOpen ? 'people' : nothing}
        aria-activedescendant=${isOpen ? `person-${this.active}` : nothing}
        placeholder=${words.searchHint}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        @input=${this.#onInput}
        @keydown=${this.#onKey}
      />
      <span class="visually-hidden" role="status"
        >${busy ? words.searching : people && query ? words.found(people.length) : nothing}</span
      >`;
  }

  override render() {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const { compose: words, panel } = strings;
    const isGroup = this.mode === 'group';
    const create = this.busy
      ? words.creating
      : this.chosen.length > 0
        ? words.create(this.chosen.length)
        : words.createEmpty;
    return html`<div class="header" @keydown=${this.#onEscape}>
        <button class="icon-button" type="button" aria-label=${panel.back} title=${panel.back} @click=${this.#back}>
          ${icon(ArrowLeft, { flip: true })}
        </button>
        <h2>${isGroup ? words.groupTitle : words.title}</h2>
      </div>
      <div class="form" @keydown=${this.#onEscape}>
        ${isGroup ? this.#renderGroupFields(words) : nothing} ${this.#renderSearch(words)}
      </div>
      <div class="scroll">
        <div role="alert">${this.error ? html`<p class="error">${this.error}</p>` : nothing}</div>
        ${this.#renderResults(strings)}
      </div>
      ${
        isGroup
          ? html`<div class="bar">
              <button
                class="button primary"
                part="button"
                type="button"
                aria-disabled=${this.busy ? 'true' : 'false'}
                @click=${() => this.#create(strings)}
              >
                ${create}
              </button>
            </div>`
          : nothing
      }`;
  }
}

define('teatime-new-conversation', TeatimeNewConversation);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-new-conversation': TeatimeNewConversation;
  }
}
