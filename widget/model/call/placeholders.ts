import type { LocalTracks } from './media.ts';

/** Silence and a black picture, which hold the places of tracks that come later, so that nothing has to be negotiated again. */
export interface Placeholders {
  /** One track of each kind: what there is, and placeholders for the rest. */
  stream(tracks: LocalTracks): MediaStream;
  close(): void;
}

/** Makes them when they are first needed. */
export const createPlaceholders = (): Placeholders => {
  let context: AudioContext | undefined;
  let silence: MediaStreamTrack | undefined;
  let black: MediaStreamTrack | undefined;
  return {
    stream({ sound, picture }) {
      if (!sound && !silence) {
        context = new AudioContext();
        silence = context.createMediaStreamDestination().stream.getAudioTracks()[0];
      }
      if (!picture && !black) {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 16;
        // Firefox captures nothing before there is a context.
        canvas.getContext('2d');
        black = canvas.captureStream(0).getVideoTracks()[0];
      }
      return new MediaStream([sound ?? silence, picture ?? black].filter((track) => track !== undefined));
    },
    close() {
      silence?.stop();
      black?.stop();
      void context?.close();
    },
  };
};
