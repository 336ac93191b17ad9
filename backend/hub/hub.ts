import type { CloseReason } from '../../protocol/codes.ts';
import type { ServerEvent } from '../../protocol/index.ts';
import type { UserPresence } from '../../protocol/presence.ts';
import type { Command } from '../feature.ts';
import type { Shows } from './data.ts';
import type { CallDirectory } from './signalling-data.ts';

/**
 * What is fanned out to: the members of a conversation, those of them who show their own receipts, the devices of a user, or those who may see a user's
 * presence.
 */
export type Topic = `conversation:${string}` | `receipts:${string}` | `user:${string}` | `presence:${string}`;

/** The sockets of this process, and by the broker those of all others. */
export interface Hub {
  /**
   * Hands an event to every connection that follows the topic, on every process. Durable events only after COMMIT.
   * At most once: what is lost shows as a gap in `seq`, which clients fill.
   */
  publish(topic: Topic, event: ServerEvent): void;
  /**
   * From now on the user's connections follow the conversation. Call after the membership is committed, before publishing it.
   * In a direct message `peerId` names the other person, whose presence is then followed as well.
   */
  follow(userId: string, conversationId: string, peerId?: string): void;
  /**
   * From now on the user's connections hear nothing of the conversation. Call inside the transaction, just before COMMIT, while it holds
   * the conversation's row: then nothing committed later can reach them. After a rollback call `follow`.
   */
  unfollow(userId: string, conversationId: string): void;
  /** A block between two users came or went: presence between them is followed or dropped at once. `blocked`: one stands now, whoever's it is. */
  blockChanged(userId: string, otherId: string, blocked: boolean): void;
  /** From now on the user's presence and typing pass to others, or not, and others' presence and receipts to them. Call after the commit. */
  showsChanged(userId: string, shows: Shows): void;
  /** Closes the sockets of a session, on every process. */
  closeSession(sessionId: string, reason: CloseReason): void;
  /**
   * Closes all sockets of a user, on every process. Those that come back follow what the database says then; so this also puts an `unfollow`
   * right whose transaction failed at its end.
   */
  closeUser(userId: string, reason: CloseReason): void;
  /** Closes the sockets of a session in this process; each process hears of ended sessions by itself. */
  closeSessionHere(sessionId: string, reason: CloseReason): void;
  /** Closes all sockets of a site in this process; each process looks at the sites by itself. */
  closeSite(site: { readonly id: string; readonly key: string }, reason: CloseReason): void;
  /** Where these users are now. Those without a connection are `offline`, without `lastSeenAt`, which the database knows. */
  presenceOf(userIds: readonly string[]): ReadonlyMap<string, UserPresence>;
  /**
   * Whether what this user does without it being stored (typing) may pass to the conversation: they are connected here, follow it and show it,
   * and in a direct message no block stands between the two.
   */
  maySignal(userId: string, conversationId: string): boolean;
  /** Which of these connections are open in this process. */
  openConnections(connectionIds: readonly string[]): readonly string[];
}

/** Figures of a hub, for metrics. */
export interface HubStats {
  readonly transport: 'uws' | 'ws';
  readonly connections: number;
  readonly authenticated: number;
  readonly users: number;
  /** Open signalling sockets; not among `connections`. */
  readonly signalling: number;
  readonly published: number;
  readonly commands: number;
  /** How many connections this server ended, by reason. */
  readonly closed: Readonly<Partial<Record<CloseReason, number>>>;
}

/** A hub as the composition root sees it. */
export interface HubServer extends Hub {
  /**
   * Takes the features' commands; throws unless, with the hub's own, each command of the protocol has exactly one handler. With `calls` it serves
   * signalling as well.
   */
  mount(commands: readonly Command[], calls?: CallDirectory): void;
  /** Opens the hub's own listener. */
  listen(): Promise<{ readonly port: number }>;
  /** Says goodbye, refuses new sockets, lets commands in flight end and closes all sockets with 4000, spread over `limits.drainMs` when there are many. */
  drain(): Promise<void>;
  /** Ends everything at once, the listener included. */
  close(): Promise<void>;
  stats(): HubStats;
}
