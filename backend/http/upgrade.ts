import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Where the hub listens for what the public port passes on. */
export interface HubAddress {
  readonly host: string;
  readonly port: number;
}

// The hub needs no more than these, and its own limit on headers is a small one: cookies of the site alone could exceed it.
const passedHeaders =
  /^(?:host|origin|upgrade|connection|user-agent|sec-websocket-.+|x-forwarded-(?:proto|host)|x-request-id)$/i;
const maxHeadBytes = 3584;
const connectPatienceMs = 5000;
const closePatienceMs = 10_000;

/**
 * Passes a WebSocket handshake and everything after it to the hub as raw bytes. The hub learns the address of the client from
 * `X-Forwarded-For`, to which ours is added.
 */
export const passToHub = (request: IncomingMessage, client: Socket, first: Buffer, hub: HubAddress): void => {
  const head = handshake(request);
  if (head.length > maxHeadBytes) return refuseUpgrade(client, 431, 'Request Header Fields Too Large');
  const upstream = connect({ host: hub.host, port: hub.port, noDelay: true, allowHalfOpen: true });
  upstream.setTimeout(connectPatienceMs, () => upstream.destroy());
  client.setTimeout(0);
  client.setNoDelay(true);

  let connected = false;
  upstream.once('connect', () => {
    connected = true;
    upstream.setTimeout(0);
    upstream.write(head);
    if (first.length > 0) upstream.write(first);
    client.pipe(upstream);
    upstream.pipe(client);
  });
  // When one end says that it is done, the other may still finish a sentence, but not keep the pair open for ever.
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.once('end', () => other.setTimeout(closePatienceMs, () => other.destroy()));
    one.once('close', () => other.destroySoon());
    // A reset is followed by `close`.
    one.on('error', () => undefined);
  }
  upstream.once('close', () => {
    if (!connected) refuseUpgrade(client, 503, 'Service Unavailable', ['Retry-After: 1']);
  });
};

/** Answers an upgrade with an error and ends the connection. */
export const refuseUpgrade = (
  client: Duplex,
  status: number,
  reason: string,
  headers: readonly string[] = [],
): void => {
  client.on('error', () => undefined);
  client.end(
    [`HTTP/1.1 ${status} ${reason}`, 'Connection: close', 'Content-Length: 0', ...headers, '', ''].join('\r\n'),
    () => client.destroy(),
  );
};

const handshake = (request: IncomingMessage): Buffer => {
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    if (passedHeaders.test(name)) lines.push(`${name}: ${request.rawHeaders[index + 1]}`);
  }
  const claimed = request.headers['x-forwarded-for'];
  const seen = request.socket.remoteAddress ?? '';
  lines.push(`X-Forwarded-For: ${claimed === undefined ? seen : `${String(claimed)}, ${seen}`}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
};
