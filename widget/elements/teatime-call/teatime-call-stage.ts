import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import ChevronUp from 'lucide/dist/esm/icons/chevron-up.mjs';
import LayoutGrid from 'lucide/dist/esm/icons/layout-grid.mjs';
import Maximize from 'lucide/dist/esm/icons/maximize-2.mjs';
import MicOff from 'lucide/dist/esm/icons/mic-off.mjs';
import Mic from 'lucide/dist/esm/icons/mic.mjs';
import Minimize from 'lucide/dist/esm/icons/minimize-2.mjs';
import PhoneOff from 'lucide/dist/esm/icons/phone-off.mjs';
import PictureInPicture from 'lucide/dist/esm/icons/picture-in-picture-2.mjs';
import ScreenShare from 'lucide/dist/esm/icons/screen-share.mjs';
import Settings from 'lucide/dist/esm/icons/settings-2.mjs';
import SwitchCamera from 'lucide/dist/esm/icons/switch-camera.mjs';
import VideoOff from 'lucide/dist/esm/icons/video-off.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { CallHandle, CallParticipant, CallView } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { icon, type IconNode } from '../icon.ts';
import { byPage } from './by-page.ts';
import { others, problemText, stateText } from './call-words.ts';
import { devicePickers } from './device-pickers.ts';
import { columnsFor } from './grid.ts';
import { OwnTile } from './own-tile.ts';
import { callFormStyles } from './call-form.styles.ts';
import { stageStyles } from './teatime-call-stage.styles.ts';
import { tile } from './tile.ts';

/** Below this height (px) the stage shows nothing but pictures and controls. */
const lowBelow = 260;
/** What the bars above and below the pictures take (px). */
const barsHeight = 108;

/**
 * A call that one is in: pictures, and what one can do. Fires `fold` when it is to be out of the way, and `enlarge` when it is to have all the room, or
 * no longer.
 */
export class TeatimeCallStage extends LitElement {
  static override styles = [baseStyles, callFormStyles, stageStyles];

