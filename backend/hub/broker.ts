import type { CloseReason } from '../../protocol/codes.ts';
import type { PresenceState } from '../../protocol/users.ts';
import type { Shows } from './data.ts';
import type { Topic } from './hub.ts';

/** A hint from one process's hub to all others. Plain JSON, so that any broker can carry it. `from` names the sending hub. */
export type BrokerMessage = { readonly from: string } & (
  | {
      readonly type: 'event';
      readonly topic: Topic;
      readonly frame: string;
      readonly ephemeral: boolean;
      readonly seq?: number;
    }
  | { readonly type: 'follow'; readonly userId: string; readonly conversationId: string; readonly peerId?: string }
  | { readonly type: 'unfollow'; readonly userId: string; readonly conversationId: string }
  | { readonly type: 'block'; readonly userId: string; readonly otherId: string; readonly blocked: boolean }
  | { readonly type: 'shows'; readonly userId: string; readonly shows: Shows }
  | { readonly type: 'close'; readonly sessionId?: string; readonly userId?: string; readonly reason: CloseReason }
  /** A signalling frame for the socket of this address, if that is in the call; who has it says `signalTaken` with the same `id`. */
  | {
      readonly type: 'signal';
      readonly id: number;
      readonly to: string;
      readonly callId: string;
      readonly frame: string;
    }
  | { readonly type: 'signalTaken'; readonly id: number; readonly hub: string }
  /** The socket of this address is at the sender now, and nowhere else; its ticket is used. */
  | { readonly type: 'signalOpened'; readonly peerId: string; readonly ticket: string }
  /** What the sender's own connections make of a user; `lastSeenAt` is set when that is `offline`. */
  | {
      readonly type: 'presence';
      readonly userId: string;
      readonly presence: PresenceState;
      readonly lastSeenAt?: string;
    }
);

/** Carries hints between the hubs of all processes: at most once, in order per sender. Postgres is the truth; a lost hint becomes a gap that clients fill. */
export interface Broker {
  publish(message: BrokerMessage): void;
  /** The handler gets every message, those of its own hub included. Returns the way to stop. */
  subscribe(handler: (message: BrokerMessage) => void): () => void;
  close(): Promise<void>;
}
