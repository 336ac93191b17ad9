import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { Server as NetServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { passToHub, refuseUpgrade, type HubAddress } from './upgrade.ts';

/** What the public port is made of. */
export interface ListenerOptions {
  /** Answers plain requests. */
  readonly answer: RequestListener;
  /** Where sockets are passed to; `undefined` while the hub does not listen. */
  readonly hub: () => HubAddress | undefined;
  /** How long a body may take, and an upload pause, in milliseconds; 30 s when left out. */
  readonly bodyPatienceMs?: number;
}

/** The public port. */
export interface Listener {
  readonly server: Server;
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Takes no more connections and resolves when requests in flight are answered; those that stay longer than `patienceMs` are cut off. */
  drain(patienceMs: number): Promise<void>;
  /** Ends everything, passed-on sockets included. */
  close(): Promise<void>;
}

/** Paths below which sockets are opened. */
const socketPath = /^\/(?:ws|peerjs)\/?(?:\?|$)/;
const maxHeaders = 100;
/** How long a connection without a request is kept while draining. */
const lateRequestMs = 200;
const idleCheckMs = 50;

/**
 * One port for everything: requests go to `answer`, WebSocket handshakes on `/ws` and `/peerjs` to the hub. Headers must arrive within 10 s, a whole request
 * within 30 s; an upload takes as long as it takes, but something of it must come every 30 s.
 */
export const createListener = ({ answer, hub, bodyPatienceMs = 30_000 }: ListenerOptions): Listener => {
  const passed = new Set<Socket>();
  const server = createServer(
    {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 10_000,
      // Bodies are timed below: how long one may take depends on whether it is an upload.
      requestTimeout: 0,
      // Longer than the minute after which load balancers drop idle connections, so that theirs is the first word.
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 1000,
      noDelay: true,
    },
    (request, response) => {
      if (hasTooManyHeaders(request)) {
        response.writeHead(431, { connection: 'close', 'content-length': 0 }).end();
      } else if (socketPath.test(request.url ?? '')) {
        response.writeHead(426, { connection: 'close, upgrade', upgrade: 'websocket', 'content-length': 0 }).end();
      } else {
        limitBodyTime(request, bodyPatienceMs);
        answer(request, response);
      }
    },
  );
  // One more than allowed is enough to notice.
  server.maxHeadersCount = maxHeaders + 1;
  server.on('upgrade', (request: IncomingMessage, client: Socket, first: Buffer) => {
    passed.add(client);
    client.once('close', () => passed.delete(client));
    const address = hub();
    if (hasTooManyHeaders(request)) refuseUpgrade(client, 431, 'Request Header Fields Too Large');
    else if (!socketPath.test(request.url ?? '')) refuseUpgrade(client, 404, 'Not Found');
    else if (request.headers.upgrade?.toLowerCase() !== 'websocket')
      refuseUpgrade(client, 426, 'Upgrade Required', ['Upgrade: websocket']);
    else if (address === undefined) refuseUpgrade(client, 503, 'Service Unavailable', ['Retry-After: 1']);
    else passToHub(request, client, first, address);
  });

  const stop = (): Promise<void> =>
    new Promise((resolve) => (server.listening ? server.close(() => resolve()) : resolve()));
  return {
    server,
    listen(port, host) {
      return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(server.address() as AddressInfo);
        });
      });
    },
    async drain(patienceMs) {
      if (!server.listening) return;
      const cutAt = Date.now() + patienceMs;
      server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
      // Connections that wait at the door are let in first: the system would reset them.
      await setImmediate();
      let done = false;
      const stopped = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve())).then(
        () => {
          done = true;
        },
      );
      // `http.Server.close` would also reset connections on which a request is on its way already.
      await Promise.race([stopped, wait(lateRequestMs)]);
      while (!done) {
        if (Date.now() < cutAt) server.closeIdleConnections();
        else server.closeAllConnections();
        await Promise.race([stopped, wait(idleCheckMs)]);
      }
    },
    async close() {
      const stopped = stop();
      server.closeAllConnections();
      for (const client of passed) client.destroy();
      await stopped;
    },
  };
};

/** Cuts a request off whose body does not come to its end in time. */
const limitBodyTime = (request: IncomingMessage, patienceMs: number): void => {
  const { headers, socket } = request;
  if (headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0') return;
  let bytes = socket.bytesRead;
  const check = (): void => {
    if (isUpload(request) && socket.bytesRead > bytes) {
      bytes = socket.bytesRead;
      timer.refresh();
    } else if (!request.complete) socket.destroy();
  };
  const timer = setTimeout(check, patienceMs);
  timer.unref();
  const stop = (): void => clearTimeout(timer);
  request.once('end', stop).once('close', stop);
};

const isUpload = ({ url = '' }: IncomingMessage): boolean => url.startsWith('/uploads/');

const hasTooManyHeaders = (request: IncomingMessage): boolean => request.rawHeaders.length > 2 * maxHeaders;
