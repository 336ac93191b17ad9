import { atom, type ReadableAtom } from 'nanostores';
import { closeCodes, maxFrameBytes, protocolVersion, type CloseReason } from '../../protocol/codes.ts';
import type { CommandInput, CommandReply, CommandType, ServerEvent } from '../../protocol/index.ts';
import { ChatError, failureOf, isRefusal, knownCode } from './failure.ts';
import { createLines, type Line, type WebSocketConstructor } from './lines.ts';
import {
  askedDelay,
  closeReason,
  handedOver,
  isTerminal,
  reconnectDelay,
  type TerminalReason,
} from './reconnect-policy.ts';

/** How the line to the server is. `retryAt` is epoch milliseconds. */
export type ConnectionState =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting' }
  | { readonly status: 'connected' }
  | { readonly status: 'waiting'; readonly retryAt: number; readonly offline: boolean }
  | { readonly status: 'stopped'; readonly reason: TerminalReason };

/** What the socket needs and whom it tells. */
export interface SocketOptions {
  /** What makes the sockets; without it they are the browser's, one for all its tabs. */
  readonly webSocket: WebSocketConstructor | undefined;
  /** Where to connect; a rejection counts as a failed try. */
  url(): Promise<string>;
  token(): Promise<string>;
  /** The server refused the token: get another. A rejection ends the connection for good. */
  renew(reason: 'expired' | 'unauthorized'): Promise<string>;
  opened(welcome: CommandReply<'auth'>): void;
  heard(event: ServerEvent): void;
  beat(pong: CommandReply<'ping'>): void;
  /** Other tabs begin to share this one's line: say again what this one watches, and whether it is in use. */
  announce(): void;
}

/** One socket that keeps itself connected between `start` and `stop`. */
export interface SocketClient {
  readonly $connection: ReadableAtom<ConnectionState>;
  /** Rejects with the server's error, `timeout`, `network` (with the close code when it was sent already) or, unsent, `payload_too_large`. */
  command<T extends CommandType>(type: T, data: CommandInput<T>): Promise<CommandReply<T>>;
  start(): void;
  stop(): void;
  /** Tries now instead of at `retryAt`; on a living line, makes sure that it lives. */
  reconnectNow(): void;
}

interface Pending {
  resolve(data: unknown): void;
  reject(error: ChatError): void;
  readonly timer: ReturnType<typeof setTimeout>;
  readonly frame: string;
}

type Frame = {
  readonly id?: number;
  readonly ok?: boolean;
  readonly data?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly retryAfterMs?: unknown };
} & Partial<ServerEvent>;

const openTimeoutMs = 10_000;
const replyTimeoutMs = 15_000;
// A line that lived this long was a good one: the next loss starts the wait from the bottom.
const stableMs = 10_000;
const encoder = new TextEncoder();

