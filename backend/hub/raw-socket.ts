import { randomBytes } from 'node:crypto';
import { connect, type Socket as NetSocket } from 'node:net';

/** A frame as it goes over the wire (RFC 6455 §5.2), with room for every fault. */
export interface RawFrame {
  readonly opcode?: number;
  readonly payload?: string | Uint8Array;
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly masked?: boolean;
  /** Declares another length than the payload has. */
  readonly declaredLength?: bigint;
}

/** How a socket ended: the code of the server's close frame, if there was one. */
export interface Ending {
  readonly code: number | undefined;
  readonly reason: string;
}

/** A JSON frame from the server. */
export interface Incoming {
  readonly id?: number;
  readonly type?: string;
  readonly ok?: boolean;
  readonly [key: string]: unknown;
  // Tests read whatever a frame holds.
  readonly data?: Record<string, unknown>;
  readonly error?: { code: string; message: string; retryAfterMs?: number };
}

interface Waiter {
  readonly matches: (frame: Incoming) => boolean;
  readonly resolve: (found: [Incoming, number]) => void;
  readonly reject: (error: Error) => void;
}

/** Writes one client frame. */
export const encodeFrame = (frame: RawFrame): Buffer => {
  const payload = Buffer.from(frame.payload ?? '');
  const head = Buffer.alloc(14);
  head[0] = (frame.fin === false ? 0 : 0x80) | ((frame.rsv ?? 0) << 4) | (frame.opcode ?? 1);
  const masked = frame.masked === false ? 0 : 0x80;
  let at = 2;
  const length = frame.declaredLength ?? BigInt(payload.length);
  if (length < 126n) head[1] = masked | Number(length);
  else if (length < 65536n) {
    head[1] = masked | 126;
    at = head.writeUInt16BE(Number(length), 2);
  } else {
    head[1] = masked | 127;
    at = head.writeBigUInt64BE(length, 2);
  }
  if (!masked) return Buffer.concat([head.subarray(0, at), payload]);
  const mask = randomBytes(4);
  const body = Buffer.from(payload);
  for (let i = 0; i < body.length; i += 1) body[i] = (body[i] ?? 0) ^ (mask[i % 4] ?? 0);
  return Buffer.concat([head.subarray(0, at), mask, body]);
};

/** A WebSocket client on bare TCP: it can send what no client library would. It answers neither pings nor closes. */
export class RawSocket {
  /** Status of the answer to the handshake. */
  status = 0;
  /** Its header lines. */
  headers = '';
  readonly tcp: NetSocket;
  /** All JSON frames so far. */
  readonly received: Incoming[] = [];
  readonly ended: Promise<Ending>;
  pings = 0;
  #buffer: Buffer = Buffer.alloc(0);
  #waiting: Waiter[] = [];
  readonly #read = new Map<string, number>();
  #id = 0;
  #ending: Ending = { code: undefined, reason: '' };
  #greeted: (() => void) | undefined;

