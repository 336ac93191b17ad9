import type { UserPresence } from '../../protocol/presence.ts';
import type { PresenceState } from '../../protocol/users.ts';

/** Where users are, over all their devices on all processes. */
export interface PresenceBook {
  /** Somebody is online while any process has an active device of theirs, away while all devices idle, offline with none. */
  of(userId: string): PresenceState;
  /** What this process's own devices make of a user. */
  setLocal(userId: string, presence: PresenceState, lastSeenAt?: string): void;
  /** What another process said. */
  setRemote(hub: string, presence: UserPresence): void;
}

/** Makes an empty book. `changed` is called when what others may see of a user changes; `told`, when other processes must hear of it. */
export const createPresenceBook = (
  changed: (presence: UserPresence) => void,
  told: (presence: UserPresence) => void,
): PresenceBook => {
  const local = new Map<string, PresenceState>();
  const remote = new Map<string, Map<string, PresenceState>>();

  const of = (userId: string): PresenceState => {
    const here = local.get(userId) ?? 'offline';
    const there = remote.get(userId);
    if (here === 'online' || !there) return here;
    const all = [here, ...there.values()];
    return all.includes('online') ? 'online' : all.includes('away') ? 'away' : 'offline';
  };

  const change = (presence: UserPresence, apply: () => void): void => {
    const before = of(presence.userId);
    apply();
    const after = of(presence.userId);
    if (before !== after)
      changed(after === presence.presence ? presence : { userId: presence.userId, presence: after });
  };

  return {
    of,
    setLocal(userId, presence, lastSeenAt) {
      if ((local.get(userId) ?? 'offline') === presence) return;
      const said: UserPresence = { userId, presence, ...(lastSeenAt !== undefined && { lastSeenAt }) };
      change(said, () => {
        if (presence === 'offline') local.delete(userId);
        else local.set(userId, presence);
      });
      told(said);
    },
    setRemote(hub, said) {
      change(said, () => {
        const hubs = remote.get(said.userId) ?? new Map<string, PresenceState>();
        if (said.presence === 'offline') hubs.delete(hub);
        else hubs.set(hub, said.presence);
        if (hubs.size > 0) remote.set(said.userId, hubs);
        else remote.delete(said.userId);
      });
    },
  };
};

/** A `presence.changed` event, serialised. */
export const presenceFrame = (data: UserPresence): string => JSON.stringify({ type: 'presence.changed', data });