/** Makes the socket; it is idle until `start`. */
export const createSocket = (options: SocketOptions): SocketClient => {
  const $connection = atom<ConnectionState>({ status: 'idle' });
  const pending = new Map<number, Pending>();
  let socket: Line | undefined;
  let era = 0;
  let attempt = 0;
  let refusals = 0;
  // Replies on a shared line are told apart by their ids alone, so each tab counts from somewhere else.
  let nextId = Math.floor(Math.random() * 2 ** 33) * 2 ** 20;
  let openedAt = 0;
  let goodbyeMs: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  /** Lets go of the socket without waiting for its closing handshake, which a dead line never answers. */
  const letGo = (code: number) => {
    era++;
    clearTimeout(timer);
    clearInterval(heartbeat);
    const old = socket;
    socket = undefined;
    if (old) {
      old.onopen = old.onmessage = old.onclose = null;
      // `ws` throws what nobody listens to; closing while it connects is such an error.
      old.onerror = () => {};
      if (old.readyState < 2) old.close(1000);
    }
    // Another line takes over: what has no answer is said there again.
    if (code === handedOver) return;
    const lost = new ChatError(
      { code: 'network', message: `unable to finish the command; the connection closed (${code})` },
      { closeCode: code },
    );
    for (const { reject, timer: waiting } of pending.values()) {
      clearTimeout(waiting);
      reject(lost);
    }
    pending.clear();
  };

  const retryIn = (delay: number) => {
    const offline = typeof navigator !== 'undefined' && navigator.onLine === false;
    $connection.set({ status: 'waiting', retryAt: Date.now() + delay, offline });
    clearTimeout(timer);
    timer = setTimeout(() => void connect(), delay);
  };

  const stopFor = (reason: TerminalReason) => {
    lines.leave();
    letGo(closeCodes[reason]);
    $connection.set({ status: 'stopped', reason });
  };

  const refused = async (reason: CloseReason) => {
    // One new token is worth one try; a second refusal means that it is not the token.
    if (refusals++ > 0) return isTerminal(reason) ? stopFor(reason) : retryIn(reconnectDelay(attempt++));
    const mine = era;
    try {
      await options.renew(reason === 'token_expired' ? 'expired' : 'unauthorized');
      if (mine === era) void connect();
    } catch (error) {
      if (mine !== era) return;
      if (isRefusal(failureOf(error))) stopFor(isTerminal(reason) ? reason : 'unauthorized');
      else retryIn(reconnectDelay(attempt++));
    }
  };

  const lost = (code: number) => {
    letGo(code);
    const reason = closeReason(code);
    if (code === handedOver) {
      void connect();
    } else if (reason === 'unauthorized' || reason === 'session_revoked' || reason === 'token_expired') {
      $connection.set({ status: 'connecting' });
      void refused(reason);
    } else if (isTerminal(reason)) {
      stopFor(reason);
    } else {
      if (openedAt > 0 && Date.now() - openedAt > stableMs) attempt = 0;
      const delay = goodbyeMs === undefined ? reconnectDelay(attempt++) : askedDelay(goodbyeMs);
      retryIn(delay);
    }
    goodbyeMs = undefined;
    openedAt = 0;
  };

  const sendCommand = <T extends CommandType>(type: T, data: CommandInput<T>, timeoutMs = replyTimeoutMs) =>
    new Promise<CommandReply<T>>((resolve, reject) => {
      if (!socket || socket.readyState !== 1) {
        return reject(new ChatError({ code: 'network', message: 'unable to send; there is no connection' }));
      }
      const id = nextId++;
      const frame = JSON.stringify({ id, type, data });
      if (frame.length > maxFrameBytes || encoder.encode(frame).length > maxFrameBytes) {
        return reject(new ChatError({ code: 'payload_too_large', message: 'unable to send; the frame is too large' }));
      }
      const waiting = setTimeout(() => {
        pending.delete(id);
        reject(new ChatError({ code: 'timeout', message: `unable to confirm; no reply in ${timeoutMs} ms` }));
      }, timeoutMs);
      pending.set(id, { resolve: resolve as (data: unknown) => void, reject, timer: waiting, frame });
      socket.send(frame);
    });

  const beat = async (timeoutMs: number) => {
    const mine = era;
    try {
      const pong = await sendCommand('ping', {}, timeoutMs);
      if (mine === era) options.beat(pong);
    } catch (error) {
      // A refused ping is an answer all the same: the line lives.
      if (mine === era && failureOf(error).code === 'timeout') lost(1006);
    }
  };

  const hear = (text: unknown) => {
    let frame: Frame;
    try {
      frame = JSON.parse(String(text)) as Frame;
    } catch {
      return;
    }
    if (typeof frame.id === 'number') {
      const waiting = pending.get(frame.id);
      if (!waiting) return;
      pending.delete(frame.id);
      clearTimeout(waiting.timer);
      if (frame.ok) waiting.resolve(frame.data);
      else waiting.reject(errorFrom(frame));
    } else if (frame.type === 'goodbye') {
      goodbyeMs = (frame.data as { retryAfterMs: number }).retryAfterMs;
    } else if (frame.type === 'token.expiring') {
      void extend();
    } else if (typeof frame.type === 'string') {
      options.heard(frame as ServerEvent);
    }
  };

  /** Renews the token on the open socket. When that fails the server closes with 4004, and the reconnect tries again. */
  const extend = async () => {
    const mine = era;
    try {
      const token = await options.renew('expired');
      if (mine === era) await sendCommand('auth', { token, version: protocolVersion });
    } catch {
      // See above.
    }
  };

  const introduce = async (token: string) => {
    const mine = era;
    try {
      const welcome = await sendCommand('auth', { token, version: protocolVersion }, openTimeoutMs);
      if (mine !== era) return;
      clearTimeout(timer);
      openedAt = Date.now();
      refusals = 0;
      heartbeat = setInterval(() => void beat(welcome.heartbeatMs), welcome.heartbeatMs);
      for (const { frame } of pending.values()) socket?.send(frame);
      $connection.set({ status: 'connected' });
      options.opened(welcome);
    } catch (error) {
      if (mine !== era) return;
      const failure = failureOf(error);
      if (isRefusal(failure))
        lost(failure.code === 'token_expired' ? closeCodes.token_expired : closeCodes.unauthorized);
      else {
        goodbyeMs = failure.retryAfterMs;
        lost(1006);
      }
    }
  };

  const connect = async (): Promise<void> => {
    letGo(handedOver);
    const mine = era;
    $connection.set({ status: 'connecting' });
    try {
      const [url, token] = await Promise.all([options.url(), options.token()]);
      if (mine !== era) return;
      const fresh = await lines.open(url, token);
      if (mine !== era) return fresh.close();
      socket = fresh;
      timer = setTimeout(() => lost(1006), openTimeoutMs);
      fresh.onopen = () => void introduce(token);
      fresh.onmessage = (event) => hear(event.data);
      fresh.onclose = (event) => lost(event.code);
      // The close event that follows says it all; `ws` would throw if nobody listened.
      fresh.onerror = () => {};
    } catch (error) {
      if (mine !== era) return;
      const failure = failureOf(error);
      if (isRefusal(failure)) stopFor('unauthorized');
      else retryIn(failure.retryAfterMs === undefined ? reconnectDelay(attempt++) : askedDelay(failure.retryAfterMs));
    }
  };

  const reconnectNow = () => {
    const { status } = $connection.get();
    if (status === 'waiting') void connect();
    else if (status === 'connected') void beat(5000);
  };
  const lines = createLines({
    webSocket: options.webSocket,
    connected: () => $connection.get().status === 'connected',
    wake: reconnectNow,
    announce: options.announce,
  });

  return {
    $connection,
    command: (type, data) => sendCommand(type, data),
    start() {
      attempt = refusals = 0;
      void connect();
    },
    stop() {
      lines.leave();
      letGo(1000);
      goodbyeMs = undefined;
      $connection.set({ status: 'idle' });
    },
    reconnectNow,
  };
};

const errorFrom = ({ error }: Frame): ChatError =>
  new ChatError({
    code: knownCode(error?.code),
    message: typeof error?.message === 'string' ? error.message : 'the server refused the command',
    ...(typeof error?.retryAfterMs === 'number' && { retryAfterMs: error.retryAfterMs }),
  });
