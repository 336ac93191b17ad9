import type { File } from '../../protocol/files.ts';

/** A file of a message: a picture of 400 × 300, unless said otherwise. */
export function aFile(changes: Partial<File> = {}): File {
  return {
    id: `file-${changes.name ?? 'photo.png'}`,
    name: 'photo.png',
    size: 1_200_000,
    type: 'image/png',
    kind: 'image',
    width: 400,
    height: 300,
    ...changes,
  };
}

/** A voice message of that length with a waveform. */
export function aVoice(durationMs: number, changes: Partial<File> = {}): File {
  const waveform = Array.from({ length: 64 }, (_, index) => Math.round(50 + 45 * Math.sin(index)));
  const { width: _, height: __, ...file } = aFile({ name: 'voice.wav', type: 'audio/wav', kind: 'voice', ...changes });
  return { ...file, durationMs, waveform };
}

/** A tone as a WAV: 8 bit, one channel, 8,000 samples a second. */
export function aTone(seconds: number): Blob {
  const samples = Math.round(8_000 * seconds);
  const bytes = new Uint8Array(44 + samples);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  text(0, 'RIFF');
  view.setUint32(4, 36 + samples, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, 8_000, true);
  view.setUint32(28, 8_000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  text(36, 'data');
  view.setUint32(40, samples, true);
  for (let index = 0; index < samples; index++) bytes[44 + index] = 128 + 40 * Math.sin(index / 3);
  return new Blob([bytes], { type: 'audio/wav' });
}

/** A video of 160 × 120 as the browser records it: a few frames of a moving square. */
export async function aClip(): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = 160;
  canvas.height = 120;
  const context = canvas.getContext('2d')!;
  const recorder = new MediaRecorder(canvas.captureStream(30), { mimeType: 'video/webm' });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
  recorder.start();
  for (let frame = 0; frame < 12; frame++) {
    context.fillStyle = frame % 2 ? 'teal' : 'tan';
    context.fillRect(frame * 10, 30, 40, 40);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  recorder.stop();
  await stopped;
  return new Blob(parts, { type: 'video/webm' });
}
