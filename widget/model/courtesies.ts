import type { WritableAtom } from 'nanostores';
import type { SocketClient } from '../client/socket-client.ts';
import type { People } from './people.ts';
import type { Request } from './sync.ts';

/** What a page tells and asks by the way. What fails is not tried again: the next welcome brings it anyway. */
export interface Courtesies {
  watch(conversationId: string): void;
  unwatch(conversationId: string): void;
  /** Says whether this device is in use. */
  presence(presence: 'online' | 'away'): void;
  /** Learns whom one has blocked. */
  blocks(): void;
}

/** Makes them; without a line they do nothing. */
export const createCourtesies = (options: {
  readonly socket: SocketClient;
  readonly request: Request;
  readonly people: People;
  readonly $blocked: WritableAtom<ReadonlySet<string>>;
  connected(): boolean;
}): Courtesies => {
  const { socket, people, $blocked } = options;
  const quietly = (ask: () => Promise<unknown>) => {
    if (options.connected()) ask().catch(() => {});
  };
  return {
    watch: (conversationId) =>
      quietly(async () => {
        people.notePresence((await socket.command('conversation.watch', { conversationId })).presence);
      }),
    unwatch: (conversationId) => quietly(() => socket.command('conversation.unwatch', { conversationId })),
    presence: (presence) => quietly(() => socket.command('presence.set', { presence })),
    blocks: () =>
      quietly(async () => {
        const { users } = await options.request('GET /blocks', {});
        if (options.connected()) $blocked.set(new Set(users.map(({ id }) => id)));
      }),
  };
};
