import type { Admission } from '../../../protocol/calls.ts';

/** Somebody else who is in the call, by the address of this joining of theirs. */
export interface MediaPeer {
  readonly userId: string;
  readonly peerId: string;
  /** Nobody may learn where they are, nor they where others are: media between them and oneself goes through a relay alone. */
  readonly relay: boolean;
}

/** What arrives of somebody. The streams stay the same until their media is replaced. */
export interface RemoteMedia {
  readonly state: 'connecting' | 'connected' | 'reconnecting';
  readonly sound: MediaStream | undefined;
  readonly picture: MediaStream | undefined;
  readonly quality: 0 | 1 | 2 | 3;
  /** No video gets through now, either way it goes. */
  readonly videoPaused: boolean;
  /** How loud they are now, 0 to 1. */
  level(): number;
}

/** What is sent. Without a picture nothing is. */
export interface LocalTracks {
  readonly sound: MediaStreamTrack | undefined;
  readonly picture: MediaStreamTrack | undefined;
  /** The picture is a screen: it is to be sharp rather than smooth. */
  readonly screen: boolean;
}

/**
 * How the sound and pictures of a call travel. The mesh, in which everybody sends to everybody, is one way; a server that forwards is another, and nothing
 * outside an implementation knows which it is.
 */
export interface CallMedia {
  /** Who else is in the call now: media with each is begun, kept up and ended accordingly. */
  follow(peers: readonly MediaPeer[]): void;
  /** Sends these from now on. */
  publish(tracks: LocalTracks): void;
  /** The server is there again after a while without it: what depends on it begins anew. */
  renew(admission: Admission): void;
  remote(userId: string): RemoteMedia | undefined;
  close(): void;
}

/** What media is made of, and whom it tells. */
export interface CallMediaOptions {
  readonly admission: Admission;
  /** Where the signalling socket is: `wss://chat.example.com/peerjs`, with any path before the last part. */
  readonly signalling: URL;
  readonly tracks: LocalTracks;
  /** Asks for a new way into the call; rejects when one is not in it any more. */
  readmit(): Promise<Admission>;
  /** Something about somebody changed. */
  changed(): void;
  /** Media of somebody has arrived. */
  arrived(): void;
  /** Media of somebody has stopped arriving; told again every few seconds while that is so. */
  lost(userId: string): void;
}
