/** Plays the sound of a call. It belongs to no view, so that a call is heard whatever the page shows. */
export interface Loudspeaker {
  readonly blocked: boolean;
  /** Plays somebody's sound in place of what was played of them before. */
  play(userId: string, sound: MediaStream | undefined): void;
  setSpeaker(id: string): Promise<void>;
  /** Plays what the browser held back. */
  unlock(): void;
  close(): void;
}

type Player = HTMLAudioElement & { setSinkId?(id: string): Promise<void> };

/** Makes it; `changed` is called when the browser holds sound back, and when it no longer does. */
export const createLoudspeaker = (changed: () => void): Loudspeaker => {
  const players = new Map<string, Player>();
  let speaker: string | undefined;
  let blocked = false;

  const setBlocked = (now: boolean) => {
    if (blocked === now) return;
    blocked = now;
    changed();
  };
  const start = (player: Player) =>
    player.play().then(
      () => setBlocked(false),
      // Other reasons, such as a source that was replaced meanwhile, pass.
      (error: unknown) => {
        if (error instanceof DOMException && error.name === 'NotAllowedError') setBlocked(true);
      },
    );
  const stop = (player: Player | undefined) => {
    if (!player) return;
    player.pause();
    player.srcObject = null;
  };

  return {
    get blocked() {
      return blocked;
    },
    play(userId, sound) {
      const known = players.get(userId);
      if ((known?.srcObject ?? undefined) === sound) return;
      stop(known);
      players.delete(userId);
      if (!sound) return;
      const player: Player = new Audio();
      players.set(userId, player);
      player.srcObject = sound;
      if (speaker !== undefined) void player.setSinkId?.(speaker).catch(() => {});
      void start(player);
    },
    async setSpeaker(id) {
      speaker = id;
      await Promise.all([...players.values()].map((player) => player.setSinkId?.(id)));
    },
    unlock() {
      for (const player of players.values()) void start(player);
    },
    close() {
      for (const player of players.values()) stop(player);
      players.clear();
    },
  };
};
