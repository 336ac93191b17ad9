import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit';

/** Offers to ask the browser whether notifications are welcome, for as long as it has not been asked. */
export class NotifyOffer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #answer: NotificationPermission = 'Notification' in globalThis ? Notification.permission : 'denied';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    if ('Notification' in globalThis) this.#answer = Notification.permission;
  }

  button(label: string): TemplateResult | typeof nothing {
    if (this.#answer !== 'default') return nothing;
    return html`<button class="button quiet ask" type="button" @click=${this.#ask}>${label}</button>`;
  }

  // Browsers ask only those who have just pressed something.
  readonly #ask = async (): Promise<void> => {
    this.#answer = await Notification.requestPermission();
    this.#host.requestUpdate();
  };
}
