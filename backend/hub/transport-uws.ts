import { createRequire } from 'node:module';
import type { HttpResponse, TemplatedApp, us_listen_socket, WebSocket, WebSocketBehavior } from 'uWebSockets.js';
import { maxFrameBytes } from '../../protocol/codes.ts';
import {
  socketPaths,
  type Socket,
  type SocketListener,
  type SocketPath,
  type Transport,
  type TransportHandlers,
  type TransportOptions,
  type UpgradeAnswer,
} from './transport.ts';
import { createSpareCork } from './uws-spare-cork.ts';

type Library = typeof import('uWebSockets.js');
interface Attachment<Context> {
  readonly context: Context;
  socket?: UwsSocket;
  listener?: SocketListener;
  dropped?: boolean;
}

/**
 * The sockets of uWebSockets.js: events are serialised once and fanned out natively. Throws where its binary does not load.
 * It cannot leave single sockets out of a topic, so ephemeral events reach slow sockets too, until these are dropped.
 */
export const createUwsTransport = <Context>(
  handlers: TransportHandlers<Context>,
  options: TransportOptions,
): Transport => {
  // Loaded only here, and not by `import`: it is native, and may be missing or made for another Node.
  const library = createRequire(import.meta.url)('uWebSockets.js') as Library;
  const app: TemplatedApp = library.App();
  const cork = createSpareCork(app);
  let listening: us_listen_socket | undefined;

  const behaviourAt = (path: SocketPath): WebSocketBehavior<Attachment<Context>> => ({
    maxPayloadLength: maxFrameBytes,
    maxBackpressure: options.backpressureBytes,
    closeOnBackpressureLimit: 1,
    idleTimeout: options.idleTimeoutSeconds,
    sendPingsAutomatically: true,
    compression: library.DISABLED,
    upgrade(response, request, behaviour) {
      let aborted = false;
      response.onAborted(() => (aborted = true));
      const header = (name: string): string | undefined => request.getHeader(name) || undefined;
      const key = request.getHeader('sec-websocket-key');
      const answer = (result: UpgradeAnswer<Context>): void => {
        if (aborted) return;
        if ('accept' in result) {
          cork.run(() => response.upgrade<Attachment<Context>>({ context: result.accept }, key, '', '', behaviour));
        } else response.cork(() => refuse(response, result.status, result.message, result.retryAfterSeconds));
      };
      handlers
        .upgrade({
          path,
          query: request.getQuery(),
          peer: Buffer.from(response.getRemoteAddressAsText()).toString(),
          host: request.getHeader('host'),
          origin: header('origin'),
          forwardedFor: header('x-forwarded-for'),
          forwardedProto: header('x-forwarded-proto'),
        })
        .then(answer, () => answer({ status: 503, message: 'unable to open a socket; try again later' }));
    },
    open(ws) {
      const attachment = ws.getUserData();
      attachment.socket = new UwsSocket(ws);
      attachment.listener = handlers.open(attachment.socket, attachment.context);
    },
    message(ws, message, isBinary) {
      const text = isBinary ? undefined : Buffer.from(message).toString();
      ws.getUserData().listener?.message(text, message.byteLength);
    },
    dropped(ws) {
      ws.getUserData().dropped = true;
    },
    close(ws) {
      const attachment = ws.getUserData();
      attachment.socket?.forget();
      attachment.listener?.closed(attachment.dropped === true);
    },
  });
  for (const path of socketPaths) app.ws<Attachment<Context>>(path, behaviourAt(path));
  app.any('/*', (response) => refuse(response, 404, 'only web sockets are served here'));

  const stopListening = (): void => {
    if (listening) library.us_listen_socket_close(listening);
    listening = undefined;
  };

  return {
    name: 'uws',
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        app.listen(host, port, (socket) => {
          if (!socket) return reject(new Error(`unable to listen for sockets on ${host}:${port}; is it in use?`));
          listening = socket;
          const ownPort = library.us_socket_local_port(socket);
          cork.open(host, ownPort);
          resolve(ownPort);
        });
      }),
    publish: (topic, frame) => void app.publish(topic, frame),
    stopListening,
    async close() {
      stopListening();
      cork.close();
      app.close();
    },
  };
};

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

const refuse = (response: HttpResponse, status: number, message: string, retryAfterSeconds?: number): void => {
  response.writeStatus(`${status} ${reasons[status] ?? 'Error'}`).writeHeader('Content-Type', 'text/plain');
  if (retryAfterSeconds !== undefined) response.writeHeader('Retry-After', String(retryAfterSeconds));
  response.end(message, true);
};

class UwsSocket implements Socket {
  #ws: WebSocket<unknown> | undefined;
  #pending: string[] | undefined;

  constructor(ws: WebSocket<unknown>) {
    this.#ws = ws;
  }

  send(frame: string): void {
    if (!this.#ws) return;
    if (this.#pending) {
      this.#pending.push(frame);
      return;
    }
    this.#pending = [frame];
    flushLater(this);
  }

  /** Writes all that waits in one go; published events of this tick join it, because uWebSockets.js drains them first. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (!pending || !this.#ws) return;
    const ws = this.#ws;
    ws.cork(() => {
      for (const frame of pending) if (this.#ws) ws.send(frame);
    });
  }

  subscribe(topic: string): void {
    this.#ws?.subscribe(topic);
  }

  unsubscribe(topic: string): void {
    this.#ws?.unsubscribe(topic);
  }

  close(code: number, reason: string): void {
    this.flush();
    this.#ws?.end(code, reason);
  }

  bufferedBytes(): number {
    return this.#ws?.getBufferedAmount() ?? 0;
  }

  /** A closed socket of uWebSockets.js throws on any use. */
  forget(): void {
    this.#ws = undefined;
    this.#pending = undefined;
  }
}

let waiting: UwsSocket[] = [];

// Immediates run when all that was read in this turn of the loop has been handled: what it caused for one socket leaves together.
const flushLater = (socket: UwsSocket): void => {
  if (waiting.push(socket) === 1) setImmediate(flushAll);
};

const flushAll = (): void => {
  const sockets = waiting;
  waiting = [];
  for (const socket of sockets) socket.flush();
};
