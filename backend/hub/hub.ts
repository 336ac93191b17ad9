import type { CloseReason } from '../../protocol/codes.ts';
import type { ServerEvent } from '../../protocol/index.ts';
import type { UserPresence } from '../../protocol/presence.ts';

/** What is fanned out to: the members of a conversation, the devices of a user, or those who may see a user's presence. */
export type Topic = `conversation:${string}` | `user:${string}` | `presence:${string}`;

/** The sockets of this process, and by the broker those of all others. */
export interface Hub {
  /**
   * Hands an event to every connection that follows the topic, on every process. Durable events only after COMMIT.
   * At most once: what is lost shows as a gap in `seq`, which clients fill.
   */
  publish(topic: Topic, event: ServerEvent): void;
  /** From now on the user's connections follow the conversation. Call after the membership is committed, before publishing it. */
  follow(userId: string, conversationId: string): void;
  /**
   * From now on the user's connections hear nothing of the conversation. Call inside the transaction, just before COMMIT, while it holds
   * the conversation's row: then nothing committed later can reach them. After a rollback call `follow`.
   */
  unfollow(userId: string, conversationId: string): void;
  /** A block between two users came or went: presence between them is followed or dropped at once. */
  blockChanged(userId: string, otherId: string, blocked: boolean): void;
  /** Closes the sockets of a session, on every process. */
  closeSession(sessionId: string, reason: CloseReason): void;
  /** Closes all sockets of a user, on every process. */
  closeUser(userId: string, reason: CloseReason): void;
  /** Where these users are now. Those without a connection are `offline`, without `lastSeenAt`, which the database knows. */
  presenceOf(userIds: readonly string[]): ReadonlyMap<string, UserPresence>;
}