  readonly #own = new OwnTile(this);
  readonly #size = new ResizeObserver(([entry]) => {
    const { width = 0, height = 0 } = entry?.contentRect ?? {};
    if (height > 0) [this.ratio, this.low] = [width / Math.max(1, height - barsHeight), height < lowBelow];
  });
  #clock: ReturnType<typeof setInterval> | undefined;
  /** Who spoke last has the large picture. */
  #speaker: string | undefined;

  @query('.controls button') private first!: HTMLElement | null;

  @state() private ratio = 1;
  @state() private low = false;
  @state() private speakerView = false;
  @state() private picking = false;
  @state() private seen: CallView['problem'];

  @property({ attribute: false }) call!: CallView;
  @property({ attribute: false }) words!: Strings['calls'];
  @property({ attribute: false }) act!: (action: (calls: CallHandle) => unknown) => void;
  /** Whom the call is with: the conversation's name. */
  @property({ attribute: false }) name = '';
  /** Cameras are switched on for this site. */
  @property({ attribute: false }) video = true;
  /** It has all the room. */
  @property({ type: Boolean, reflect: true }) large = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
    this.#clock = setInterval(() => this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
    clearInterval(this.#clock);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('call')) return;
    const speaking = others(this.call).find((person) => person.speaking && person.audio);
    if (speaking) this.#speaker = speaking.user.id;
  }

  override focus(): void {
    this.first?.focus();
  }

  async #pictureInPicture(): Promise<void> {
    const video =
      this.renderRoot.querySelector<HTMLVideoElement>('.tile.main video') ??
      this.renderRoot.querySelector<HTMLVideoElement>('.tile:not(.own) video');
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await video?.requestPictureInPicture();
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.picking) return;
    // Otherwise the panel would close too.
    event.preventDefault();
    event.stopPropagation();
    this.picking = false;
    this.renderRoot.querySelector<HTMLElement>('[aria-controls=devices]')?.focus();
  };

  override render() {
    const { call, words, low } = this;
    const people = others(call);
    const me = call.participants.find(({ own }) => own);
    const alone = people.length === 0;
    const shown = alone && me ? [me] : people;
    const sharer = people.find(({ screen }) => screen);
    const main =
      shown.length > 1 && (sharer || this.speakerView)
        ? (sharer ?? shown.find(({ user }) => user.id === this.#speaker) ?? shown[0])
        : undefined;
    return html`<section
      part="call-stage"
      class=${low ? 'low' : ''}
      aria-label=${words.stage.label(this.name)}
      @keydown=${this.#keyed}
    >
      ${this.#renderTop(shown)}
      <div
        class="tiles ${main ? 'speaker-view' : ''}"
        .style=${`--columns: ${main ? shown.length - 1 : columnsFor(shown.length, this.ratio)}`}
      >
        ${repeat(
          shown,
          ({ user }) => user.id,
          (person) => tile(person, words, person === main ? 'main' : ''),
        )}
      </div>
      ${me && !alone ? this.#renderOwn(me, people.length > 2) : nothing} ${this.#renderNotes()}
      ${this.picking ? this.#renderPickers() : nothing} ${this.#renderControls()}
    </section>`;
  }

  #renderTop(shown: readonly CallParticipant[]) {
    const { call, words, large } = this;
    const { stage } = words;
    const fire = (type: string) => () => this.dispatchEvent(new Event(type));
    const pictures = document.pictureInPictureEnabled && shown.some(({ stream, own }) => stream && !own);
    return html`<header>
      <p class="who"><bdi class="truncate">${this.name}</bdi> <span class="state">${stateText(call, words)}</span></p>
      ${
        pictures
          ? iconButton(
              PictureInPicture,
              stage.pictureInPicture,
              () => this.#pictureInPicture().catch(() => undefined),
              {
                size: 18,
              },
            )
          : nothing
      }
      ${
        shown.length > 1
          ? iconButton(
              LayoutGrid,
              this.speakerView ? stage.grid : stage.speaker,
              () => (this.speakerView = !this.speakerView),
              { size: 18 },
            )
          : nothing
      }
      ${iconButton(large ? Minimize : Maximize, large ? stage.smaller : stage.larger, fire('enlarge'), { size: 18 })}
      ${iconButton(ChevronUp, stage.fold, fire('fold'), { size: 18 })}
    </header>`;
  }

  #renderOwn(me: CallParticipant, many: boolean) {
    const { block, inline } = this.#own.corner;
    const { call, words } = this;
    return html`<div
      class="self ${block}-block ${inline}-inline ${many ? 'small' : ''}"
      tabindex="0"
      role="group"
      aria-label=${words.stage.ownPicture}
      @pointerdown=${this.#own.down}
      @pointermove=${this.#own.move}
      @pointerup=${this.#own.up}
      @pointercancel=${this.#own.up}
      @keydown=${this.#own.key}
    >
      ${tile(me, words)}
      ${
        call.cameraOn && !call.sharing && call.devices.cameras.length > 1
          ? iconButton(SwitchCamera, words.stage.switchCamera, () => this.act((calls) => calls.switchCamera()), {
              size: 16,
            })
          : nothing
      }
    </div>`;
  }

  /** What the person should know of now. */
  #renderNotes() {
    const { call, words } = this;
    const { problem } = call;
    const { stage } = words;
    return html`<div class="notes">
      ${
        call.soundBlocked
          ? html`<p class="note">
              <span>${stage.listenWhy}</span>
              <button class="button" type="button" @click=${() => this.act((calls) => calls.unlockSound())}>
                ${stage.listen}
              </button>
            </p>`
          : nothing
      }
      ${
        problem && problem !== this.seen && !byPage.has(problem.device)
          ? html`<p class="note" role="alert">
              <span
                >${problemText(problem, words)}
                ${problem.device === 'microphone' ? words.problem.noMicrophone : nothing}</span
              >
              ${iconButton(X, stage.dismiss, () => (this.seen = problem), { size: 18 })}
            </p>`
          : nothing
      }
    </div>`;
  }

  #renderPickers() {
    const { call, words, act } = this;
    const pickers = {
      ...call,
      microphone: (id: string) => act((calls) => calls.setMicrophone(id)),
      camera: this.video ? (id: string) => act((calls) => calls.setCamera(id)) : undefined,
      speaker: (id: string) => act((calls) => calls.setSpeaker(id)),
    };
    return html`<div id="devices" class="pickers">${devicePickers(pickers, words.devices)}</div>`;
  }

  #renderControls() {
    const { call, words, act } = this;
    const { stage } = words;
    const { muted, cameraOn, sharing } = call;
    const button = (node: IconNode, label: string, off: boolean, onClick: () => void) =>
      iconButton(node, label, onClick, { className: off ? 'off' : '' });
    return html`<div class="controls" role="group" aria-label=${stage.controls}>
      ${button(muted ? MicOff : Mic, muted ? stage.unmute : stage.mute, muted, () => act((calls) => calls.setMuted(!muted)))}
      ${
        this.video
          ? button(cameraOn ? Video : VideoOff, cameraOn ? stage.cameraOff : stage.cameraOn, !cameraOn, () =>
              act((calls) => calls.setCamera(!cameraOn)),
            )
          : nothing
      }
      ${
        this.video && navigator.mediaDevices && 'getDisplayMedia' in navigator.mediaDevices
          ? iconButton(
              ScreenShare,
              sharing ? stage.stopSharing : stage.share,
              () => act((calls) => calls.share(!sharing)),
              { className: sharing ? 'on' : '' },
            )
          : nothing
      }
      <button
        class="icon-button"
        type="button"
        aria-label=${stage.devices}
        title=${stage.devices}
        aria-controls="devices"
        aria-expanded=${this.picking}
        @click=${() => (this.picking = !this.picking)}
      >
        ${icon(Settings)}
      </button>
      ${iconButton(PhoneOff, stage.leave, () => act((calls) => calls.leave()), { className: 'leave' })}
    </div>`;
  }
}

define('teatime-call-stage', TeatimeCallStage);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-call-stage': TeatimeCallStage;
  }
}
