/** Watches whether this device is in use: visible, and touched within the last five minutes. */
export interface Activity {
  /** What the server should be told now. */
  readonly presence: 'online' | 'away';
  /** Something was done by the person. */
  touch(): void;
  close(): void;
}

const idleMs = 5 * 60_000;
const gestures = ['pointerdown', 'keydown', 'focus'] as const;

/** `changed` is called whenever the answer does. Outside a browser only `touch` counts. */
export const watchActivity = (changed: () => void): Activity => {
  let presence: 'online' | 'away' = 'online';
  let touchedAt = Date.now();
  let timer: ReturnType<typeof setTimeout>;
  const target = typeof globalThis.addEventListener === 'function' ? globalThis : undefined;
  const page = typeof document === 'undefined' ? undefined : document;

  const say = (now: 'online' | 'away') => {
    if (presence === now) return;
    presence = now;
    changed();
  };

  const check = () => {
    const left = touchedAt + idleMs - Date.now();
    if (left <= 0) return say('away');
    timer = setTimeout(check, left);
  };

  const touch = () => {
    if (page?.visibilityState === 'hidden') return;
    touchedAt = Date.now();
    if (presence === 'online') return;
    say('online');
    timer = setTimeout(check, idleMs);
  };

  const listen = { passive: true, capture: true } as const;
  for (const gesture of gestures) target?.addEventListener(gesture, touch, listen);
  page?.addEventListener('visibilitychange', touch);
  timer = setTimeout(check, idleMs);

  return {
    get presence() {
      return presence;
    },
    touch,
    close() {
      clearTimeout(timer);
      for (const gesture of gestures) target?.removeEventListener(gesture, touch, listen);
      page?.removeEventListener('visibilitychange', touch);
    },
  };
};
