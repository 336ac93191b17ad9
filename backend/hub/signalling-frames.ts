import { faultIn, readObject } from './frames.ts';

/** A frame from a client of PeerJS. `src`, which clients may send too, is not read: everybody is who their ticket says. */
export type SignalFrame =
  | { readonly type: 'HEARTBEAT' }
  | { readonly type: 'LEAVE'; readonly dst: string | undefined }
  | { readonly type: SessionFrameType; readonly dst: string; readonly payload: object };

/** What a frame to somebody says. */
export interface SignalMessage {
  readonly type: SessionFrameType | 'LEAVE';
  readonly src: string;
  readonly dst: string;
  readonly payload?: object;
}

type SessionFrameType = 'OFFER' | 'ANSWER' | 'CANDIDATE';

const sessionTypes: ReadonlySet<unknown> = new Set<SessionFrameType>(['OFFER', 'ANSWER', 'CANDIDATE']);
const mostIdLength = 64;

/**
 * Reads a frame as PeerJS sends it (peerjs 1.5, `ServerMessageType`). What a frame has besides type, dst and payload is dropped. EXPIRE and the
 * like are for the server to say.
 */
export const readSignal = (text: string | undefined): SignalFrame | { readonly fault: string } => {
  const value = readObject(text);
  if (typeof value === 'string') return { fault: value };
  const { type, dst, payload } = value as { type?: unknown; dst?: unknown; payload?: unknown };
  const fault = faultIn(value, text ?? '');
  if (fault !== undefined) return { fault };
  if (type === 'HEARTBEAT') return { type };
  if (dst !== undefined && (typeof dst !== 'string' || dst.length > mostIdLength)) return { fault: 'dst is no id' };
  if (type === 'LEAVE') return { type, dst };
  if (!sessionTypes.has(type)) return { fault: 'its type is not known' };
  if (dst === undefined) return { fault: 'it lacks dst' };
  if (typeof payload !== 'object' || payload === null) return { fault: 'it lacks a payload' };
  return { type: type as SessionFrameType, dst, payload };
};

/** A frame from one participant to another. */
export const signalFrame = ({ type, src, dst, payload }: SignalMessage): string =>
  JSON.stringify({ type, src, dst, payload });

/** The socket is open for its id. */
export const openFrame = JSON.stringify({ type: 'OPEN' });

/** Nobody took what `src` sent to `dst`: there is nobody by that id, or nobody whom the sender may reach. */
export const expireFrame = (src: string, dst: string): string => JSON.stringify({ type: 'EXPIRE', src: dst, dst: src });

/** Something is wrong with what was sent. A client of PeerJS gives up. */
export const errorFrame = (msg: string): string => JSON.stringify({ type: 'ERROR', payload: { msg } });

/** The id is not the one that the ticket is for. */
export const idTakenFrame = JSON.stringify({ type: 'ID-TAKEN', payload: { msg: 'ID is taken' } });
