import type { UserPresence } from '../../protocol/presence.ts';
import type { Limits } from '../config.ts';
import { Problem } from '../problem.ts';
import { Budget } from './budget.ts';
import type { Admission, Shows } from './data.ts';
import { Departures } from './departures.ts';
import { isHeard, isWanted, mayHear, reseat, topicOf, wantedBy, type Person, type Seat } from './person.ts';
import { presenceFrame, type PresenceBook } from './presence.ts';

const mostWatched = 20;
const mostWatchedMembers = 200;

/** Who is connected here, and what they follow. Knows nothing of frames and tokens. */
export class Roster {
  readonly #people = new Map<string, Person>();
  readonly #watchers = new Map<string, Map<Seat, Person>>();
  readonly #departures = new Departures();
  readonly #loading = new Set<Seat>();
  /** Those who are told of no receipts. */
  readonly #quiet = new Set<string>();
  /** The last `seq` published in each conversation while anybody loads. */
  readonly #touched = new Map<string, number>();
  readonly #limits: Limits;
  readonly #presence: PresenceBook;
  readonly #seen: (userId: string, at: Date) => void;

  constructor(limits: Limits, presence: PresenceBook, seen: (userId: string, at: Date) => void) {
    this.#limits = limits;
    this.#presence = presence;
    this.#seen = seen;
  }

  get size(): number {
    return this.#people.size;
  }

  get hasQuiet(): boolean {
    return this.#quiet.size > 0;
  }

  get(userId: string): Person | undefined {
    return this.#people.get(userId);
  }

