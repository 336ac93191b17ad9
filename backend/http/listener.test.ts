import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createListener } from './listener.ts';
import { aSocket, aUser, openSocket, startTestBackend, type TestBackend } from '../testing/index.ts';

let server: TestBackend;
let raw: Socket[];

beforeEach(async () => {
  raw = [];
  server = await startTestBackend();
});
afterEach(async () => {
  for (const socket of raw) socket.destroy();
  await server.close();
});

/** A TCP connection on which everything is written by hand. */
const dial = async (): Promise<{ socket: Socket; received: () => string; closed: Promise<string> }> => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  raw.push(socket);
  socket.on('error', () => undefined);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  const closed = once(socket, 'close').then(() => text);
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
};

const exchange = async (request: string): Promise<string> => {
  const { socket, closed } = await dial();
  socket.write(request, 'latin1');
  return closed;
};

const handshake = (path: string, ...headers: string[]): string =>
  [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '',
    '',
  ].join('\r\n');

test('a socket on the public port is the hub’s: frames pass both ways, and its close code arrives', async () => {
  const user = await aUser(server);
  const socket = await aSocket(server, user);
  expect(socket.welcome.user.id).toBe(user.id);
  await socket.settle();
  await server.backend.drain();
  expect(await socket.closed).toMatchObject({ code: 4000 });
});

test('upgrades elsewhere, or to something else than a WebSocket, are refused', async () => {
  expect(await exchange(handshake('/elsewhere'))).toMatch(/^HTTP\/1\.1 404 /);
  expect(await exchange(handshake('/ws').replace('Upgrade: websocket', 'Upgrade: h2c'))).toMatch(
    /^HTTP\/1\.1 426 [^]*Upgrade: websocket/,
  );
  for (const path of ['/ws', '/peerjs']) expect((await fetch(`${server.url}${path}`)).status).toBe(426);
});

test('signalling sockets on the public port are the hub’s too', async () => {
  const answer = await exchange(handshake('/peerjs?key=teatime&id=a&token=b'));
  // The public port has no words of its own for what it refuses.
  expect(answer).toMatch(/^HTTP\/1\.1 [^]*\r\n\r\n./);
  expect(answer).not.toMatch(/^HTTP\/1\.1 503 /);
});

test.each([
  ['64 KiB of subprotocols', (path: string) => handshake(path, `Sec-WebSocket-Protocol: ${'x,'.repeat(32_768)}`)],
  ['a header of spaces', (path: string) => handshake(path, `Sec-WebSocket-Protocol: a${' '.repeat(60_000)}b`)],
  ['2,000 headers', (path: string) => handshake(path, ...Array.from({ length: 2000 }, (_, index) => `X${index}: 1`))],
  ['1,000 short headers', (path: string) => handshake(path, ...Array.from({ length: 1000 }, () => 'a: b'))],
])('%s are refused before they cost anything', async (_, request) => {
  const before = process.cpuUsage();
  for (const path of ['/ws', '/peerjs']) expect(await exchange(request(path))).toMatch(/^HTTP\/1\.1 4(?:31|00) /);
  const { user, system } = process.cpuUsage(before);
  // Client and server are the same process here.
  expect((user + system) / 1000).toBeLessThan(200);
  expect(
    await exchange(
      request('/healthz').replace('Connection: Upgrade', 'Connection: close').replace('Upgrade: websocket\r\n', ''),
    ),
  ).toMatch(/^HTTP\/1\.1 4(?:31|00) /);
  await (await openSocket(server)).close();
});

test('handshakes that dribble are cut off after ten seconds, and disturb nobody meanwhile', async () => {
  const slow = await Promise.all(Array.from({ length: 200 }, dial));
  const whole = ['/ws', '/peerjs?key=teatime&id=a&token=b'].map((path) => handshake(path));
  let sent = 0;
  const dribble = setInterval(() => {
    for (const [index, { socket }] of slow.entries()) {
      const bytes = whole[index % 2] ?? '';
      if (socket.writable) socket.write(bytes[sent % bytes.length] ?? '');
    }
    sent += 1;
  }, 250);
  const began = performance.now();
  try {
    const user = await aUser(server);
    for (let round = 0; round < 5; round += 1) {
      const start = performance.now();
      await (await aSocket(server, user)).close();
      expect(performance.now() - start).toBeLessThan(1000);
    }
    await Promise.all(slow.map(({ closed }) => closed));
    expect(performance.now() - began).toBeLessThan(13_000);
  } finally {
    clearInterval(dribble);
  }
});

test('cookies of the page do not keep a socket from opening', async () => {
  const socket = await openSocket(server, { headers: { cookie: `big=${'x'.repeat(6000)}` } });
  await socket.close();
});

test('the hub counts sockets by the address that the public port saw, whatever the client claims', async () => {
  await server.close();
  server = await startTestBackend({ limits: { unauthenticatedSocketsPerAddress: 2 } });
  const claim = (address: string) => openSocket(server, { headers: { 'x-forwarded-for': address } });
  const first = [await claim('203.0.113.1'), await claim('203.0.113.2')];
  await expect(claim('203.0.113.3')).rejects.toThrow(/429/);
  for (const socket of first) await socket.close();
});

test('a client that stops reading its half is let go, and one that vanishes too', async () => {
  const { socket, received } = await dial();
  socket.write(handshake('/ws'));
  await expect.poll(received).toMatch(/^HTTP\/1\.1 101 /);
  expect(server.backend.hub.stats().connections).toBe(1);
  socket.end();
  await expect.poll(() => server.backend.hub.stats().connections).toBe(0);

  const other = await dial();
  other.socket.write(handshake('/ws'));
  await expect.poll(() => server.backend.hub.stats().connections).toBe(1);
  other.socket.resetAndDestroy();
  await expect.poll(() => server.backend.hub.stats().connections).toBe(0);
});

test('while draining, a connection that was there already gets its answer, and no new one is taken', async () => {
  const { socket, closed } = await dial();
  const used = await dial();
  used.socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await expect.poll(used.received).toMatch(/^HTTP\/1\.1 200 /);
  const drained = server.backend.drain();
  await expect.poll(() => server.backend.http.listening).toBe(false);
  socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect(await closed).toMatch(/^HTTP\/1\.1 503 [^]*connection: close/i);
  await used.closed;
  await drained;
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
});

test('a body that dribbles is cut off in time, an upload only when nothing of it comes any more', async () => {
  const seen: string[] = [];
  const listener = createListener({
    hub: () => undefined,
    bodyPatienceMs: 400,
    answer: (request, response) => {
      request.resume().on('end', () => {
        seen.push(request.url ?? '');
        response.end('taken');
      });
    },
  });
  const { port } = await listener.listen(0, '127.0.0.1');
  const begin = (path: string) => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    raw.push(socket);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n`);
    return { socket, received: () => text, closed: once(socket, 'close') };
  };
  const body = begin('/api/v1/me');
  const upload = begin('/uploads/slow');
  const paused = begin('/uploads/paused');
  let sent = 0;
  const dribble = setInterval(() => {
    for (const { socket } of [body, upload]) if (socket.writable) socket.write('x');
    sent += 1;
    if (sent === 20) clearInterval(dribble);
  }, 100);
  try {
    await Promise.all([body.closed, paused.closed]);
    expect(body.received() + paused.received()).toBe('');
    await expect.poll(upload.received, { timeout: 5000 }).toMatch(/^HTTP\/1\.1 200 [^]*taken/);
    expect(seen).toEqual(['/uploads/slow']);
  } finally {
    clearInterval(dribble);
    await listener.close();
  }
});
