/**
 * The load on one server of `hub.js`, in a process of its own: sockets on bare TCP that count frames by their length instead of parsing
 * them, so that the server is what is measured. Takes one job by IPC, answers with its figures.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { conversationOf, eventFrame, roomId, userOf } from './hub-wire.js';

const eventLength = Buffer.byteLength(eventFrame(roomId, 0));

/** Client frames must be masked (RFC 6455 §5.3); with a mask of zeros the bytes stay as they are. */
const encode = (text) => {
  const payload = Buffer.from(text);
  const head =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0])
      : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
};

/** Counts the events in a stream of server frames; other frames are stepped over. */
const eventCounter = () => {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    const buffer = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let [at, events] = [0, 0];
    while (buffer.length - at >= 4) {
      const short = buffer[at + 1];
      const length = short < 126 ? short : buffer.readUInt16BE(at + 2);
      const end = at + (short < 126 ? 2 : 4) + length;
      if (end > buffer.length) break;
      if (length === eventLength) events += 1;
      at = end;
    }
    rest = at < buffer.length ? buffer.subarray(at) : Buffer.alloc(0);
    return events;
  };
};

const open = async (port, at, bare) => {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  await once(socket, 'connect');
  const path = bare ? `/ws?at=${at}` : '/ws';
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
  );
  let seen = '';
  while (!seen.includes('\r\n\r\n')) seen += String((await once(socket, 'data'))[0]);
  if (!bare) socket.write(encode(JSON.stringify({ id: 1, type: 'auth', data: { token: userOf(at) } })));
  while (!seen.includes('auth.success')) seen += String((await once(socket, 'data'))[0]);
  return socket;
};

const percentile = (values, part) => {
  values.sort((a, b) => a - b);
  return values[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
};

/** A room of all sockets: the first one speaks, `inFlight` events at a time. Latency: from sending to the last socket's having it. */
const fanOut = (sockets, { bare, inFlight, seconds }) =>
  new Promise((resolve) => {
    const say = encode(
      bare ? 'room' : JSON.stringify({ id: 2, type: 'typing.start', data: { conversationId: roomId } }),
    );
    const began = performance.now();
    const sentAt = [];
    const took = [];
    let [deliveries, finished] = [0, false];
    const send = () => {
      sentAt.push(performance.now());
      sockets[0].write(say);
    };
    // The n-th round is over when n times all have been counted: sockets get the events of a topic in order.
    const counts = new Int32Array(sockets.length);
    const reached = [];
    let done = 0;
    sockets.forEach((socket, at) => {
      const count = eventCounter();
      socket.on('data', (chunk) => {
        const events = count(chunk);
        deliveries += events;
        for (let i = 0; i < events; i += 1) {
          const round = counts[at];
          counts[at] += 1;
          reached[round] = (reached[round] ?? 0) + 1;
        }
        while (reached[done] === sockets.length) {
          const now = performance.now();
          took.push(now - sentAt[done]);
          done += 1;
          if (finished) continue;
          if (now - began < seconds * 1000) send();
          else {
            finished = true;
            resolve({ perSecond: (deliveries / (now - began)) * 1000, deliveries, p99: percentile(took, 0.99) });
          }
        }
      });
    });
    for (let i = 0; i < inFlight; i += 1) send();
  });

/** Pairs: each even socket speaks to its odd one. At `rate` messages a second over all, or as fast as `inFlight` in each pair allows. */
const relay = (sockets, { bare, inFlight, rate, seconds }) =>
  new Promise((resolve) => {
    const began = performance.now();
    const sentAt = sockets.map(() => []);
    const took = [];
    let [deliveries, next, sent] = [0, 0, 0];
    const pace = { timer: undefined };
    const says = sockets.map((_, at) =>
      encode(
        bare
          ? 'the other one of the pair'
          : JSON.stringify({ id: 2, type: 'typing.start', data: { conversationId: conversationOf(at) } }),
      ),
    );
    const send = (at) => {
      sentAt[at].push(performance.now());
      sockets[at].write(says[at]);
    };
    const finish = (now) => {
      clearInterval(pace.timer);
      resolve({ perSecond: (deliveries / (now - began)) * 1000, deliveries, p99: percentile(took, 0.99) });
    };
    sockets.forEach((socket, at) => {
      const count = eventCounter();
      socket.on('data', (chunk) => {
        const events = count(chunk);
        // The hub's event reaches the speaker's own sockets, too.
        if (at % 2 === 0) return;
        const now = performance.now();
        for (let i = 0; i < events; i += 1) {
          took.push(now - sentAt[at - 1].shift());
          deliveries += 1;
          if (rate === undefined && now - began < seconds * 1000) send(at - 1);
        }
        if (rate === undefined && events > 0 && sentAt.every((times) => times.length === 0)) finish(now);
      });
    });
    if (rate === undefined) {
      for (let at = 0; at < sockets.length; at += 2) for (let i = 0; i < inFlight; i += 1) send(at);
      return;
    }
    pace.timer = setInterval(() => {
      const now = performance.now();
      if (now - began > seconds * 1000) {
        if (deliveries === sent) finish(now);
        return;
      }
      for (const due = ((now - began) / 1000) * rate; sent < due; sent += 1) {
        send(next);
        next = (next + 2) % sockets.length;
      }
    }, 1);
  });

process.once('message', async (job) => {
  const sockets = [];
  for (let at = 0; at < job.sockets; at += 50) {
    const batch = Array.from({ length: Math.min(50, job.sockets - at) }, (_, i) => open(job.port, at + i, job.bare));
    sockets.push(...(await Promise.all(batch)));
  }
  process.send({ ready: true });
  process.once('message', async () => {
    const result = await (job.shape === 'room' ? fanOut : relay)(sockets, job);
    process.send(result, () => process.exit());
  });
});