  constructor(tcp: NetSocket) {
    this.tcp = tcp;
    tcp.on('data', (chunk) => this.#take(chunk));
    tcp.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      tcp.once('close', () => {
        for (const { reject } of this.#waiting) reject(new Error(`the socket ended ${JSON.stringify(this.#ending)}`));
        this.#waiting = [];
        this.#greeted?.();
        resolve(this.#ending);
      });
    });
  }

  get isEnded(): boolean {
    return this.tcp.destroyed;
  }

  async greet(path: string, headers: Record<string, string>): Promise<void> {
    const greeted = new Promise<void>((resolve) => (this.#greeted = resolve));
    const all = {
      Host: `127.0.0.1:${this.tcp.remotePort}`,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    this.tcp.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
    await greeted;
  }

  write(...frames: RawFrame[]): void {
    this.tcp.write(Buffer.concat(frames.map(encodeFrame)));
  }

  text(payload: string): void {
    this.write({ payload });
  }

  /** Sends a command without waiting; answers its id. */
  post(type: string, data: unknown = {}): number {
    const id = (this.#id += 1);
    this.text(JSON.stringify({ id, type, data }));
    return id;
  }

  /** Sends a command and awaits its reply. */
  async command(type: string, data: unknown = {}): Promise<Incoming> {
    const id = this.post(type, data);
    return this.find((frame) => frame.id === id);
  }

  async signIn(token: string): Promise<Incoming> {
    return this.command('auth', { token, version: 1 });
  }

  /** The next event of a type that `next` has not given yet. */
  async next(type: string): Promise<Incoming> {
    const [frame, at] = await this.#await((each) => each.type === type, this.#read.get(type) ?? 0);
    this.#read.set(type, at + 1);
    return frame;
  }

  /** The first frame, past or future, that matches. */
  async find(matches: (frame: Incoming) => boolean): Promise<Incoming> {
    const [frame] = await this.#await(matches, 0);
    return frame;
  }

  /** Events of a type so far; call it after a reply, which comes behind them. */
  events(type: string): Incoming[] {
    return this.received.filter((frame) => frame.type === type);
  }

  #take(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    if (this.#greeted) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.headers = this.#buffer.subarray(0, end).toString();
      this.status = Number(this.headers.split(' ')[1]);
      this.#buffer = this.#buffer.subarray(end + 4);
      this.#greeted();
      this.#greeted = undefined;
    }
    if (this.status !== 101) return;
    for (let frame = this.#nextFrame(); frame; frame = this.#nextFrame()) this.#handle(frame.opcode, frame.payload);
  }

  #nextFrame(): { opcode: number; payload: Buffer } | undefined {
    const buffer = this.#buffer;
    if (buffer.length < 2) return undefined;
    let [length, at] = [(buffer[1] ?? 0) & 0x7f, 2];
    if (length === 126) {
      if (buffer.length < 4) return undefined;
      [length, at] = [buffer.readUInt16BE(2), 4];
    } else if (length === 127) {
      if (buffer.length < 10) return undefined;
      [length, at] = [Number(buffer.readBigUInt64BE(2)), 10];
    }
    if (buffer.length < at + length) return undefined;
    this.#buffer = buffer.subarray(at + length);
    return { opcode: (buffer[0] ?? 0) & 0x0f, payload: buffer.subarray(at, at + length) };
  }

  #handle(opcode: number, payload: Buffer): void {
    if (opcode === 9) this.pings += 1;
    if (opcode === 8) {
      const code = payload.length >= 2 ? payload.readUInt16BE(0) : undefined;
      this.#ending = { code, reason: payload.subarray(2).toString() };
      this.tcp.end();
    }
    if (opcode !== 1) return;
    const frame = JSON.parse(payload.toString()) as Incoming;
    const index = this.received.push(frame) - 1;
    const at = this.#waiting.findIndex(({ matches }) => matches(frame));
    const [waiter] = at < 0 ? [] : this.#waiting.splice(at, 1);
    waiter?.resolve([frame, index]);
  }

  async #await(matches: (frame: Incoming) => boolean, from: number): Promise<[Incoming, number]> {
    const at = this.received.findIndex((frame, index) => index >= from && matches(frame));
    const found = this.received[at];
    if (found) return [found, at];
    if (this.isEnded) throw new Error(`the socket ended ${JSON.stringify(this.#ending)}`);
    return new Promise((resolve, reject) => this.#waiting.push({ matches, resolve, reject }));
  }
}

/** Connects and greets; `status` is 101 when the socket is open. */
export const openSocket = async (
  port: number,
  { path = '/ws', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<RawSocket> => {
  const tcp = connect(port, '127.0.0.1');
  const socket = new RawSocket(tcp);
  await new Promise<void>((resolve, reject) => tcp.once('connect', resolve).once('error', reject));
  await socket.greet(path, headers);
  return socket;
};
