import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import ArrowUp from 'lucide/dist/esm/icons/arrow-up.mjs';
import ChevronLeft from 'lucide/dist/esm/icons/chevron-left.mjs';
import Mic from 'lucide/dist/esm/icons/mic.mjs';
import MicOff from 'lucide/dist/esm/icons/mic-off.mjs';
import Square from 'lucide/dist/esm/icons/square.mjs';
import Trash from 'lucide/dist/esm/icons/trash.mjs';
import type { FileLimits } from '../../../protocol/files.ts';
import { localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import { TeatimePermissionNeededEvent } from '../../file-events.ts';
import '../../locales/add-files.ts';
import type { Strings } from '../../locales/strings.ts';
import type { OpenConversation } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { clock } from '../clock.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { icon } from '../icon.ts';
import { iconButton } from '../icon-button.ts';
import { StoreController } from '../store-controller.ts';
import { rejectionTexts } from '../teatime-file-tray/rejection-text.ts';
import '../teatime-voice-player/teatime-voice-player.ts';
import { cancelPx, followHold } from './hold.ts';
import { liveLevels } from './live-levels.ts';
import { microphoneText, obstacle, reasonOf, type MicrophoneReason } from './microphone.ts';
import { startRecording, type Recorded, type Recording } from './recording.ts';
import { sendRecording } from './send-recording.ts';
import { voiceRecorderStyles } from './teatime-voice-recorder.styles.ts';

type Phase =
  | { readonly name: 'starting' | 'stopping' }
  | { readonly name: 'recording'; readonly recording: Recording }
  | { readonly name: 'preview'; readonly recorded: Recorded; readonly url: string; readonly notice?: string }
  | { readonly name: 'problem'; readonly text: string };

/** From so many ms before the longest on, the time is shown in alarm. */
const endingMs = 10_000;
/** Time between two pictures of the level where motion is not welcome, in ms. */
const calmMs = 1000;

/**
 * Records a voice message in the place of the composer's field, from the moment that it is put there: then it is listened to, sent or discarded. The
 * microphone is held while it records and not a moment longer. Fires `close` when it is done; `teatime-permission-needed` when the microphone
 * cannot be had, which it explains in words unless the page does.
 */
export class TeatimeVoiceRecorder extends LitElement {
  static override styles = [baseStyles, voiceRecorderStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #lang = new StoreController(this, () => this.locale?.$lang);
  /** Ends the recording, or the wait for the microphone. */
  #life: AbortController | undefined;
  #endHold: (() => void) | undefined;
  #drawnAt = 0;
  #hadFocus = false;

  @query('.main') private main!: HTMLElement | null;
  @query('.held') private heldMark!: HTMLElement | null;
  @query('.slide') private slide!: HTMLElement | null;

  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @state() private phase: Phase = { name: 'starting' };
  /** A finger holds the record button. */
  @state() private held = false;
  @state() private sending = false;

  @property({ attribute: false }) conversation: OpenConversation | undefined;
  @property({ attribute: false }) limits: FileLimits | undefined;
  /** What it was begun by: a touch that is still there (`pointerdown`) holds it until it is released. */
  @property({ attribute: false }) trigger: PointerEvent | undefined;

  constructor() {
    super();
    this.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('pagehide', this.#leave);
    // Moved to another place of the page, which ended the recording: there is nothing to go on with.
    if (this.#life) void Promise.resolve().then(() => this.#close());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('pagehide', this.#leave);
    this.#letGo();
    if (this.phase.name === 'preview') URL.revokeObjectURL(this.phase.url);
  }

  protected override firstUpdated(): void {
    void this.updateComplete.then(() => this.#start());
  }

  protected override willUpdate(changed: PropertyValues): void {
    this.#hadFocus = this.matches(':focus-within');
    if (!changed.has('trigger')) return;
    this.#endHold?.();
    this.held = this.trigger?.type === 'pointerdown';
    if (!this.trigger || !this.held) return;
    this.#endHold = followHold(this.trigger, {
      rtl: this.matches(':dir(rtl)'),
      onSlide: (px) => {
        if (!this.slide) return;
        this.slide.style.translate = `${this.matches(':dir(rtl)') ? px : -px}px`;
        this.slide.style.opacity = String(1 - px / cancelPx);
      },
      onCancel: () => this.#close(),
      onRelease: () => {
        this.held = false;
        if (this.phase.name === 'recording') void this.#finish(this.phase.recording, 'send');
      },
      onTap: () => (this.held = false),
    });
  }

  protected override updated(changed: PropertyValues): void {
    // What had the focus went with the phase before; a finger needs none.
    const isNew = changed.has('phase') || changed.has('held');
    if (isNew && !this.held && (this.#hadFocus || !changed.get('phase'))) this.main?.focus();
  }

  /** The page may come back from the browser's memory: what is recorded already is kept for that. */
  readonly #leave = (): void => {
    if (this.phase.name !== 'preview') this.#close();
  };

  #letGo(): void {
    this.#life?.abort();
    this.#endHold?.();
  }

  async #start(): Promise<void> {
    if (!this.isConnected) return;
    const life = (this.#life = new AbortController());
    this.phase = { name: 'starting' };
    const inTheWay = obstacle();
    if (inTheWay) return this.#refused(inTheWay);
    try {
      const recording = await startRecording({
        signal: life.signal,
        longestMs: (this.limits?.voiceSeconds ?? 0) * 1000,
        onLevel: () => this.#draw(),
        onEnd: (reason) => void this.#finish(recording, 'listen', this.#strings.value?.recorder[reason]),
      });
      if (!life.signal.aborted) this.phase = { name: 'recording', recording };
    } catch (error) {
      if (!life.signal.aborted) this.#refused(reasonOf(error));
    }
  }

  #refused(reason: MicrophoneReason): void {
    this.#letGo();
    this.held = false;
    if (!this.dispatchEvent(new TeatimePermissionNeededEvent(reason))) return this.#close();
    const words = this.#strings.value?.recorder;
    if (words) this.phase = { name: 'problem', text: microphoneText(reason, words) };
  }

  #draw(): void {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (isCalm && performance.now() - this.#drawnAt < calmMs) return;
    this.#drawnAt = performance.now();
    if (this.heldMark && this.phase.name === 'recording' && !isCalm) {
      const level = this.phase.recording.levels.at(-1) ?? 0;
      this.heldMark.style.setProperty('--halo', String(1.1 + level / 120));
    }
    this.requestUpdate();
  }

  async #finish(recording: Recording, then: 'listen' | 'send', notice?: string): Promise<void> {
    this.#endHold?.();
    this.held = false;
    this.phase = { name: 'stopping' };
    const recorded = await recording.stop();
    if (!this.isConnected) return;
    if (recorded.blob.size === 0) {
      this.phase = { name: 'problem', text: this.#strings.value?.recorder.empty ?? '' };
      return;
    }
    if (then === 'send') await this.#send(recorded);
    else this.#preview(recorded, notice);
  }

  #preview(recorded: Recorded, notice?: string): void {
    const url = this.phase.name === 'preview' ? this.phase.url : URL.createObjectURL(recorded.blob);
    this.phase = { name: 'preview', recorded, url, ...(notice && { notice }) };
  }

  async #send(recorded: Recorded): Promise<void> {
    const { conversation } = this;
    const strings = this.#strings.value;
    if (!conversation || !strings || this.sending) return;
    this.sending = true;
    try {
      const rejected = await sendRecording(this, conversation, recorded);
      if (!rejected) this.#preview(recorded);
      else if (rejected.length === 0) this.#close();
      else {
        const texts = rejectionTexts(rejected, strings.tray, this.limits, this.#lang.value ?? 'en');
        this.phase = { name: 'problem', text: texts.join(' ') };
      }
    } catch (error) {
      this.#preview(recorded, failureText(strings, failureFrom(error)));
    } finally {
      this.sending = false;
    }
  }

  #close(): void {
    this.#letGo();
    this.dispatchEvent(new Event('close'));
  }

  override render() {
    const strings = this.#strings.value;
    if (!strings) return nothing;
    const { phase } = this;
    const words = strings.recorder;
    return html`<div role="group" aria-label=${words.label}>
      <p class="visually-hidden" role="status">${phase.name === 'recording' ? words.recording : nothing}</p>
      <div role="status">
        ${phase.name === 'preview' && phase.notice ? html`<p class="notice">${phase.notice}</p>` : nothing}
      </div>
      ${this.#renderPhase(phase, words)}
    </div>`;
  }

  #renderPhase(phase: Phase, words: Strings['recorder']) {
    switch (phase.name) {
      case 'starting':
        return html`<div class="row">
          ${this.#renderDiscard(words, 'main')}
          <p class="waiting" role="status">${words.starting}</p>
        </div>`;
      case 'recording':
        return this.held ? this.#renderHeld(phase.recording, words) : this.#renderRecording(phase.recording, words);
      case 'stopping':
        return html`<div class="row">${this.#renderDiscard(words, 'main')}</div>`;
      case 'preview':
        return html`<div class="row">
          ${this.#renderDiscard(words)}
          <teatime-voice-player
            .src=${phase.url}
            .durationMs=${phase.recorded.voice.durationMs}
            .waveform=${phase.recorded.voice.waveform}
            .label=${words.label}
          ></teatime-voice-player>
          ${this.#renderSend(words, () => this.#send(phase.recorded), 'main')}
        </div>`;
      case 'problem':
        return html`<div class="problem">
          <div class="words" role="alert">
            ${icon(MicOff)}
            <p>${phase.text}</p>
          </div>
          <div class="choices">
            <button class="button quiet" type="button" @click=${() => this.#close()}>${words.close}</button>
            <button class="button main" type="button" @click=${() => this.#start()}>${words.tryAgain}</button>
          </div>
        </div>`;
    }
  }

  #renderRecording(recording: Recording, words: Strings['recorder']) {
    return html`<div class="row">
      ${this.#renderDiscard(words)} ${this.#renderClock(recording, words)} ${liveLevels(recording.levels)}
      ${iconButton(Square, words.stop, () => this.#finish(recording, 'listen'), { size: 18, className: 'stop main' })}
      ${this.#renderSend(words, () => this.#finish(recording, 'send'))}
    </div>`;
  }

  #renderHeld(recording: Recording, words: Strings['recorder']) {
    return html`<div class="row held-down">
      ${this.#renderClock(recording, words)}
      <p class="slide">${icon(ChevronLeft, { size: 18, flip: true })}<span class="truncate">${words.slide}</span></p>
      <span class="held">${icon(Mic)}</span>
    </div>`;
  }

  #renderClock({ elapsedMs }: Recording, words: Strings['recorder']) {
    const time = clock(Math.floor(elapsedMs / 1000) * 1000);
    const isEnding = (this.limits?.voiceSeconds ?? 0) * 1000 - elapsedMs < endingMs;
    return html`<span class="clock ${isEnding ? 'ending' : ''}" role="timer" aria-label=${words.elapsed(time)}
      >${time}</span
    >`;
  }

  #renderDiscard(words: Strings['recorder'], className = '') {
    return iconButton(Trash, words.cancel, () => this.#close(), { className: `discard ${className}` });
  }

  #renderSend(words: Strings['recorder'], onClick: () => unknown, className = '') {
    return html`<button
      class="send ${className}"
      type="button"
      aria-label=${words.send}
      title=${words.send}
      ?disabled=${this.sending}
      @click=${onClick}
    >
      ${icon(ArrowUp)}
    </button>`;
  }
}

define('teatime-voice-recorder', TeatimeVoiceRecorder);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-voice-recorder': TeatimeVoiceRecorder;
  }
}
