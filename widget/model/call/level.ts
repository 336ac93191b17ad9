/** How loud a track is. */
export interface LevelMeter {
  /** From 0 to 1, now. */
  read(): number;
  close(): void;
}

/** Measures a track of sound, on a copy of its own, so that muting the track does not silence the meter. */
export const createLevelMeter = (track: MediaStreamTrack): LevelMeter => {
  const copy = track.clone();
  copy.enabled = true;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const samples = new Float32Array(analyser.fftSize);
  const source = context.createMediaStreamSource(new MediaStream([copy]));
  source.connect(analyser);
  return {
    read() {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      // Speech lies between -60 and -10 dB of full scale, and is heard by ratios.
      const decibels = 10 * Math.log10(sum / samples.length + 1e-9);
      return Math.min(1, Math.max(0, (decibels + 60) / 50));
    },
    close() {
      copy.stop();
      source.disconnect();
      void context.close();
    },
  };
};
