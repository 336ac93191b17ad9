import type { Attachment } from '../../model/types.ts';
import { levelMs, levelOf, waveformOf } from './levels.ts';

/** In the order of preference: AAC in MP4 plays everywhere, Opus in WebM not in older Safaris. */
const types = ['audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/webm;codecs=opus', 'audio/ogg;codecs=opus'];
/** Enough for speech in each of them. */
const bitsPerSecond = 48_000;

/** A finished recording, ready to be sent. */
export type Recorded = Attachment & Required<Pick<Attachment, 'voice'>>;

/** A recording that is going on; the microphone is held until `stop` or `discard`. */
export interface Recording {
  /** Loudness so far from 0 to 100, one each `levelMs`. */
  readonly levels: readonly number[];
  readonly elapsedMs: number;
  /** Gives the microphone back at once; resolves with what was recorded. */
  stop(): Promise<Recorded>;
  /** Gives the microphone back at once and forgets everything. */
  discard(): void;
}

interface Options {
  /** Ends the wait for the microphone; what it then still hands out is given back. */
  readonly signal: AbortSignal;
  readonly longestMs: number;
  /** There is a new level. */
  readonly onLevel: () => void;
  /** It cannot go on: it is as long as may be, or the microphone is gone. What there is can be had by `stop`. */
  readonly onEnd: (reason: 'longest' | 'lost') => void;
}

/** The media type that this browser records in; `undefined` when it records none that others can play. */
export function recordingType(): string | undefined {
  if (typeof MediaRecorder === 'undefined') return undefined;
  // Where a browser has no AAC, MP4 without a codec would be Opus in MP4, which fewer play than Opus in WebM.
  const hasOpusMp4 = MediaRecorder.isTypeSupported('audio/mp4;codecs=opus');
  return types.find((type) => MediaRecorder.isTypeSupported(type) && !(hasOpusMp4 && type === 'audio/mp4'));
}

/** Asks for the microphone and begins to record. Rejects with the browser's DOMException when it cannot be had. */
export async function startRecording({ signal, longestMs, onLevel, onEnd }: Options): Promise<Recording> {
  const mimeType = recordingType();
  if (!mimeType) throw new DOMException('unable to record; no format is supported', 'NotSupportedError');
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const [track] = stream.getAudioTracks();
  const release = (): void => track?.stop();
  try {
    signal.throwIfAborted();
    return await record(stream, new MediaRecorder(stream, { mimeType, audioBitsPerSecond: bitsPerSecond }));
  } catch (error) {
    release();
    throw error;
  }

  async function record(stream: MediaStream, recorder: MediaRecorder): Promise<Recording> {
    const chunks: Blob[] = [];
    const levels: number[] = [];
    const meter = createMeter(stream);
    recorder.addEventListener('dataavailable', ({ data }) => chunks.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
    const started = new Promise((resolve, reject) => {
      recorder.addEventListener('start', resolve, { once: true });
      recorder.addEventListener('error', () => reject(new DOMException('unable to record', 'NotReadableError')));
    });
    recorder.start();
    await started;
    const startedAt = performance.now();
    let endedAt: number | undefined;
    const elapsed = (): number => Math.min((endedAt ?? performance.now()) - startedAt, longestMs);

    const tick = (): void => {
      // Timers of hidden pages are late: the time without a measurement is filled with the next one.
      const level = meter.level();
      while (levels.length < elapsed() / levelMs) levels.push(level);
      onLevel();
      if (elapsed() >= longestMs) end('longest');
    };
    const timer = setInterval(tick, levelMs);

    const letGo = (): void => {
      endedAt ??= performance.now();
      clearInterval(timer);
      meter.close();
      signal.removeEventListener('abort', letGo);
      track?.removeEventListener('ended', onLost);
      if (recorder.state !== 'inactive') recorder.stop();
      release();
    };
    const end = (reason: 'longest' | 'lost'): void => {
      letGo();
      onEnd(reason);
    };
    const onLost = (): void => end('lost');
    track?.addEventListener('ended', onLost);
    signal.addEventListener('abort', letGo);
    if (signal.aborted) letGo();

    return {
      levels,
      get elapsedMs() {
        return elapsed();
      },
      async stop() {
        letGo();
        await stopped;
        const type = recorder.mimeType || mimeType || '';
        return {
          blob: new Blob(chunks, { type }),
          name: nameOf(type),
          voice: { durationMs: Math.round(elapsed()), waveform: waveformOf(levels) },
        };
      },
      discard: letGo,
    };
  }
}

/** Tells how loud a stream is now. */
function createMeter(stream: MediaStream): { level(): number; close(): void } {
  const context = new AudioContext();
  // Safari starts it asleep when the permission took longer than the click counts.
  void context.resume().catch(() => undefined);
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(stream).connect(analyser);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return levelOf(samples);
    },
    close() {
      if (context.state !== 'closed') void context.close();
    },
  };
}

/** A name to find it by after a download. */
function nameOf(type: string): string {
  const extension = type.startsWith('audio/mp4') ? 'm4a' : type.startsWith('audio/ogg') ? 'ogg' : 'webm';
  return `voice-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, '-')}.${extension}`;
}
