import { html, LitElement, nothing } from 'lit';
import { query, state } from 'lit/decorators.js';
import ArrowLeft from 'lucide/dist/esm/icons/arrow-left.mjs';
import LogOut from 'lucide/dist/esm/icons/log-out.mjs';
import type { ReadableAtom } from 'nanostores';
import type { AvatarColor, Me } from '../../../protocol/users.ts';
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
import '../teatime-avatar-editor/teatime-avatar-field.ts';
import './teatime-password.ts';
import './teatime-privacy.ts';
import { profileStyles } from './teatime-profile.styles.ts';

/**
 * One's own profile: picture, name and colour to change, the account's facts to read, and the way out.
 *
 * @fires back - the person is done
 */
export class TeatimeProfile extends LitElement {
  static override styles = [baseStyles, profileStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #session = new StoreController(this, () => this.chat?.$session);
  readonly #features = new StoreController(this, () => this.$features);

  @query('input[name=name]') private nameField!: HTMLInputElement | null;

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;
  /** What has been changed but not saved. */
  @state() private name: string | undefined;
  @state() private color: AvatarColor | undefined;
  @state() private forget = false;
  /** A guest has asked for the way out, which has no way back. */
  @state() private leaving = false;
  @state() private busy = false;
  @state() private saved = false;
  @state() private error = '';

  /** Puts the focus on the way back: a field in focus would throw up the keyboard of a phone unasked. */
  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('button')?.focus());
  }

  #back(): void {
    this.dispatchEvent(new CustomEvent('back', { bubbles: true }));
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    this.#back();
  }

  #change(changes: { name?: string; color?: AvatarColor }): void {
    if (changes.name !== undefined) this.name = changes.name;
    if (changes.color) this.color = changes.color;
    this.saved = false;
    this.error = '';
  }

  async #save(event: SubmitEvent, me: Me, strings: Strings): Promise<void> {
    event.preventDefault();
    const displayName = this.name?.trim();
    if (this.busy || !this.chat) return;
    if (displayName === '') {
      this.error = strings.signIn.missing;
      this.nameField?.focus();
      return;
    }
    this.busy = true;
    try {
      await this.chat.updateProfile({
        ...(displayName && displayName !== me.displayName && { displayName }),
        ...(this.color && this.color !== me.avatarColor && { avatarColor: this.color }),
      });
      this.name = this.color = undefined;
      this.saved = true;
    } catch (error) {
      const failure = failureFrom(error);
      this.error =
        failure.code === 'validation_failed' ? strings.profile.displayNameInvalid : failureText(strings, failure);
    } finally {
      this.busy = false;
    }
  }

  #askFirst(): void {
    this.leaving = true;
    // The question pushes the answers down.
    void this.updateComplete.then(() => this.renderRoot.querySelector('.leave')?.scrollIntoView({ block: 'end' }));
  }

  async #signOut(strings: Strings): Promise<void> {
    try {
      await this.chat?.signOut({ forget: this.forget });
    } catch (error) {
      this.error = failureText(strings, failureFrom(error));
    }
  }

  #renderColors(me: Me, { profile: words }: Strings) {
    const chosen = this.color ?? me.avatarColor;
    return html`<fieldset>
      <legend>${words.color}</legend>
      <div class="colors">
        ${(Object.keys(words.colors) as AvatarColor[]).map(
          (color) =>
            html`<label class="color" title=${words.colors[color]}>
              <teatime-avatar .name=${this.name ?? me.displayName} .color=${color}></teatime-avatar>
              <input
                type="radio"
                name="color"
                value=${color}
                aria-label=${words.colors[color]}
                .checked=${color === chosen}
                @change=${() => this.#change({ color })}
              />
            </label>`,
        )}
      </div>
    </fieldset>`;
  }

  #renderForm(me: Me, strings: Strings) {
    const { profile: words } = strings;
    const isChanged =
      (this.name !== undefined && this.name.trim() !== me.displayName) || (this.color && this.color !== me.avatarColor);
    return html`<form novalidate @submit=${(event: SubmitEvent) => this.#save(event, me, strings)}>
      <div class="field">
        <label for="name">${words.displayName}</label>
        <input
          class="input"
          id="name"
          name="name"
          autocomplete="name"
          maxlength="64"
          dir="auto"
          .value=${this.name ?? me.displayName}
          aria-invalid=${this.error ? 'true' : 'false'}
          aria-describedby=${this.error ? 'error' : nothing}
          @input=${(event: InputEvent) => this.#change({ name: (event.target as HTMLInputElement).value })}
        />
        <p class="error" id="error" role="alert">${this.error}</p>
      </div>
      ${this.#renderColors(me, strings)}
      <div class="save">
        <button class="button primary" part="button" type="submit" ?disabled=${!isChanged || this.busy}>
          ${this.busy ? words.saving : words.save}
        </button>
        <span class="note" role="status">${this.saved ? words.saved : nothing}</span>
      </div>
    </form>`;
  }

  #renderFacts(me: Me, { profile: words }: Strings) {
    const fact = (label: string, value: string | undefined) =>
      value
        ? html`<dt>${label}</dt>
            <dd><bdi>${value}</bdi></dd>`
        : nothing;
    return html`<dl>
      ${fact(words.username, `@${me.username}`)}${fact(words.email, me.email)}${fact(words.phone, me.phone)}
    </dl>`;
  }

  override render() {
    const strings = this.#strings.value;
    const session = this.#session.value;
    if (!strings || session?.status !== 'signed-in') return nothing;
    const { profile: words, panel } = strings;
    const me = session.user;
    const isGuest = me.kind === 'guest';
    return html`<div class="header" @keydown=${this.#onKey}>
        <button class="icon-button" type="button" aria-label=${panel.back} title=${panel.back} @click=${this.#back}>
          ${icon(ArrowLeft, { flip: true })}
        </button>
        <h2>${words.title}</h2>
      </div>
      <div class="body scroll" @keydown=${this.#onKey}>
        <teatime-avatar-field
          .name=${this.name ?? me.displayName}
          .src=${me.avatarUrl}
          .color=${this.color ?? me.avatarColor}
          ?editable=${!isGuest}
        ></teatime-avatar-field>
        ${isGuest ? html`<p class="note guest">${words.guest}</p>` : nothing} ${this.#renderForm(me, strings)}
        ${isGuest ? nothing : this.#renderFacts(me, strings)}
        <teatime-privacy></teatime-privacy>
        ${me.kind || this.#features.value?.has('password') === false ? nothing : html`<teatime-password></teatime-password>`}
        <div class="leave">
          <label class="check">
            <input
              type="checkbox"
              .checked=${this.forget}
              @change=${(event: Event) => (this.forget = (event.target as HTMLInputElement).checked)}
            />
            ${words.forget}
          </label>
          <div role="alert">${this.leaving ? html`<p class="question">${words.guestLeaves}</p>` : nothing}</div>
          <button
            class="button"
            type="button"
            @click=${() => (isGuest && !this.leaving ? this.#askFirst() : this.#signOut(strings))}
          >
            ${icon(LogOut, { size: 18, flip: true })}${words.signOut}
          </button>
          ${
            this.leaving
              ? html`<button class="button quiet" type="button" @click=${() => (this.leaving = false)}>
                  ${words.stay}
                </button>`
              : nothing
          }
        </div>
      </div>`;
  }
}

define('teatime-profile', TeatimeProfile);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-profile': TeatimeProfile;
  }
}
