import { command, type Deps, type Feature } from '../../feature.ts';

/** A start is passed on at most once in so long for each person and conversation; so is a stop. */
export const typingPaceMs = 3000;

// Everybody has forgotten a start by then, so that its stop says nothing new.
const forgottenAfterMs = 10_000;

interface Burst {
  /** When its start was passed on. */
  readonly at: number;
  readonly typing: boolean;
}

/** Who is writing where: passed on, never stored. All answers are alike, so that they tell nothing of other people's conversations. */
export const createTyping = ({ hub }: Pick<Deps, 'hub'>): Feature => {
  // By person and conversation, oldest first.
  const bursts = new Map<string, Burst>();

  const start = (key: string, now: number): void => {
    for (const [old, { at }] of bursts) {
      if (at > now - forgottenAfterMs) break;
      bursts.delete(old);
    }
    // Deleted first, so that the oldest stay in front.
    bursts.delete(key);
    bursts.set(key, { at: now, typing: true });
  };
  const pass = (userId: string, conversationId: string, typing: boolean): void =>
    hub.publish(`conversation:${conversationId}`, { type: 'typing.changed', conversationId, data: { userId, typing } });

  return {
    routes: [],
    commands: [
      command('typing.start', async ({ data: { conversationId }, session: { userId } }) => {
        if (!hub.maySignal(userId, conversationId)) return {};
        const key = `${userId} ${conversationId}`;
        const now = performance.now();
        const last = bursts.get(key);
        if (last && now - last.at < typingPaceMs) return {};
        start(key, now);
        pass(userId, conversationId, true);
        return {};
      }),
      command('typing.stop', async ({ data: { conversationId }, session: { userId } }) => {
        const key = `${userId} ${conversationId}`;
        const last = bursts.get(key);
        if (!last?.typing) return {};
        bursts.set(key, { ...last, typing: false });
        if (hub.maySignal(userId, conversationId)) pass(userId, conversationId, false);
        return {};
      }),
    ],
  };
};
