/** Who of a call speaks, found by how loud everybody is. */
export interface Voices {
  /** Users whose voices are heard now; another set whenever one begins or falls silent. */
  readonly speaking: ReadonlySet<string>;
  close(): void;
}

/** Whom to listen to, and whom to tell. */
export interface VoicesOptions {
  readonly meId: string;
  readonly own: { level(): number; readonly muted: boolean };
  /** Looked for at each turn, as is how loud each of them is. */
  others(): readonly string[];
  levelOf(userId: string): number;
  /** How loud the microphone is, several times a second; also when muted. */
  level(level: number): void;
  changed(): void;
}

const listenMs = 120;
/** Others are listened to at each third turn: the page stands still while the browser looks. */
const othersEvery = 3;
const holdMs = 700;
/** Loudness from which on somebody speaks: of others as RTP tells it (RFC 6464, linear), of oneself by the meter. */
const otherSpeaks = 0.02;
const selfSpeaks = 0.5;

/** Listens until it is closed. */
export const listenToVoices = (options: VoicesOptions): Voices => {
  const { meId, own } = options;
  const heardAt = new Map<string, number>();
  let speaking: ReadonlySet<string> = new Set();
  let turn = 0;

  const listen = () => {
    const now = Date.now();
    const level = own.level();
    options.level(level);
    if (!own.muted && level > selfSpeaks) heardAt.set(meId, now);
    if ((turn += 1) % othersEvery === 0)
      for (const userId of options.others()) if (options.levelOf(userId) > otherSpeaks) heardAt.set(userId, now);
    for (const [userId, at] of heardAt) if (now - at > holdMs) heardAt.delete(userId);
    if (heardAt.size === speaking.size && [...heardAt.keys()].every((id) => speaking.has(id))) return;
    speaking = new Set(heardAt.keys());
    options.changed();
  };
  const timer = setInterval(listen, listenMs);

  return {
    get speaking() {
      return speaking;
    },
    close: () => clearInterval(timer),
  };
};
