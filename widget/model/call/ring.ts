import { joinTabs } from '../../client/tabs.ts';

/** The sound of a call that waits for an answer. */
export interface Ring {
  /** Rings for a call, here or in another tab: of the tabs that are open, one sounds. */
  incoming(): void;
  /** What the caller hears meanwhile. */
  outgoing(): void;
  stop(): void;
  close(): void;
}

/** A note: how many hertz, when and for how long in seconds, and how loud. */
type Note = readonly [hertz: number, at: number, seconds: number, loudness: number];

// A rising third and back, twice, and then a rest.
const ringing: readonly Note[] = [
  [523.25, 0, 0.5, 0.16],
  [659.25, 0.28, 0.6, 0.16],
  [523.25, 1.1, 0.5, 0.12],
  [659.25, 1.38, 0.7, 0.12],
];
const waiting: readonly Note[] = [[392, 0, 0.9, 0.05]];
const everyMs = 3500;
// A tab that can be seen rings before those that cannot.
const hiddenWaitMs = 400;

/** Makes the ring of a person's tabs, which share `scope`. */
export const createRing = (scope: string): Ring => {
  const tabs = joinTabs(`ring:${scope}`, () => {});
  let era = 0;
  let stopSound: (() => void) | undefined;

  const sound = (notes: readonly Note[]) => {
    stopSound?.();
    stopSound = repeat(notes);
  };
  const stop = () => {
    era++;
    stopSound?.();
    stopSound = undefined;
    release?.();
  };
  let release: (() => void) | undefined;

  return {
    incoming() {
      stop();
      const mine = era;
      const turn = async () => {
        if (mine !== era) return;
        sound(ringing);
        await new Promise<void>((resolve) => (release = resolve));
      };
      const wait = document.visibilityState === 'visible' ? 0 : hiddenWaitMs;
      setTimeout(() => {
        if (mine === era) tabs.lock('ring', turn).catch(() => {});
      }, wait);
    },
    outgoing() {
      stop();
      sound(waiting);
    },
    stop,
    close() {
      stop();
      tabs.close();
    },
  };
};

/** Plays notes again and again until the returned function is called. */
const repeat = (notes: readonly Note[]): (() => void) => {
  const context = new AudioContext();
  const play = () => {
    // A page that nobody has touched yet may not sound; it begins with the first touch.
    if (context.state === 'running') for (const note of notes) strike(context, note);
  };
  const wake = () => void context.resume().catch(() => {});
  const woken = () => play();
  context.addEventListener('statechange', woken, { once: true });
  for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, wake, { once: true, capture: true });
  wake();
  play();
  const timer = setInterval(play, everyMs);
  return () => {
    clearInterval(timer);
    context.removeEventListener('statechange', woken);
    for (const gesture of ['pointerdown', 'keydown']) removeEventListener(gesture, wake, { capture: true });
    void context.close();
  };
};

const strike = (context: AudioContext, [hertz, at, seconds, loudness]: Note): void => {
  const begin = context.currentTime + at;
  const voice = context.createOscillator();
  const volume = context.createGain();
  voice.type = 'sine';
  voice.frequency.value = hertz;
  volume.gain.setValueAtTime(0, begin);
  volume.gain.linearRampToValueAtTime(loudness, begin + 0.04);
  volume.gain.exponentialRampToValueAtTime(0.0001, begin + seconds);
  voice.connect(volume).connect(context.destination);
  voice.start(begin);
  voice.stop(begin + seconds);
};