  /** Takes a connection in, before the database is asked. From now on nothing that happens to the user is missed. */
  enter(userId: string, seat: Seat): Person {
    let person = this.#people.get(userId);
    if (!person) {
      person = {
        userId,
        seats: new Set(),
        conversations: new Set(),
        peers: new Map(),
        blocked: new Set(),
        shows: { receipts: true, presence: true, typing: true },
        presence: 'offline',
        budget: new Budget(this.#limits.commandsPerSecond, this.#limits.commandBurst, performance.now()),
        graceTimer: undefined,
      };
      this.#people.set(userId, person);
    }
    person.seats.add(seat);
    this.load(seat);
    return person;
  }

  /** Starts the journal of a connection that asks the database. */
  load(seat: Seat): void {
    seat.journal = { followed: new Map(), blocks: new Map(), shows: undefined, held: [] };
    this.#loading.add(seat);
  }

  /** Ends the journal when the database did not answer. */
  stopLoading(seat: Seat): void {
    seat.journal = undefined;
    this.#loading.delete(seat);
    if (this.#loading.size === 0) this.#touched.clear();
  }

  /**
   * Lays the journal over the database's answer and lets all of the user's connections follow the result. Nothing was lost: each head is
   * at least that of the last event that this connection did not hear, and what was sent to the user meanwhile is `held`.
   */
  settle(person: Person, seat: Seat, admission: Admission): { heads: Record<string, number>; held: readonly string[] } {
    const journal = seat.journal;
    const next = new Set(Object.keys(admission.heads));
    const peers = new Map(Object.entries(admission.directPeers));
    for (const [conversationId, peerId] of journal?.followed ?? []) {
      next.add(conversationId);
      if (peerId !== undefined) peers.set(conversationId, peerId);
    }
    this.#departures.removeFrom(next, person.userId);
    const blocked = new Set(admission.blockedIds);
    for (const [otherId, on] of journal?.blocks ?? []) {
      if (on) blocked.add(otherId);
      else blocked.delete(otherId);
    }
    const heads: Record<string, number> = {};
    for (const id of next) heads[id] = Math.max(admission.heads[id] ?? 0, this.#touched.get(id) ?? 0);

    this.#show(person, journal?.shows ?? admission.shows);
    const before = person.conversations;
    const peerIds = new Set(peers.values());
    const lostPeers = [...person.peers.values()].filter((id) => !peerIds.has(id) || blocked.has(id));
    Object.assign(person, { conversations: next, peers, blocked });
    const first = !seat.settled;
    seat.settled = true;
    const held = first ? (journal?.held ?? []) : [];
    this.stopLoading(seat);
    for (const each of person.seats) {
      if (!each.settled) continue;
      const fresh = each === seat && first;
      if (fresh) each.socket.subscribe(`user:${person.userId}`);
      for (const id of next) if (fresh || !before.has(id)) each.socket.subscribe(topicOf(person, id));
      for (const id of before) if (!next.has(id)) this.#drop(person, each, id);
      for (const id of lostPeers) each.socket.unsubscribe(`presence:${id}`);
      for (const id of peerIds) if (mayHear(person, id)) each.socket.subscribe(`presence:${id}`);
    }
    this.#updatePresence(person);
    return { heads, held };
  }

  /** The connection is gone. */
  leave(person: Person, seat: Seat): void {
    this.stopLoading(seat);
    for (const conversationId of seat.watched?.keys() ?? []) this.#unwatch(seat, conversationId);
    person.seats.delete(seat);
    seat.settled = false;
    this.#updatePresence(person);
    this.#forget(person);
  }

  /** Keeps what connections that still load do not hear. */
  note(topic: string, frame: string, seq: number | undefined): void {
    if (this.#loading.size === 0) return;
    if (topic.startsWith('user:')) {
      for (const seat of this.#people.get(topic.slice('user:'.length))?.seats ?? []) {
        if (!seat.settled) seat.journal?.held.push(frame);
      }
    } else if (seq !== undefined) this.#touched.set(topic.slice('conversation:'.length), seq);
  }

  follow(userId: string, conversationId: string, peerId: string | undefined): void {
    this.#departures.forget(userId, conversationId);
    const person = this.#people.get(userId);
    if (person) {
      person.conversations.add(conversationId);
      if (peerId !== undefined) person.peers.set(conversationId, peerId);
      for (const seat of person.seats) {
        seat.journal?.followed.set(conversationId, peerId);
        if (!seat.settled) continue;
        seat.socket.subscribe(topicOf(person, conversationId));
        if (peerId !== undefined) this.#hear(person, seat, peerId);
      }
    }
    for (const [seat, watcher] of this.#watchers.get(conversationId) ?? []) {
      const members = seat.watched?.get(conversationId);
      if (!members || members.size >= mostWatchedMembers || watcher.userId === userId) continue;
      members.add(userId);
      this.#hear(watcher, seat, userId);
    }
  }

  unfollow(userId: string, conversationId: string): void {
    this.#departures.add(userId, conversationId);
    const person = this.#people.get(userId);
    if (person) {
      const peerId = person.peers.get(conversationId);
      person.conversations.delete(conversationId);
      person.peers.delete(conversationId);
      for (const seat of person.seats) {
        seat.journal?.followed.delete(conversationId);
        if (!seat.settled) continue;
        this.#drop(person, seat, conversationId);
        if (peerId !== undefined && !isHeard(person, seat, peerId)) seat.socket.unsubscribe(`presence:${peerId}`);
      }
    }
    for (const [seat, watcher] of this.#watchers.get(conversationId) ?? []) {
      seat.watched?.get(conversationId)?.delete(userId);
      if (!isHeard(watcher, seat, userId)) seat.socket.unsubscribe(`presence:${userId}`);
    }
  }

  /** Lets the database decide again about what the user was unfollowed from a moment ago. */
  trustDatabase(userId: string): void {
    this.#departures.forgetAll(userId);
  }

  /** From now on the user lets others know this much, and knows as much of them. */
  show(userId: string, shows: Shows): void {
    const person = this.#people.get(userId);
    if (!person) return;
    for (const seat of person.seats) if (seat.journal) seat.journal.shows = shows;
    this.#show(person, shows);
    this.#updatePresence(person);
  }

  /** Lets presence pass between two people, or not. */
  block(userId: string, otherId: string, blocked: boolean): void {
    for (const [oneId, anotherId] of [
      [userId, otherId],
      [otherId, userId],
    ] as const) {
      const person = this.#people.get(oneId);
      if (!person) continue;
      if (blocked) person.blocked.add(anotherId);
      else person.blocked.delete(anotherId);
      for (const seat of person.seats) {
        seat.journal?.blocks.set(anotherId, blocked);
        if (!seat.settled || !isWanted(person, seat, anotherId)) continue;
        if (!blocked) this.#hear(person, seat, anotherId);
        else {
          seat.socket.unsubscribe(`presence:${anotherId}`);
          seat.socket.send(presenceFrame({ userId: anotherId, presence: 'offline' }));
        }
      }
    }
  }

  /** Follows the presence of a conversation's members for one connection; answers where they are now. */
  watch(person: Person, seat: Seat, conversationId: string, memberIds: readonly string[]): UserPresence[] {
    seat.watched ??= new Map();
    if (seat.watched.size >= mostWatched && !seat.watched.has(conversationId)) {
      throw new Problem('conflict', `unable to watch the conversation; ${mostWatched} are watched already`);
    }
    this.unwatch(person, seat, conversationId);
    // Who was removed while the database was asked is still in its answer.
    const present = memberIds.filter((id) => !this.#departures.has(id, conversationId));
    const members = new Set(present.slice(0, mostWatchedMembers));
    members.delete(person.userId);
    seat.watched.set(conversationId, members);
    const watchers = this.#watchers.get(conversationId);
    if (watchers) watchers.set(seat, person);
    else this.#watchers.set(conversationId, new Map([[seat, person]]));
    const heard = [...members].filter((id) => mayHear(person, id));
    for (const id of heard) seat.socket.subscribe(`presence:${id}`);
    return this.presenceOf(heard);
  }

  unwatch(person: Person, seat: Seat, conversationId: string): void {
    const members = this.#unwatch(seat, conversationId);
    const peers = new Set(person.peers.values());
    for (const id of members ?? []) {
      if (!peers.has(id) && !isHeard(person, seat, id)) seat.socket.unsubscribe(`presence:${id}`);
    }
  }

  setPresence(person: Person, seat: Seat, presence: 'online' | 'away'): void {
    seat.presence = presence;
    this.#updatePresence(person);
  }

  /** Whose presence the connection follows: of direct messages first, then of what is watched. */
  heardBy(person: Person, seat: Seat): string[] {
    return wantedBy(person, seat).filter((id) => mayHear(person, id));
  }

  presenceOf(userIds: readonly string[]): UserPresence[] {
    return userIds.map((userId) => ({ userId, presence: this.#presence.of(userId) }));
  }

  /** Ends all grace; answers who was here, so that it can be kept when. */
  close(): string[] {
    const present = [...this.#people.values()].filter((person) => person.presence !== 'offline');
    for (const person of present) clearTimeout(person.graceTimer);
    this.#people.clear();
    return present.map((person) => person.userId);
  }

  #drop(person: Person, seat: Seat, conversationId: string): void {
    seat.socket.unsubscribe(topicOf(person, conversationId));
    if (seat.watched?.has(conversationId)) this.unwatch(person, seat, conversationId);
  }

  #unwatch(seat: Seat, conversationId: string): Set<string> | undefined {
    const members = seat.watched?.get(conversationId);
    seat.watched?.delete(conversationId);
    const watchers = this.#watchers.get(conversationId);
    if (watchers?.delete(seat) && watchers.size === 0) this.#watchers.delete(conversationId);
    return members;
  }

  #hear(person: Person, seat: Seat, otherId: string): void {
    if (!mayHear(person, otherId) || otherId === person.userId) return;
    seat.socket.subscribe(`presence:${otherId}`);
    seat.socket.send(presenceFrame({ userId: otherId, presence: this.#presence.of(otherId) }));
  }

  #show(person: Person, shows: Shows): void {
    const before = person.shows;
    person.shows = shows;
    if (shows.receipts) this.#quiet.delete(person.userId);
    else this.#quiet.add(person.userId);
    if (!shows.presence) this.#presence.setLocal(person.userId, 'offline');
    for (const seat of person.seats) if (seat.settled) reseat(person, seat, before, (id) => this.#presence.of(id));
  }

  #updatePresence(person: Person): void {
    const here = [...person.seats].filter((seat) => seat.settled);
    if (here.length > 0) {
      clearTimeout(person.graceTimer);
      person.graceTimer = undefined;
      person.presence = here.some((seat) => seat.presence === 'online') ? 'online' : 'away';
      if (person.shows.presence) this.#presence.setLocal(person.userId, person.presence);
    } else if (person.presence !== 'offline' && !person.graceTimer) {
      const at = new Date();
      person.graceTimer = setTimeout(() => {
        person.graceTimer = undefined;
        person.presence = 'offline';
        this.#presence.setLocal(person.userId, 'offline', at.toISOString());
        this.#seen(person.userId, at);
        this.#forget(person);
      }, this.#limits.offlineGraceMs);
    }
  }

  #forget(person: Person): void {
    if (person.seats.size > 0 || person.graceTimer) return;
    this.#people.delete(person.userId);
    this.#quiet.delete(person.userId);
  }
}
