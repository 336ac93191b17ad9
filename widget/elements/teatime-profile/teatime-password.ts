import { html, LitElement, nothing } from 'lit';
import { state } from 'lit/decorators.js';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import { enPassword } from '../../locales/en-password.ts';
import { addPhrases } from '../../locales/phrases.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { StoreController } from '../store-controller.ts';
import { profileStyles } from './teatime-profile.styles.ts';

addPhrases({ password: enPassword });

/** One's password, behind a word that opens the form to change it. All other devices are signed out by that. */
export class TeatimePassword extends LitElement {
  static override styles = [baseStyles, profileStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private busy = false;
  @state() private done = false;
  /** What was wrong, and the field that it was about, if it was one. */
  @state() private fault: readonly [text: string, at: string | undefined] | undefined;

  async #save(event: SubmitEvent, strings: Strings): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const [current = '', next = ''] = [...new FormData(form).values()].map(String);
    if (this.busy || !this.chat) return;
    const { password: words } = strings;
    if (current === '') return this.#refuse(strings.signIn.missing, 'current');
    if (next.normalize('NFKC').length < 8) return this.#refuse(words.hint, 'new');
    this.busy = true;
    try {
      await this.chat.changePassword(current, next);
      form.reset();
      this.done = true;
    } catch (error) {
      const failure = failureFrom(error);
      if (failure.code === 'password_wrong') this.#refuse(words.wrong, 'current');
      else this.#refuse(failure.code === 'no_password' ? words.none : failureText(strings, failure));
    } finally {
      this.busy = false;
    }
  }

  #refuse(text: string, at?: string): void {
    this.fault = [text, at];
    if (at) this.renderRoot.querySelector<HTMLElement>(`#${at}`)?.focus();
  }

  #clear(): void {
    this.fault = undefined;
    this.done = false;
  }

  #renderField(name: string, label: string) {
    const isWrong = this.fault?.[1] === name;
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input
        class="input"
        id=${name}
        name=${name}
        type="password"
        autocomplete="${name}-password"
        aria-invalid=${isWrong ? 'true' : 'false'}
        aria-describedby=${isWrong ? 'error' : nothing}
      />
    </div>`;
  }

  override render() {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const { password: words } = strings;
    return html`<details>
      <summary>${words.change}</summary>
      <form novalidate @input=${this.#clear} @submit=${(event: SubmitEvent) => this.#save(event, strings)}>
        ${this.#renderField('current', words.current)} ${this.#renderField('new', words.next)}
        <p class="error" id="error" role="alert">${this.fault?.[0]}</p>
        <div class="save">
          <button class="button" part="button" type="submit">${words.change}</button>
          <p class="note" role="status">${this.done ? words.done : nothing}</p>
        </div>
      </form>
    </details>`;
  }
}

define('teatime-password', TeatimePassword);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-password': TeatimePassword;
  }
}
