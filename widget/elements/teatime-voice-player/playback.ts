import { atom, type ReadableAtom } from 'nanostores';

/** An address, or what resolves with one that is good now. */
export type Source = string | (() => Promise<string>);

/** What a player shows. `time` and `length` are in ms; the length is 0 while it is unknown. */
export interface PlaybackState {
  readonly status: 'paused' | 'loading' | 'playing' | 'failed';
  readonly time: number;
  readonly length: number;
}

/** How fast sound is played, for as long as the page lives. */
export const $rate = atom(1);
const rates = [1, 1.5, 2];

/** The next speed after the present one. */
export function nextRate(): void {
  $rate.set(rates[(rates.indexOf($rate.get()) + 1) % rates.length] ?? 1);
}

/** Only one plays at a time. */
let playing: Playback | undefined;
$rate.listen(() => playing?.keepPace());
const kept = new Map<string, Playback>();
function takeTurn(next: Playback): void {
  if (playing !== next) playing?.pause();
  playing = next;
}

/** So many that are paused half-way are remembered. */
const mostKept = 20;

/** The playback of that key, the same one each time: it outlives the element that shows it, which is redrawn when it is scrolled out of view and back. */
export function playbackOf(key: string, make: () => Playback): Playback {
  const playback = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, playback);
  for (const [old, { $state }] of kept) {
    if (kept.size <= mostKept) break;
    if ($state.get().status !== 'playing') kept.delete(old);
  }
  return playback;
}

/** A sound that is played without being shown: by an element of its own that is in no document. */
export class Playback {
  readonly #audio = new Audio();
  readonly #state = atom<PlaybackState>({ status: 'paused', time: 0, length: 0 });
  #source: Source;
  #loading: Promise<void> | undefined;
  #refreshed = false;
  /** Those who show it, with whether they still do: when none does any more, it ends, since nobody could stop it. */
  readonly shownBy = new Map<object, () => boolean>();

  constructor(source: Source, length: number | undefined) {
    this.#source = source;
    this.#set({ length: length ?? 0 });
    const audio = this.#audio;
    audio.preload = 'metadata';
    audio.addEventListener('timeupdate', () => {
      if ([...this.shownBy.values()].some((shows) => shows())) this.#set({ time: audio.currentTime * 1000 });
      else this.pause();
    });
    audio.addEventListener('durationchange', () => {
      // Recordings in WebM have none; what the sender measured is as good for the others, too.
      if (this.#state.get().length === 0 && Number.isFinite(audio.duration))
        this.#set({ length: audio.duration * 1000 });
    });
    audio.addEventListener('playing', () => this.#set({ status: 'playing' }));
    audio.addEventListener('pause', () => {
      if (!audio.ended && this.#state.get().status !== 'failed') this.#set({ status: 'paused' });
    });
    audio.addEventListener('ended', () => {
      audio.currentTime = 0;
      this.#set({ status: 'paused', time: 0 });
    });
    audio.addEventListener('error', () => void this.#refresh());
  }

  get $state(): ReadableAtom<PlaybackState> {
    return this.#state;
  }

  /** The place in ms, finer than the state tells. */
  get time(): number {
    return this.#loading ? this.#state.get().time : this.#audio.currentTime * 1000;
  }

  /** What an element that is redrawn knows by now. */
  set source(source: Source) {
    this.#source = source;
  }

  /** Gets what is needed to play, so that it starts at once. */
  prepare(): Promise<void> {
    return (this.#loading ??= this.#load());
  }

  async play(): Promise<void> {
    takeTurn(this);
    const { time } = this.#state.get();
    this.#set({ status: 'loading' });
    try {
      await this.prepare();
      this.keepPace();
      if (playing !== this || this.#state.get().status !== 'loading') return;
      await this.#audio.play();
      if (time > 0 && this.#audio.currentTime === 0) this.#audio.currentTime = time / 1000;
    } catch (error) {
      // Paused before it began: that is no failure.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.#fail();
    }
  }

  /** Plays as fast as all sound is played now. */
  keepPace(): void {
    this.#audio.defaultPlaybackRate = this.#audio.playbackRate = $rate.get();
  }

  pause(): void {
    this.#audio.pause();
    if (this.#state.get().status === 'loading') this.#set({ status: 'paused' });
  }

  /** Goes to a place in ms, playing or not. */
  seek(ms: number): void {
    const time = Math.min(Math.max(0, ms), this.#state.get().length || Infinity);
    this.#set({ time });
    void this.prepare().then(
      () => {
        this.#audio.currentTime = time / 1000;
      },
      () => this.#fail(),
    );
  }

  async #load(): Promise<void> {
    const audio = this.#audio;
    const next = async (): Promise<void> => {
      audio.src = typeof this.#source === 'string' ? this.#source : await this.#source();
      await ready(audio);
    };
    try {
      try {
        await next();
      } catch (error) {
        // An address may end between being told and being used.
        if (typeof this.#source === 'string') throw error;
        await next();
      }
      if (audio.duration === Infinity) await findEnd(audio);
    } catch (error) {
      this.#loading = undefined;
      throw error;
    }
  }

  /** An address that has ended is asked for again, once, and playing goes on where it was. */
  async #refresh(): Promise<void> {
    const { status, time } = this.#state.get();
    // While it loads, whoever waits for that is told.
    if (!this.#audio.src || status === 'failed' || this.#audio.readyState === 0) return;
    if (this.#refreshed) return this.#fail();
    this.#refreshed = true;
    this.#loading = undefined;
    if (status === 'paused') return;
    await this.play();
    this.seek(time);
  }

  #fail(): void {
    this.#loading = undefined;
    this.#refreshed = false;
    this.#set({ status: 'failed' });
  }

  #set(changes: Partial<PlaybackState>): void {
    this.#state.set({ ...this.#state.get(), ...changes });
  }
}

function ready(audio: HTMLAudioElement): Promise<void> {
  return new Promise((resolve, reject) => {
    const { signal, stop } = scope();
    const failed = (): void => {
      stop();
      reject(new Error('unable to play the sound; it could not be loaded', { cause: audio.error }));
    };
    audio.addEventListener('loadedmetadata', () => (stop(), resolve()), { signal });
    audio.addEventListener('error', failed, { signal });
    audio.load();
  });
}

/**
 * A recording without a length cannot be searched in Chromium until its end has been seen; to go far beyond it makes the
 * browser look for it (crbug.com/642012).
 */
function findEnd(audio: HTMLAudioElement): Promise<void> {
  return new Promise((resolve) => {
    const { signal, stop } = scope();
    audio.addEventListener(
      'durationchange',
      () => {
        if (!Number.isFinite(audio.duration)) return;
        audio.currentTime = 0;
        audio.addEventListener('seeked', () => (stop(), resolve()), { signal });
      },
      { signal },
    );
    audio.addEventListener('error', () => (stop(), resolve()), { signal });
    audio.currentTime = 1e8;
  });
}

function scope(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, stop: () => controller.abort() };
}
