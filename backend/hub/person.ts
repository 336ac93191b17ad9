import type { PresenceState } from '../../protocol/users.ts';
import type { Budget } from './budget.ts';
import type { Shows } from './data.ts';
import { presenceFrame } from './presence.ts';
import type { Socket } from './transport.ts';

/** What happened to a user while the database was asked about them; laid over its answer. */
export interface Journal {
  readonly followed: Map<string, string | undefined>;
  readonly blocks: Map<string, boolean>;
  shows: Shows | undefined;
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
  shows: Shows;
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

/** Whether a user may know where the other one is: whoever does not show it does not see it either. What the other one shows is not looked at. */
export const mayHear = (person: Person, otherId: string): boolean =>
  person.shows.presence && !person.blocked.has(otherId);

/** Whether the connection hears where the other one is. */
export const isHeard = (person: Person, seat: Seat, otherId: string): boolean =>
  mayHear(person, otherId) && isWanted(person, seat, otherId);

/** Whose presence the connection is to follow, but for blocks: of direct messages first, then of what is watched. */
export const wantedBy = (person: Person, seat: Seat): string[] => {
  const ids = new Set(person.peers.values());
  for (const members of seat.watched?.values() ?? []) for (const id of members) ids.add(id);
  ids.delete(person.userId);
  return [...ids];
};

/** What a user's connections follow of a conversation: with `quiet`, all but receipts. */
export const topicOf = ({ shows }: Pick<Person, 'shows'>, conversationId: string): string =>
  `${shows.receipts ? 'conversation' : 'quiet'}:${conversationId}`;

/** Lets a connection that is settled follow what the user may know now that `shows` has changed. */
export const reseat = (
  person: Person,
  seat: Seat,
  before: Shows,
  presenceOf: (userId: string) => PresenceState,
): void => {
  const { shows, conversations } = person;
  if (before.receipts !== shows.receipts) {
    for (const id of conversations) {
      seat.socket.subscribe(topicOf(person, id));
      seat.socket.unsubscribe(topicOf({ shows: before }, id));
    }
  }
  if (before.presence === shows.presence) return;
  for (const userId of wantedBy(person, seat)) {
    if (person.blocked.has(userId)) continue;
    if (shows.presence) seat.socket.subscribe(`presence:${userId}`);
    else seat.socket.unsubscribe(`presence:${userId}`);
    seat.socket.send(presenceFrame({ userId, presence: shows.presence ? presenceOf(userId) : 'offline' }));
  }
};
