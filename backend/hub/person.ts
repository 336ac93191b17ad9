import type { PresenceState } from '../../protocol/users.ts';
import type { Budget } from './budget.ts';
import type { Socket } from './transport.ts';

/** What happened to a user while the database was asked about them; laid over its answer. */
export interface Journal {
  readonly followed: Map<string, string | undefined>;
  readonly blocks: Map<string, boolean>;
  /** Events to the user that the connection does not hear yet. */
  readonly held: string[];
}

/** What the roster keeps of a connection. */
export interface Seat {
  readonly socket: Socket;
  /** The connection follows its topics. */
  settled: boolean;
  presence: 'online' | 'away';
  /** The conversations that a page has open, with the members whose presence is followed. */
  watched: Map<string, Set<string>> | undefined;
  journal: Journal | undefined;
}

/** A user with a connection here. */
export interface Person {
  readonly userId: string;
  /** Oldest first. */
  readonly seats: Set<Seat>;
  conversations: Set<string>;
  /** The other person of each direct message. */
  peers: Map<string, string>;
  blocked: Set<string>;
  presence: PresenceState;
  readonly budget: Budget;
  graceTimer: NodeJS.Timeout | undefined;
}

/** Whether the connection is to know where the other one is, but for blocks: of a direct message, or watched. */
export const isWanted = (person: Person, seat: Seat, otherId: string): boolean => {
  for (const members of seat.watched?.values() ?? []) if (members.has(otherId)) return true;
  for (const peerId of person.peers.values()) if (peerId === otherId) return true;
  return false;
};

/** Whether it hears of it. */
export const isHeard = (person: Person, seat: Seat, otherId: string): boolean =>
  !person.blocked.has(otherId) && isWanted(person, seat, otherId);
