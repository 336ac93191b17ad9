import { createServer, STATUS_CODES } from 'node:http';
import type { Socket as NetSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { closeCodes, maxFrameBytes } from '../../protocol/codes.ts';
import {
  socketPaths,
  type Socket,
  type SocketListener,
  type Transport,
  type TransportHandlers,
  type TransportOptions,
} from './transport.ts';

// Options of ws 8.23 that its types do not list yet. A message in thousands of pieces costs thousands of steps to put together.
const unlistedOptions = { maxFragments: 1024, closeTimeout: 5000 };

/** The sockets of ws, for machines on which uWebSockets.js does not load: the same behaviour at a fraction of the fan-out. */
export const createWsTransport = <Context>(
  handlers: TransportHandlers<Context>,
  options: TransportOptions,
): Transport => {
  const topics = new Map<string, Set<WsSocket>>();
  const sockets = new Set<WsSocket>();
  const http = createServer((_request, response) => {
    response.writeHead(404, { 'Content-Type': 'text/plain', Connection: 'close' });
    response.end('only web sockets are served here');
  });
  http.headersTimeout = 10_000;
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    ...unlistedOptions,
  });

  http.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    const [target, query = ''] = (request.url ?? '').split(/\?(.*)/s);
    const path = socketPaths.find((each) => each === target);
    if (path === undefined) return refuse(stream, 404, 'only web sockets are served here');
    const header = (name: string): string | undefined => [request.headers[name]].flat().join(', ') || undefined;
    handlers
      .upgrade({
        path,
        query,
        peer: request.socket.remoteAddress ?? '',
        host: request.headers.host ?? '',
        origin: header('origin'),
        forwardedFor: header('x-forwarded-for'),
        forwardedProto: header('x-forwarded-proto'),
      })
      .then(
        (answer) => {
          if (stream.destroyed) return;
          if (!('accept' in answer)) return refuse(stream, answer.status, answer.message, answer.retryAfterSeconds);
          server.handleUpgrade(request, stream, head, (ws) => {
            const socket = new WsSocket(ws, request.socket, topics, options.backpressureBytes);
            sockets.add(socket);
            ws.once('close', () => sockets.delete(socket));
            socket.listen(handlers.open(socket, answer.accept));
          });
        },
        () => refuse(stream, 503, 'unable to open a socket; try again later'),
      );
  });

  // uWebSockets.js pings by itself; here one timer does it for all.
  const idleMs = options.idleTimeoutSeconds * 1000;
  const heart = setInterval(() => {
    const now = Date.now();
    for (const socket of sockets) socket.checkIdle(now, idleMs);
  }, idleMs / 4);
  heart.unref();

  return {
    name: 'ws',
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        http.once('error', reject);
        http.listen(port, host, () => {
          http.off('error', reject);
          const address = http.address();
          resolve(typeof address === 'object' && address ? address.port : port);
        });
      }),
    publish(topic, frame, ephemeral) {
      const followers = topics.get(topic);
      if (!followers) return;
      const bytes = Buffer.from(frame);
      for (const socket of followers) {
        if (!ephemeral || socket.bufferedBytes() <= options.ephemeralBackpressureBytes) socket.sendBytes(bytes);
      }
    },
    stopListening: () => void http.close(),
    async close() {
      clearInterval(heart);
      for (const socket of sockets) socket.terminate();
      http.closeAllConnections();
      if (http.listening) await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
};

const refuse = (stream: Duplex, status: number, message: string, retryAfterSeconds?: number): void => {
  const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`;
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain\r\nConnection: close\r\n${retry}` +
      `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
  );
};

class WsSocket implements Socket {
  readonly #ws: WebSocket;
  readonly #tcp: NetSocket;
  readonly #followers: Map<string, Set<WsSocket>>;
  readonly #backpressureBytes: number;
  readonly #topics = new Set<string>();
  #listener: SocketListener | undefined;
  #open = true;
  #corked = false;
  #lastHeard = Date.now();

  constructor(ws: WebSocket, tcp: NetSocket, followers: Map<string, Set<WsSocket>>, backpressureBytes: number) {
    this.#ws = ws;
    this.#tcp = tcp;
    this.#followers = followers;
    this.#backpressureBytes = backpressureBytes;
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    const heard = (): void => void (this.#lastHeard = Date.now());
    this.#ws.on('message', (data, isBinary) => {
      heard();
      const bytes = data as Buffer;
      if (this.#open) listener.message(isBinary ? undefined : bytes.toString(), bytes.length);
    });
    this.#ws.on('ping', heard);
    this.#ws.on('pong', heard);
    // A broken frame: ws closes with the right code by itself.
    this.#ws.on('error', () => undefined);
    this.#ws.once('close', () => this.#end(false));
  }

  send(frame: string): void {
    this.sendBytes(Buffer.from(frame));
  }

  sendBytes(frame: Buffer): void {
    if (!this.#open) return;
    if (this.bufferedBytes() + frame.length > this.#backpressureBytes) return this.#dropSlow();
    if (!this.#corked) {
      this.#corked = true;
      this.#tcp.cork();
      uncorkLater(this);
    }
    this.#ws.send(frame, { binary: false, compress: false });
  }

  uncork(): void {
    this.#corked = false;
    this.#tcp.uncork();
  }

  subscribe(topic: string): void {
    if (!this.#open) return;
    this.#topics.add(topic);
    const followers = this.#followers.get(topic);
    if (followers) followers.add(this);
    else this.#followers.set(topic, new Set([this]));
  }

  unsubscribe(topic: string): void {
    this.#topics.delete(topic);
    const followers = this.#followers.get(topic);
    if (followers?.delete(this) && followers.size === 0) this.#followers.delete(topic);
  }

  close(code: number, reason: string): void {
    if (!this.#open) return;
    this.#ws.close(code, reason);
    this.#end(false);
  }

  terminate(): void {
    this.#ws.terminate();
    this.#end(false);
  }

  bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  checkIdle(now: number, idleMs: number): void {
    const silent = now - this.#lastHeard;
    if (silent >= idleMs - idleMs / 4) this.terminate();
    else if (this.#open && silent >= idleMs / 4) this.#ws.ping();
  }

  // The close frame waits behind what the other end does not read; ws gives up on it after its closeTimeout.
  #dropSlow(): void {
    this.#ws.close(closeCodes.slow_consumer, 'slow_consumer');
    this.#end(true);
  }

  #end(slow: boolean): void {
    if (!this.#open) return;
    this.#open = false;
    for (const topic of this.#topics) this.unsubscribe(topic);
    this.#listener?.closed(slow);
  }
}

let corked: WsSocket[] = [];

// Immediates run when all that was read in this turn of the loop has been handled: what it caused for one socket leaves together.
const uncorkLater = (socket: WsSocket): void => {
  if (corked.push(socket) === 1) setImmediate(uncorkAll);
};

const uncorkAll = (): void => {
  const sockets = corked;
  corked = [];
  for (const socket of sockets) socket.uncork();
};
