import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import Pause from 'lucide/dist/esm/icons/pause.mjs';
import Play from 'lucide/dist/esm/icons/play.mjs';
import { consume } from '../../context-protocol.ts';
import { localeContext, type Locale } from '../../context.ts';
import '../../locales/add-files.ts';
import type { Strings } from '../../locales/strings.ts';
import { baseStyles } from '../../styles/base.ts';
import { clock } from '../clock.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import { $rate, nextRate, Playback, playbackOf, type Source } from './playback.ts';
import { voicePlayerStyles } from './teatime-voice-player.styles.ts';
import { waveformPath, waveformWidth } from './waveform.ts';

/** A sound with play and pause, a waveform to scrub, its time, and a speed. Only one plays at a time. */
export class TeatimeVoicePlayer extends LitElement {
  static override styles = [baseStyles, voicePlayerStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #number = new StoreController(this, () => this.locale?.$format);
  readonly #rate = new StoreController(this, () => $rate);
  readonly #state = new StoreController(this, () => this.#playback?.$state);
  #playback: Playback | undefined;
  #frame = 0;

  @query('.wave') private wave!: HTMLElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private scrubbed: number | undefined;

  /** What the sound is known by: another player of that key shows and works the same playback, which goes on while none is shown. Without one it ends with the element. */
  @property({ attribute: false }) key = '';
  @property({ attribute: false, hasChanged: () => false }) src: Source | undefined;
  /** Its length, where that is known better than the file says it: recordings in WebM have none. */
  @property({ attribute: false }) durationMs: number | undefined;
  /** Loudness from 0 to 100 in equal steps; without it the bar is flat. */
  @property({ attribute: false }) waveform: readonly number[] | undefined;
  /** Its name for screen readers. */
  @property({ attribute: false }) label = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    if (!this.key) this.#playback?.pause();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { src } = this;
    if (src === undefined) return;
    // A recording that has just been sent gets its key while it may be playing.
    if (changed.has('key') || !this.#playback) {
      const mine = changed.get('key') === '' ? this.#playback : undefined;
      const make = (): Playback => mine ?? new Playback(src, this.durationMs);
      this.#playback = this.key ? playbackOf(this.key, make) : make();
      const { holder, shows } = holderOf(this);
      this.#playback.shownBy.set(holder, shows);
    }
    this.#playback.source = src;
  }

  protected override updated(): void {
    this.#draw();
  }

  /** Moves the played part of the waveform on, with each frame while it plays and motion is welcome. */
  readonly #draw = (): void => {
    cancelAnimationFrame(this.#frame);
    const playback = this.#playback;
    const state = this.#state.value;
    if (!playback || !state) return;
    const moving = state.status === 'playing' && this.scrubbed === undefined;
    const time = this.scrubbed ?? (moving ? playback.time : state.time);
    this.wave?.style.setProperty('--played', String(state.length ? Math.min(1, time / state.length) : 0));
    if (moving && !matchMedia('(prefers-reduced-motion: reduce)').matches)
      this.#frame = requestAnimationFrame(this.#draw);
  };

