import { html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import MicOff from 'lucide/dist/esm/icons/mic-off.mjs';
import Mic from 'lucide/dist/esm/icons/mic.mjs';
import VideoOff from 'lucide/dist/esm/icons/video-off.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import { chatContext } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { CallWish, Chat, DevicePreview } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { StoreController } from '../store-controller.ts';
import { byPage } from './by-page.ts';
import { callFormStyles } from './call-form.styles.ts';
import { problemText } from './call-words.ts';
import { devicePickers } from './device-pickers.ts';
import { lastDevices, rememberDevices } from './last-devices.ts';
import { NotifyOffer } from './notify-button.ts';
import { pictureOf } from './picture-of.ts';
import { setupStyles } from './teatime-call-setup.styles.ts';

/**
 * How one looks and sounds, before anybody else sees and hears it: picture, level, devices. Fires `go` with the wish when the person is ready, and
 * `cancel`. Camera and microphone are let go of with the element.
 */
export class TeatimeCallSetup extends LitElement {
  static override styles = [baseStyles, callFormStyles, setupStyles];

  readonly #check = new StoreController(this, () => this.preview?.$check);
  readonly #level = new StoreController(this, () => this.preview?.$level);
  readonly #offer = new NotifyOffer(this);

  @query('.card') private card!: HTMLElement | null;
  @query('.go') private go!: HTMLElement | null;

  @consume({ context: chatContext }) @state() private chat: Chat | undefined;
  @state() private preview: DevicePreview | undefined;
  @state() private muted = false;

  @property({ attribute: false }) words!: Strings['calls'];
  @property({ attribute: false }) name = '';
  /** The call is on already. */
  @property({ type: Boolean }) joining = false;
  /** Cameras are switched on for this site. */
  @property({ attribute: false }) video = true;
  /** Begin with the camera on. */
  @property({ attribute: false }) wantsVideo = false;
  /** It has been agreed to, and is on its way. */
  @property({ type: Boolean }) starting = false;
  /** Why that did not work. */
  @property({ attribute: false }) trouble = '';

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#release();
  }

  override focus(): void {
    (this.go ?? this.card)?.focus();
  }

  async #look(): Promise<void> {
    await this.updateComplete;
    try {
      const preview = await (await this.chat!.calls()).previewDevices({ video: this.wantsVideo, ...lastDevices() });
      // The person may have thought better of it meanwhile.
      if (this.isConnected) this.preview = preview;
      else preview.release();
    } catch {
      // One can go on without a look: the call says itself what it cannot have.
    }
  }

  #release(): void {
    this.preview?.release();
    this.preview = undefined;
  }

  readonly #setCamera = (id: string): void => {
    rememberDevices({ cameraId: id });
    void this.preview?.setCamera(id);
  };

  #start(): void {
    const check = this.#check.value;
    const wish: CallWish = {
      video: check ? check.cameraId !== undefined && check.stream !== undefined : this.wantsVideo,
      ...(check?.microphoneId && { microphoneId: check.microphoneId }),
      ...(check?.stream && check.cameraId && { cameraId: check.cameraId }),
      ...(this.muted && { muted: true }),
    };
    this.dispatchEvent(new CustomEvent<CallWish>('go', { detail: wish }));
  }

  override render() {
    const { words, video, joining, starting } = this;
    const { setup } = words;
    const check = this.#check.value;
    const title = joining ? setup.joinTitle(this.name) : setup.title(this.name);
    const cameraOn = check?.stream !== undefined;
    const problems = check?.problems.filter(({ device }) => !byPage.has(device)) ?? [];
    return html`<div class="card" role="dialog" aria-label=${title} tabindex="-1" @keydown=${this.#keyed}>
      <h2>${title}</h2>
      ${this.#renderPicture(cameraOn)}
      <div
        class="level"
        role="meter"
        aria-label=${setup.level}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${Math.round((this.muted ? 0 : (this.#level.value ?? 0)) * 100)}
      >
        <i .style=${`inline-size: ${(this.muted ? 0 : (this.#level.value ?? 0)) * 100}%`}></i>
      </div>
      <div role="alert">
        ${problems.map((problem) => html`<p class="trouble">${problemText(problem, words)}</p>`)}
        ${this.trouble ? html`<p class="trouble">${this.trouble}</p>` : nothing}
      </div>
      ${
        check
          ? devicePickers(
              {
                ...check,
                microphone: (id) => {
                  rememberDevices({ microphoneId: id });
                  void this.preview?.setMicrophone(id);
                },
                camera: video && cameraOn ? this.#setCamera : undefined,
              },
              words.devices,
            )
          : nothing
      }
      ${this.#offer.button(setup.notify)}
      <div class="buttons">
        <button class="button" type="button" @click=${() => this.dispatchEvent(new Event('cancel'))}>
          ${setup.cancel}
        </button>
        <button
          class="button primary go"
          type="button"
          aria-disabled=${starting}
          @click=${() => !starting && this.#start()}
        >
          ${starting ? setup.starting : joining ? setup.join : cameraOn ? setup.startVideo : setup.start}
        </button>
      </div>
    </div>`;
  }

  #renderPicture(cameraOn: boolean) {
    const { words, preview } = this;
    const { setup, stage } = words;
    const check = this.#check.value;
    const { muted } = this;
    return html`<div class="picture">
      ${
        check?.stream
          ? html`<video
              class="mirror"
              aria-label=${setup.preview}
              autoplay
              playsinline
              .muted=${true}
              .srcObject=${pictureOf(check.stream)}
            ></video>`
          : html`<p>${check?.ready || !this.wantsVideo ? setup.cameraOff : setup.waiting}</p>`
      }
      <div class="switches">
        ${iconButton(muted ? MicOff : Mic, muted ? stage.unmute : stage.mute, () => (this.muted = !muted), {
          className: muted ? 'off' : '',
        })}
        ${
          this.video
            ? iconButton(
                cameraOn ? Video : VideoOff,
                cameraOn ? stage.cameraOff : stage.cameraOn,
                () => void preview?.setCamera(!cameraOn),
                { className: cameraOn ? '' : 'off' },
              )
            : nothing
        }
      </div>
    </div>`;
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // It is this view that closes, not the panel.
    event.preventDefault();
    event.stopPropagation();
    this.dispatchEvent(new Event('cancel'));
  };
}

define('teatime-call-setup', TeatimeCallSetup);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-call-setup': TeatimeCallSetup;
  }
}
