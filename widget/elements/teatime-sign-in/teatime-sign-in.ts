import { html, LitElement, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import Coffee from 'lucide/dist/esm/icons/coffee.mjs';
import Eye from 'lucide/dist/esm/icons/eye.mjs';
import EyeOff from 'lucide/dist/esm/icons/eye-off.mjs';
import type { ReadableAtom } from 'nanostores';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { iconButton } from '../icon-button.ts';
import { icon } from '../icon.ts';
import { live } from '../live.ts';
import { StoreController } from '../store-controller.ts';
import type { Field, FieldErrors, FieldName, OtherForm, Values } from './fields.ts';
import { signInStyles } from './teatime-sign-in.styles.ts';

type Fetch = () => Promise<{ readonly form: OtherForm }>;

/** The gate: sign in, make an account, or come as a guest. When the page signs people in by itself, or nobody else may, only a word about that. */
export class TeatimeSignIn extends LitElement {
  static override styles = [baseStyles, signInStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #config = new StoreController(this, () => this.chat?.$config);
  /** What has been typed: it outlives the switch between the two forms. */
  #values: Values = {};

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;
  /** The form of another way in, while that is what is shown. */
  @state() private other: OtherForm | undefined;
  @state() private withContact = false;
  @state() private busy = false;
  @state() private showPassword = false;
  @state() private errors: FieldErrors = {};

  /** Why the last session is over. */
  @property({ attribute: false }) reason: 'ended' | 'revoked' | 'failed' | undefined;
  /** The page signs people in. */
  @property({ type: Boolean }) byHost = false;

  /** With a mouse the first field is ready to type in; on touch screens that would throw up the keyboard unasked. */
  override focus(): void {
    const find = (selector: string) => this.renderRoot.querySelector<HTMLElement>(selector);
    void this.updateComplete.then(() =>
      ((matchMedia('(pointer: fine)').matches && find('input')) || find('h2'))?.focus(),
    );
  }

  #onInput(event: InputEvent): void {
    const { name, value } = event.target as HTMLInputElement;
    this.#values[name as FieldName] = value;
    if (this.errors[name as FieldName]) this.errors = { ...this.errors, [name]: undefined };
  }

  async #switch(strings: Strings, fetch?: Fetch): Promise<void> {
    try {
      this.other = (await fetch?.())?.form;
    } catch {
      this.errors = { form: strings.errors.network };
      return;
    }
    this.errors = {};
    this.showPassword = false;
    this.focus();
  }

  async #submit(event: SubmitEvent, strings: Strings): Promise<void> {
    event.preventDefault();
    if (this.busy || !this.chat) return;
    const names = this.#fields(strings).map(({ name }) => name);
    const values = Object.fromEntries(names.map((name) => [name, this.#values[name] ?? '']));
    this.errors = this.other?.check(strings, values) ?? missing(strings.signIn, values);
    if (Object.keys(this.errors).length > 0) return this.#focusError();
    this.busy = true;
    try {
      if (this.other) await this.other.send(this.chat, values);
      else await this.chat.signIn((values['identifier'] ?? '').trim(), values['password'] ?? '');
      this.#values = {};
    } catch (error) {
      const failure = failureFrom(error);
      const isWrong = !this.other && failure.code === 'unauthorized';
      const text = isWrong ? strings.signIn.wrong : failureText(strings, failure);
      this.errors = this.other?.errors(strings, failure, text) ?? { form: text };
      this.#focusError();
    } finally {
      this.busy = false;
    }
  }

  #focusError(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  }

  #fields(strings: Strings): Field[] {
    const { signIn: words } = strings;
    return (
      this.other?.fields(strings, this.withContact) ?? [
        { name: 'identifier', label: words.identifier, autocomplete: 'username', required: true },
        { name: 'password', label: words.password, autocomplete: 'current-password', type: 'password', required: true },
      ]
    );
  }

  #renderField({ name, label, hint, type, autocomplete, required }: Field, words: Strings['signIn']) {
    const error = this.errors[name];
    const isPassword = type === 'password';
    const toggle = this.showPassword ? words.hidePassword : words.showPassword;
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <div class="box">
        <input
          class="input"
          id=${name}
          name=${name}
          type=${isPassword && this.showPassword ? 'text' : (type ?? 'text')}
          autocomplete=${autocomplete}
          autocapitalize=${name === 'displayName' ? 'words' : 'none'}
          spellcheck="false"
          dir=${name === 'displayName' ? 'auto' : nothing}
          .value=${live(this.#values[name] ?? '')}
          ?required=${required}
          aria-invalid=${error ? 'true' : 'false'}
          aria-describedby=${error || hint ? `${name}-note` : nothing}
        />
        ${
          isPassword
            ? iconButton(this.showPassword ? EyeOff : Eye, toggle, () => (this.showPassword = !this.showPassword))
            : nothing
        }
      </div>
      ${error || hint ? html`<p class=${error ? 'error' : 'hint'} id="${name}-note">${error ?? hint}</p>` : nothing}
    </div>`;
  }

  #renderForm(strings: Strings) {
    const { signIn } = strings;
    const { busy } = this;
    const other = this.other?.words(strings);
    const words = other ?? signIn;
    return html`<form
      novalidate
      @input=${this.#onInput}
      @submit=${(event: SubmitEvent) => this.#submit(event, strings)}
    >
      ${this.#fields(strings).map((field) => this.#renderField(field, signIn))}
      ${
        other?.more && !this.withContact
          ? html`<button class="more" type="button" @click=${() => (this.withContact = true)}>${other.more}</button>`
          : nothing
      }
      <div role="alert">${this.errors.form ? html`<p class="alert">${this.errors.form}</p>` : nothing}</div>
      <button class="button primary" part="button" type="submit" aria-disabled=${busy ? 'true' : 'false'}>
        ${busy ? words.submitting : words.submit}
      </button>
      ${
        !other && this.#config.value?.accounts.forgotUrl
          ? html`<a class="more" href=${this.#config.value.accounts.forgotUrl} target="_blank">${signIn.forgotten}</a>`
          : nothing
      }
    </form>`;
  }

  #renderWays(strings: Strings, byHost: boolean) {
    const { signIn } = strings;
    const way = (name: string, text: string, fetch?: Fetch) =>
      html`<button class="button quiet ${name}" type="button" @click=${() => this.#switch(strings, fetch)}>
        ${text}
      </button>`;
    const has = (name: Feature) => this.#features.value?.has(name) !== false;
    if (this.other) return byHost ? nothing : way('other', this.other.words(strings).toSignIn);
    return [
      !byHost && has('register') ? way('other', signIn.toRegister, () => import('./registration.ts')) : nothing,
      !this.byHost && has('guests') ? way('guest', signIn.asGuest, () => import('./guest-form.ts')) : nothing,
    ];
  }

  override render() {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const { signIn: words } = strings;
    const byHost = this.byHost || this.#features.value?.has('password') === false;
    const { title, subtitle } =
      this.other?.words(strings) ?? (byHost ? { title: words.hostTitle, subtitle: words.hostText } : words);
    const site = this.#config.value?.site;
    const logo = site?.branding?.logoUrl;
    return html`${
        logo
          ? html`<img class="logo" src=${logo} alt=${site.name} referrerpolicy="no-referrer" />`
          : html`<span class="mark">${icon(Coffee, { size: 26 })}</span>`
      }
      <h2 tabindex="-1">${title}</h2>
      <p class="subtitle">${subtitle}</p>
      ${this.reason && !this.other ? html`<p class="alert info" role="status">${words[this.reason]}</p>` : nothing}
      ${byHost && !this.other ? nothing : this.#renderForm(strings)} ${this.#renderWays(strings, byHost)}`;
  }
}

/** Says so at each field of the form that was left empty. */
function missing(words: Strings['signIn'], values: Values): FieldErrors {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => !value.trim())
      .map(([name]) => [name, words.missing]),
  );
}

define('teatime-sign-in', TeatimeSignIn);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-sign-in': TeatimeSignIn;
  }
}
