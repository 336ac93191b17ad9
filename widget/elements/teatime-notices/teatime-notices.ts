import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { state } from 'lit/decorators.js';
import CircleAlert from 'lucide/dist/esm/icons/circle-alert.mjs';
import WifiOff from 'lucide/dist/esm/icons/wifi-off.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-notices.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, ConnectionState, Failure } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureText } from '../failure-text.ts';
import { iconButton } from '../icon-button.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import { noticesStyles } from './teatime-notices.styles.ts';

/** How long an error stays, in ms; it can be dismissed before. */
const errorShownMs = 12_000;

/** What everybody should know at once, above everything else: no line to the server, errors, nothing kept on the device. */
export class TeatimeNotices extends LitElement {
  static override styles = [baseStyles, noticesStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #session = new StoreController(this, () => this.chat?.$session);
  readonly #connection = new StoreController(this, () => this.chat?.$connection);
  readonly #memoryOnly = new StoreController(this, () => this.chat?.$memoryOnly);
  #stopListening: (() => void) | undefined;
  #listeningTo: Chat | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #hideError: ReturnType<typeof setTimeout> | undefined;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private failure: Failure | undefined;
  @state() private memoryNoticed = false;
  @state() private now = Date.now();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopListening?.();
    this.#listeningTo = undefined;
    clearInterval(this.#clock);
    this.#clock = undefined;
    clearTimeout(this.#hideError);
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (this.chat !== this.#listeningTo) {
      this.#stopListening?.();
      this.#listeningTo = this.chat;
      this.#stopListening = this.chat?.onNotice((notice) => notice.type === 'error' && this.#show(notice.failure));
    }
    const counting = this.#connection.value?.status === 'waiting';
    if (counting && this.#clock === undefined) this.#clock = setInterval(() => (this.now = Date.now()), 1000);
    if (!counting) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    }
    if (counting) this.now = Date.now();
  }

  #show(failure: Failure): void {
    this.failure = failure;
    clearTimeout(this.#hideError);
    this.#hideError = setTimeout(() => (this.failure = undefined), errorShownMs);
  }

  #renderConnection(connection: ConnectionState, { notices: words }: Strings) {
    switch (connection.status) {
      case 'connecting':
        return html`<div class="notice brief"><span class="text">${words.connecting}</span></div>`;
      case 'waiting': {
        if (connection.offline)
          return html`<div class="notice">
            ${icon(WifiOff, { size: 18 })}<span class="text">${words.offline}</span>
          </div>`;
        const seconds = Math.max(0, Math.ceil((connection.retryAt - this.now) / 1000));
        return html`<div class="notice">
          ${icon(WifiOff, { size: 18 })}
          <span class="text" aria-hidden="true">${words.waiting(seconds)}</span>
          <button type="button" @click=${() => this.chat?.reconnectNow()}>${words.tryNow}</button>
        </div>`;
      }
      case 'stopped':
        return this.#renderStopped(connection.reason, words);
      default:
        return nothing;
    }
  }

  #renderStopped(reason: Extract<ConnectionState, { status: 'stopped' }>['reason'], words: Strings['notices']) {
    const text = {
      unauthorized: words.unauthorized,
      session_revoked: words.sessionRevoked,
      site_disabled: words.siteDisabled,
      unsupported_version: words.unsupportedVersion,
      protocol_error: words.protocolError,
    }[reason];
    const canReload = reason === 'unsupported_version' || reason === 'protocol_error';
    return html`<div class="notice error">
      ${icon(CircleAlert, { size: 18 })}<span class="text">${text}</span>
      ${canReload ? html`<button type="button" @click=${() => location.reload()}>${words.reload}</button>` : nothing}
    </div>`;
  }

  #renderDismissible(text: string, kind: string, label: string, dismiss: () => void) {
    return html`<div class="notice ${kind}">
      ${icon(CircleAlert, { size: 18 })}<span class="text">${text}</span>
      ${iconButton(X, label, dismiss, { size: 16 })}
    </div>`;
  }

  /** The counting seconds are for the eye: read aloud each second they would drown everything else. */
  #spoken(connection: ConnectionState | undefined, words: Strings['notices']): string {
    if (connection?.status !== 'waiting' || connection.offline) return '';
    return words.unreachable;
  }

  override render() {
    const strings = this.#strings.value;
    const signedIn = this.#session.value?.status === 'signed-in';
    // Who is signed out needs no line until they sign in, and the form tells them then.
    const connection = this.#session.value?.status === 'signed-out' ? undefined : this.#connection.value;
    if (!strings) return nothing;
    const { notices: words } = strings;
    return html`<div role="status">
        ${connection ? this.#renderConnection(connection, strings) : nothing}
        <span class="visually-hidden">${this.#spoken(connection, words)}</span>
        ${
          signedIn && this.#memoryOnly.value && !this.memoryNoticed
            ? this.#renderDismissible(words.memoryOnly, '', words.dismiss, () => (this.memoryNoticed = true))
            : nothing
        }
      </div>
      <div role="alert">
        ${
          this.failure
            ? this.#renderDismissible(
                failureText(strings, this.failure),
                'error',
                words.dismiss,
                () => (this.failure = undefined),
              )
            : nothing
        }
      </div>`;
  }
}

define('teatime-notices', TeatimeNotices);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-notices': TeatimeNotices;
  }
}
