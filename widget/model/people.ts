import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { UserPresence } from '../../protocol/presence.ts';
import type { PresenceState, User } from '../../protocol/users.ts';
import { withPicture } from '../client/address.ts';

/** Everybody who was met: their profiles, and where they are. */
export interface People {
  /** Rises whenever a profile changes. */
  readonly version: number;
  /** Their profile; until it is known, a nameless one, and `changed` is called when it comes. */
  get(userId: string): User;
  note(users: Iterable<User>): void;
  /** What the socket says of where people are. */
  notePresence(presences: Iterable<UserPresence>): void;
  /** Their presence may not be known any more. */
  hide(userId: string): void;
  presence(userId: string): ReadableAtom<PresenceState | undefined>;
  lastSeen(userId: string): ReadableAtom<string | undefined>;
  reset(): void;
}

/** For so long (ms) what the socket said of somebody's presence outdoes answers of REST, which may have been asked for before. */
const freshMs = 10_000;

/** Makes the directory. `fetchUser` asks the server for somebody who is in no list. */
export const createPeople = (options: {
  readonly server: string;
  fetchUser(userId: string): Promise<User>;
  changed(): void;
}): People => {
  const profiles = new Map<string, User>();
  let version = 0;
  const asked = new Set<string>();
  const presences = new Map<string, WritableAtom<PresenceState | undefined>>();
  const sightings = new Map<string, WritableAtom<string | undefined>>();
  const heardAt = new Map<string, number>();

  const note = (users: Iterable<User>) => {
    let news = false;
    for (const { presence, lastSeenAt, ...rest } of users) {
      const profile = withPicture(options.server, rest);
      if (presence && Date.now() - (heardAt.get(profile.id) ?? 0) > freshMs)
        setPresence({ userId: profile.id, presence, ...(lastSeenAt !== undefined && { lastSeenAt }) });
      const known = profiles.get(profile.id);
      if (known && sameProfile(known, profile)) continue;
      profiles.set(profile.id, profile);
      news ||= known !== undefined;
    }
    if (!news) return;
    version++;
    options.changed();
  };

  const notePresence = (all: Iterable<UserPresence>) => {
    for (const presence of all) {
      heardAt.set(presence.userId, Date.now());
      setPresence(presence);
    }
  };

  const setPresence = ({ userId, presence, lastSeenAt }: UserPresence) => {
    storeOf(presences, userId).set(presence);
    // Whoever is offline was last seen just now, unless the server says when.
    if (presence !== 'offline') storeOf(sightings, userId).set(undefined);
    else if (lastSeenAt !== undefined) storeOf(sightings, userId).set(lastSeenAt);
  };

  return {
    get version() {
      return version;
    },
    get(userId) {
      const known = profiles.get(userId);
      if (known) return known;
      const nameless: User = { id: userId, username: '', displayName: '', avatarColor: 'stone' };
      profiles.set(userId, nameless);
      if (!asked.has(userId)) {
        asked.add(userId);
        options.fetchUser(userId).then(
          (user) => note([user]),
          // Stays nameless: the message matters more, and the next meeting may name them.
          () => asked.delete(userId),
        );
      }
      return nameless;
    },
    note,
    notePresence,
    hide(userId) {
      storeOf(presences, userId).set(undefined);
      storeOf(sightings, userId).set(undefined);
    },
    presence: (userId) => storeOf(presences, userId),
    lastSeen: (userId) => storeOf(sightings, userId),
    reset() {
      profiles.clear();
      asked.clear();
      heardAt.clear();
      version++;
      for (const store of [...presences.values(), ...sightings.values()]) store.set(undefined);
    },
  };
};

const storeOf = <T>(stores: Map<string, WritableAtom<T | undefined>>, key: string): WritableAtom<T | undefined> => {
  let store = stores.get(key);
  if (!store) stores.set(key, (store = atom<T | undefined>(undefined)));
  return store;
};

const sameProfile = (a: User, b: User): boolean =>
  a.username === b.username &&
  a.displayName === b.displayName &&
  a.avatarUrl === b.avatarUrl &&
  a.avatarColor === b.avatarColor;
