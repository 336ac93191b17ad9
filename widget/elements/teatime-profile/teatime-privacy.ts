import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import type { ReadableAtom } from 'nanostores';
import type { Settings } from '../../../protocol/users.ts';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat } from '../../model/types.ts';
import '../../locales/add-later.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { StoreController } from '../store-controller.ts';
import { privacyStyles } from './teatime-privacy.styles.ts';

type Switch = 'showsReceipts' | 'showsPresence' | 'showsTyping';

/** What one lets others do and know. Each choice is kept as soon as it is made. */
export class TeatimePrivacy extends LitElement {
  static override styles = [baseStyles, privacyStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #callLimits = new StoreController(this, () => this.chat?.$callLimits);
  #asked: Chat | undefined;
  #changes = 0;

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;
  @state() private settings: Settings | undefined;
  @state() private saved = false;
  @state() private failure: unknown;

  protected override willUpdate(_changed: PropertyValues): void {
    if (!this.chat || this.#asked === this.chat) return;
    this.#asked = this.chat;
    void this.#load(this.chat);
  }

  async #load(chat: Chat): Promise<void> {
    this.failure = undefined;
    try {
      this.settings = await chat.settings();
    } catch (error) {
      this.failure = error;
    }
  }

  async #change(change: Partial<Settings>): Promise<void> {
    const before = this.settings;
    if (!this.chat || !before) return;
    const turn = ++this.#changes;
    this.settings = { ...before, ...change };
    this.saved = false;
    this.failure = undefined;
    try {
      const settings = await this.chat.settings(change);
      // Of several made at once the last answer knows all.
      if (turn !== this.#changes) return;
      this.settings = settings;
      this.saved = true;
    } catch (error) {
      const undone = Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof Settings]]));
      this.settings = { ...(this.settings ?? before), ...undone };
      this.failure = error;
    }
  }

  #renderCalls({ whoMayCall }: Settings, words: Strings['profile']['privacy']) {
    return html`<label class="row pick">
      <span>${words.whoMayCall}</span>
      <select
        name="whoMayCall"
        .value=${whoMayCall}
        @change=${(event: Event) =>
          this.#change({ whoMayCall: (event.target as HTMLSelectElement).value as Settings['whoMayCall'] })}
      >
        <option value="everybody">${words.everybody}</option>
        <option value="known">${words.known}</option>
        <option value="nobody">${words.nobody}</option>
      </select>
    </label>`;
  }

  #renderSwitch(name: Switch, label: string, hint?: string) {
    return html`<label class="row">
      <span id=${name}>${label}</span>
      <input
        type="checkbox"
        role="switch"
        name=${name}
        aria-labelledby=${name}
        aria-describedby=${hint ? `${name}-hint` : nothing}
        .checked=${this.settings?.[name] === true}
        @change=${(event: Event) => this.#change({ [name]: (event.target as HTMLInputElement).checked })}
      />
      ${hint ? html`<span class="hint" id="${name}-hint">${hint}</span>` : nothing}
    </label>`;
  }

  #renderChoices(settings: Settings, words: Strings['profile']['privacy']) {
    const has = (feature: Feature): boolean => this.#features.value?.has(feature) !== false;
    return html`${has('calls') && this.#callLimits.value ? this.#renderCalls(settings, words) : nothing}
    ${has('receipts') ? this.#renderSwitch('showsReceipts', words.receipts, words.receiptsHint) : nothing}
    ${has('presence') ? this.#renderSwitch('showsPresence', words.presence, words.presenceHint) : nothing}
    ${has('typing') ? this.#renderSwitch('showsTyping', words.typing) : nothing}`;
  }

  override render() {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const { settings, chat, failure } = this;
    const { privacy: words, saved } = strings.profile;
    return html`<h3 id="title">${words.title}</h3>
      <div role="group" aria-labelledby="title">${settings ? this.#renderChoices(settings, words) : nothing}</div>
      <p class="note" role="status">${this.saved ? saved : nothing}</p>
      <div class="error" role="alert">
        ${failure === undefined ? nothing : failureText(strings, failureFrom(failure))}
        ${
          failure !== undefined && !settings && chat
            ? html`<button class="button" type="button" @click=${() => this.#load(chat)}>${words.again}</button>`
            : nothing
        }
      </div>`;
  }
}

define('teatime-privacy', TeatimePrivacy);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-privacy': TeatimePrivacy;
  }
}
