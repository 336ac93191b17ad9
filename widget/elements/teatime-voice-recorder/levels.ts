/** Time between two levels of a recording, in ms. */
export const levelMs = 50;
/** So many steps a waveform has at most. */
const mostPeaks = 96;
/** What is softer counts as silence, in dB below full scale; a room at night is about there. */
const floorDb = -58;
/** Loud speech close to the microphone. */
const ceilingDb = -8;
/** Below this level there is nothing but noise, which must not look like a voice. */
const noise = 12;

/** How loud the samples (-1 to 1) are, from 0 to 100 as ears hear it: by the logarithm of their effective value. */
export function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const db = 10 * Math.log10(sum / samples.length);
  return Math.round(Math.min(1, Math.max(0, (db - floorDb) / (ceilingDb - floorDb))) * 100);
}

/** The shape of a recording: its loudest levels in equal steps, stretched so that a soft voice can be seen too. */
export function waveformOf(levels: readonly number[]): readonly number[] {
  const count = Math.max(1, Math.min(mostPeaks, levels.length));
  const peaks = Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * levels.length) / count);
    const to = Math.floor(((index + 1) * levels.length) / count);
    return Math.max(0, ...levels.slice(from, to));
  });
  const loudest = Math.max(noise, ...peaks);
  return peaks.map((peak) => Math.round((peak / loudest) * 100));
}
