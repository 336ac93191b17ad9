import { once } from 'node:events';
import WebSocket from 'ws';
import { protocolVersion } from '../../protocol/codes.ts';
import type { CommandInput, CommandReply, CommandType, EventType, ServerEvent } from '../../protocol/index.ts';

/** A command that was refused. */
export class CommandRefused extends Error {
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(type: string, error: { code: string; message: string; retryAfterMs?: number }) {
    super(`${type} was refused with ${error.code}: ${error.message}`);
    this.code = error.code;
    this.retryAfterMs = error.retryAfterMs;
  }
}

type EventOf<T extends EventType> = Extract<ServerEvent, { readonly type: T }>;

/** A real WebSocket client of the hub. */
export interface TestSocket {
  /** What `auth` answered; only of a socket made by `aSocket`. */
  readonly welcome: CommandReply<'auth'>;
  /** Sends a command; resolves with its reply, rejects with `CommandRefused`. */
  command<T extends CommandType>(type: T, data: CommandInput<T>): Promise<CommandReply<T>>;
  /** Sends a frame as it is. */
  send(text: string): void;
  /** Every event so far, in order. */
  readonly events: readonly ServerEvent[];
  /** The next event of a type that `next` has not given yet, and that passes the test; waits for it up to `timeoutMs` (5 s). */
  next<T extends EventType>(type: T, test?: (event: EventOf<T>) => boolean, timeoutMs?: number): Promise<EventOf<T>>;
  /** Resolves when everything that the server sent before now has arrived. */
  settle(): Promise<void>;
  /** How the socket ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Closes it and waits until it is. */
  close(): Promise<void>;
  /** Breaks the TCP connection off. */
  terminate(): void;
}

const patienceMs = 5000;

/** Opens a socket without signing in. */
export const openSocket = async (
  server: { readonly wsUrl: string },
  options: {
    readonly origin?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly query?: string;
  } = {},
): Promise<TestSocket> => {
  const { origin, headers = {}, query = '' } = options;
  const socket = new WebSocket(`${server.wsUrl}${query}`, {
    headers,
    perMessageDeflate: false,
    ...(origin !== undefined && { origin }),
  });
  const events: ServerEvent[] = [];
  const given = new Set<ServerEvent>();
  const waiting = new Set<() => void>();
  const replies = new Map<number, { type: string; resolve: (data: never) => void; reject: (error: Error) => void }>();
  let lastId = 0;

  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      for (const { type, reject } of replies.values())
        reject(new Error(`${type} got no answer; the socket closed with ${code}`));
      replies.clear();
      resolve({ code, reason: reason.toString() });
    });
  });
  socket.on('message', (raw: Buffer) => {
    const frame = JSON.parse(raw.toString()) as Record<string, unknown>;
    if (typeof frame['id'] !== 'number') {
      events.push(frame as unknown as ServerEvent);
      for (const look of waiting) look();
      return;
    }
    const reply = replies.get(frame['id']);
    replies.delete(frame['id']);
    if (frame['ok'] === true) reply?.resolve(frame['data'] as never);
    else reply?.reject(new CommandRefused(reply.type, frame['error'] as { code: string; message: string }));
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);

  const client: Omit<TestSocket, 'welcome'> = {
    events,
    closed,
    send: (text) => socket.send(text),
    command(type, data) {
      const id = (lastId += 1);
      return new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN)
          return reject(new Error(`${type} cannot be sent; the socket is closed`));
        replies.set(id, { type, resolve, reject });
        return socket.send(JSON.stringify({ id, type, data }));
      });
    },
    next(type, test = () => true, timeoutMs = patienceMs) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(
            (event): event is EventOf<typeof type> =>
              event.type === type && !given.has(event) && test(event as EventOf<typeof type>),
          );
          if (found === undefined) return;
          given.add(found);
          waiting.delete(look);
          clearTimeout(timer);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(
            new Error(
              `no ${type} came within ${timeoutMs} ms; there were: ${events.map((event) => event.type).join(', ') || 'none'}`,
            ),
          );
        }, timeoutMs);
        waiting.add(look);
        look();
      });
    },
    // Frames of a socket arrive in order: the pong comes after all that was sent before it.
    async settle() {
      await client.command('ping', {});
    },
    async close() {
      socket.close();
      await closed;
    },
    terminate: () => socket.terminate(),
  };
  return Object.defineProperty(client, 'welcome', {
    configurable: true,
    get: () => {
      throw new Error('unable to tell the welcome; the socket has not signed in');
    },
  }) as TestSocket;
};

/** Opens a socket and signs in. */
export const aSocket = async (
  server: { readonly wsUrl: string },
  user: { readonly accessToken: string },
  options: Parameters<typeof openSocket>[1] = {},
): Promise<TestSocket> => {
  const socket = await openSocket(server, options);
  const welcome = await socket.command('auth', { token: user.accessToken, version: protocolVersion });
  return Object.defineProperty(socket, 'welcome', { value: welcome });
};