  readonly #toggle = (): void => {
    const playing = this.#state.value?.status === 'playing' || this.#state.value?.status === 'loading';
    if (playing) this.#playback?.pause();
    else void this.#playback?.play();
  };

  /** The address is asked for when somebody is about to play: Safari lets a sound start only right after the click. */
  readonly #prepare = (): void => void this.#playback?.prepare().catch(() => undefined);

  readonly #key = (event: KeyboardEvent): void => {
    const state = this.#state.value;
    if (!state || event.altKey || event.ctrlKey || event.metaKey) return;
    const step = state.length > 60_000 ? 5_000 : 1_000;
    const forward = this.matches(':dir(rtl)') ? -step : step;
    const moves: Record<string, number> = {
      ArrowRight: state.time + forward,
      ArrowLeft: state.time - forward,
      ArrowUp: state.time + step,
      ArrowDown: state.time - step,
      PageUp: state.time + state.length / 10,
      PageDown: state.time - state.length / 10,
      Home: 0,
      End: state.length,
    };
    const to = moves[event.key];
    if (event.key === ' ' || event.key === 'Enter') this.#toggle();
    else if (to === undefined) return;
    else this.#playback?.seek(to);
    event.preventDefault();
    event.stopPropagation();
  };

  readonly #scrub = (event: PointerEvent): void => {
    if (event.button !== 0 || !this.wave) return;
    // Held on a message, a finger would call for its actions.
    event.stopPropagation();
    this.wave.setPointerCapture(event.pointerId);
    this.scrubbed = this.#timeAt(event);
  };

  readonly #scrubOn = (event: PointerEvent): void => {
    if (this.scrubbed !== undefined) this.scrubbed = this.#timeAt(event);
  };

  readonly #scrubEnd = (event: PointerEvent): void => {
    if (this.scrubbed !== undefined && event.type === 'pointerup') this.#playback?.seek(this.#timeAt(event));
    this.scrubbed = undefined;
  };

  #timeAt({ clientX }: PointerEvent): number {
    const { left, right, width } = this.wave!.getBoundingClientRect();
    const from = this.matches(':dir(rtl)') ? right - clientX : clientX - left;
    return Math.min(1, Math.max(0, from / (width || 1))) * (this.#state.value?.length ?? 0);
  }

  override render() {
    const strings = this.#strings.value;
    const state = this.#state.value;
    if (!strings || !state) return nothing;
    const words = strings.player;
    const playing = state.status === 'playing' || state.status === 'loading';
    const time = this.scrubbed ?? state.time;
    const started = playing || time > 0;
    return html`<div class="player ${state.status}" role="group" aria-label=${this.label}>
      <button
        class="toggle"
        type="button"
        aria-label=${playing ? words.pause : words.play}
        title=${playing ? words.pause : words.play}
        @pointerenter=${this.#prepare}
        @focus=${this.#prepare}
        @click=${this.#toggle}
      >
        ${icon(playing ? Pause : Play, { size: 18 })}
      </button>
      <div class="body">
        ${this.#renderWave(words, time, state.length)}
        <span class="time" role=${state.status === 'failed' ? 'alert' : nothing}
          >${state.status === 'failed' ? words.failed : html`<bdi>${clock(started ? time : state.length)}</bdi>`}</span
        >
      </div>
      ${this.#renderRate(words)}
    </div>`;
  }

  #renderWave(words: Strings['player'], time: number, length: number) {
    const path = waveformPath(this.waveform);
    const bars = (name: string) =>
      html`<svg class=${name} viewBox="0 0 ${waveformWidth} 24" preserveAspectRatio="none" aria-hidden="true">
        <path d=${path} fill="currentColor"></path>
      </svg>`;
    return html`<div
      class="wave ${this.waveform?.length ? '' : 'flat'}"
      role="slider"
      tabindex="0"
      aria-label=${words.position}
      aria-valuemin="0"
      aria-valuemax=${Math.max(1, Math.round(length / 1000))}
      aria-valuenow=${Math.round(time / 1000)}
      aria-valuetext=${words.at(clock(time), clock(length))}
      @keydown=${this.#key}
      @pointerdown=${this.#scrub}
      @pointermove=${this.#scrubOn}
      @pointerup=${this.#scrubEnd}
      @pointercancel=${this.#scrubEnd}
    >
      ${bars('rest')}${bars('done')}
    </div>`;
  }

  #renderRate(words: Strings['player']) {
    const factor = this.#number.value?.number(this.#rate.value ?? 1) ?? '1';
    return html`<button
      class="rate"
      type="button"
      aria-label=${words.speed(factor)}
      title=${words.speed(factor)}
      @click=${nextRate}
    >
      <bdi>${words.factor(factor)}</bdi>
    </button>`;
  }
}

/** What a player goes with, and whether it is still in sight, or would be if one scrolled there: its timeline with that conversation, or else itself. */
function holderOf(player: HTMLElement): { holder: Element; shows: () => boolean } {
  const hostOf = (node: Node): Element | undefined => {
    const root = node.getRootNode();
    return root instanceof ShadowRoot ? root.host : undefined;
  };
  let holder: (Element & { conversation?: unknown }) | undefined = hostOf(player);
  while (holder && holder.localName !== 'teatime-timeline') holder = hostOf(holder);
  if (!holder) return { holder: player, shows: () => player.isConnected };
  const timeline = holder;
  const { conversation } = timeline;
  return { holder: timeline, shows: () => timeline.isConnected && timeline.conversation === conversation };
}

define('teatime-voice-player', TeatimeVoicePlayer);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-voice-player': TeatimeVoicePlayer;
  }
}
