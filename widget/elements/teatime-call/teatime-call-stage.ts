import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import ChevronUp from 'lucide/dist/esm/icons/chevron-up.mjs';
import LayoutGrid from 'lucide/dist/esm/icons/layout-grid.mjs';
import Maximize from 'lucide/dist/esm/icons/maximize-2.mjs';
import Minimize from 'lucide/dist/esm/icons/minimize-2.mjs';
import PictureInPicture from 'lucide/dist/esm/icons/picture-in-picture-2.mjs';
import SwitchCamera from 'lucide/dist/esm/icons/switch-camera.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { CallHandle, CallParticipant, CallView } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { iconButton } from '../icon-button.ts';
import { byPage } from './by-page.ts';
import { callControls } from './call-controls.ts';
import { others, problemText, stateText } from './call-words.ts';
import { devicePickers } from './device-pickers.ts';
import { columnOf, columnsFor } from './grid.ts';
import { rememberDevices } from './last-devices.ts';
import { NotifyOffer } from './notify-button.ts';
import { OwnTile } from './own-tile.ts';
import { PictureWindow } from './picture-window.ts';
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
  readonly #window = new PictureWindow(this);
  readonly #offer = new NotifyOffer(this);
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
    // With one other person one's own picture is a small one above theirs; with more it is one of the tiles, so that it covers nobody.
    const apart = people.length === 1;
    const shown = apart || !me ? people : [...people, me];
    const sharer = people.find(({ screen }) => screen);
    const main =
      shown.length > 1 && (sharer || this.speakerView)
        ? (sharer ?? people.find(({ user }) => user.id === this.#speaker) ?? people[0])
        : undefined;
    const columns = main ? shown.length - 1 : columnsFor(shown.length, this.ratio);
    return html`<section
      part="call-stage"
      class=${low ? 'low' : ''}
      aria-label=${words.stage.label(this.name)}
      @keydown=${this.#keyed}
    >
      ${this.#renderTop(shown)}
      <div class="tiles ${main ? 'speaker-view' : ''}" .style=${`--columns: ${columns * 2}`}>
        ${repeat(
          shown,
          ({ user }) => user.id,
          (person, index) =>
            tile(person, words, {
              className: person === main ? 'main' : '',
              column: main ? undefined : columnOf(index, shown.length, columns),
              more: person.own && people.length > 0 ? this.#renderSwitch() : nothing,
            }),
        )}
      </div>
      ${me && apart ? this.#renderOwn(me) : nothing} ${this.#renderNotes()}
      ${this.picking ? this.#renderPickers() : nothing}
      ${callControls(call, words.stage, {
        video: this.video,
        picking: this.picking,
        togglePicking: () => (this.picking = !this.picking),
        act: this.act,
      })}
    </section>`;
  }

  #renderTop(shown: readonly CallParticipant[]) {
    const { call, words, large } = this;
    const { stage } = words;
    const fire = (type: string) => () => this.dispatchEvent(new Event(type));
    const pictures = this.#window.possible && shown.some(({ stream, own }) => stream && !own);
    return html`<header>
      <p class="who"><bdi class="truncate">${this.name}</bdi> <span class="state">${stateText(call, words)}</span></p>
      ${
        pictures
          ? iconButton(
              PictureInPicture,
              this.#window.open ? stage.pictureBack : stage.pictureInPicture,
              () => this.#window.toggle(),
              { size: 18, className: this.#window.open ? 'on' : '' },
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

  #renderOwn(me: CallParticipant) {
    const { block, inline } = this.#own.corner;
    const { words } = this;
    return html`<div
      class="self ${block}-block ${inline}-inline"
      tabindex="0"
      role="group"
      aria-label=${words.stage.ownPicture}
      @pointerdown=${this.#own.down}
      @pointermove=${this.#own.move}
      @pointerup=${this.#own.up}
      @pointercancel=${this.#own.up}
      @keydown=${this.#own.key}
    >
      ${tile(me, words, { more: this.#renderSwitch() })}
    </div>`;
  }

  /** From one camera to the next, as between the two sides of a telephone. */
  #renderSwitch() {
    const { call, words } = this;
    if (!call.cameraOn || call.sharing || call.devices.cameras.length < 2) return nothing;
    return iconButton(SwitchCamera, words.stage.switchCamera, () => this.act((calls) => calls.switchCamera()), {
      size: 16,
      className: 'switch',
    });
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
    const camera = (id: string): void => {
      rememberDevices({ cameraId: id });
      act((calls) => calls.setCamera(id));
    };
    const pickers = {
      ...call,
      microphone: (id: string) => {
        rememberDevices({ microphoneId: id });
        act((calls) => calls.setMicrophone(id));
      },
      camera: this.video ? camera : undefined,
      speaker: (id: string) => act((calls) => calls.setSpeaker(id)),
    };
    return html`<div id="devices" class="pickers">
      ${devicePickers(pickers, words.devices)} ${this.#offer.button(words.setup.notify)}
    </div>`;
  }
}

define('teatime-call-stage', TeatimeCallStage);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-call-stage': TeatimeCallStage;
  }
}
