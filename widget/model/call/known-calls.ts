import type { Call } from '../../../protocol/calls.ts';

/** The calls that this page has heard of, each as it was last. */
export interface KnownCalls {
  /** Those that are on, by conversation; another map whenever one changes. */
  readonly on: ReadonlyMap<string, Call>;
  get(callId: string): Call | undefined;
  /** Takes in a state; false when a later one is known. */
  take(call: Call): boolean;
  /** Drops a call that nobody can tell anything of. */
  forget(callId: string): void;
  /** The call that rings for oneself, the first of several. */
  ringing(): Call | undefined;
  /** The call that one is in. */
  elsewhere(): Call | undefined;
  /** Whether several others are in the call of a conversation. */
  crowded(conversationId: string): boolean;
  /** This tab is in a call now; it knows so after a reload. */
  cameHere(callId: string): void;
  leftHere(): void;
  wasHere(callId: string): boolean;
}

const keptEnded = 50;

/** Makes an empty list. `remember`: whether the tab may keep which call it is in. */
export const createKnownCalls = (options: {
  readonly meId: string;
  readonly scope: string;
  readonly remember: boolean;
}): KnownCalls => {
  const mark = `teatime:${options.scope}:call`;
  const calls = new Map<string, Call>();
  let on: ReadonlyMap<string, Call> = new Map();

  const draw = () => {
    const all = [...calls.values()];
    on = new Map(all.filter(({ state }) => state !== 'ended').map((call) => [call.conversationId, call]));
    // Late news of what is over is known by its version, as long as that is kept.
    const ended = all.filter(({ state }) => state === 'ended');
    for (const { id } of ended.slice(0, Math.max(0, ended.length - keptEnded))) calls.delete(id);
  };
  const where = (state: 'ringing' | 'joined') =>
    [...on.values()].find(({ participants }) =>
      participants.some((each) => each.userId === options.meId && each.state === state),
    );
  /** Storage that is refused or full keeps nothing. */
  const keep = <T>(act: (storage: Storage) => T): T | undefined => {
    try {
      return options.remember ? act(sessionStorage) : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    get on() {
      return on;
    },
    get: (callId) => calls.get(callId),
    take(call) {
      const before = calls.get(call.id);
      if (before && before.version >= call.version) return false;
      // What ended last is forgotten last.
      if (call.state === 'ended') calls.delete(call.id);
      calls.set(call.id, call);
      draw();
      return true;
    },
    forget(callId) {
      calls.delete(callId);
      draw();
    },
    ringing: () => where('ringing'),
    elsewhere: () => where('joined'),
    crowded: (conversationId) =>
      (on.get(conversationId)?.participants ?? []).filter(({ state }) => state === 'joined').length > 1,
    cameHere: (callId) => keep((storage) => storage.setItem(mark, callId)),
    leftHere: () => keep((storage) => storage.removeItem(mark)),
    wasHere: (callId) => keep((storage) => storage.getItem(mark)) === callId,
  };
};
