import { createHash, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import {
  attribute,
  decodeEndpoint,
  decodeStun,
  encodeEndpoint,
  encodeStun,
  type Endpoint,
  type StunMessage,
} from './stun-message.ts';

/** A TURN server's answer to a request: 200, or what it refused with. */
export interface TurnAnswer {
  readonly code: number;
  readonly reason: string;
  readonly message: StunMessage;
}

/** A TURN client over UDP, with a socket and thus at most one allocation of its own (RFC 8656). */
export interface TurnClient {
  /** Asks for an address on the server; `family` 4 unless told, `transport` UDP. */
  allocate(options?: { readonly family?: 4 | 6; readonly transport?: 'udp' | 'tcp' }): Promise<TurnAnswer>;
  /** Where others can send to, once `allocate` was answered with 200. */
  relayed(): Endpoint;
  /** Asks for leave to exchange packets with that peer. */
  permit(peer: Endpoint): Promise<TurnAnswer>;
  /** Asks for a channel to that peer. */
  bindChannel(number: number, peer: Endpoint): Promise<TurnAnswer>;
  /** Sends a packet to a permitted peer; it may be lost. */
  send(peer: Endpoint, data: Buffer): void;
  /** Is called with every packet from a peer. */
  onData(listener: (data: Buffer) => void): void;
  /** As if the server had said so: what it thinks of a nonce that it never gave. */
  forgeNonce(): void;
  /** Gives the allocation back and closes the socket. */
  close(): Promise<void>;
}

const method = { allocate: 0x003, refresh: 0x004, permit: 0x008, bindChannel: 0x009 } as const;
const sendIndication = 0x0016;
const dataIndication = 0x0017;
const successBit = 0x0100;
const errorBit = 0x0110;

// RFC 8489 section 6.2.1 starts at 500 ms; on loopback an answer takes one, and packets are lost only by a full buffer.
const retryMs = 250;
const tries = 20;

/** Opens a client of the server at 127.0.0.1 with long-term credentials (RFC 8489 section 9.2). */
export const openTurnClient = async (
  port: number,
  { username, credential }: { readonly username: string; readonly credential: string },
): Promise<TurnClient> => {
  const socket = await openSocket();
  const waiting = new Map<string, (message: StunMessage) => void>();
  const listeners = new Set<(data: Buffer) => void>();
  let relayed: Endpoint | undefined;
  let realm = Buffer.alloc(0);
  let nonce = Buffer.alloc(0);

  socket.on('message', (packet) => {
    const message = decodeStun(packet);
    const data = message.attributes.get(attribute.data);
    if (message.type === dataIndication && data) for (const listener of listeners) listener(data);
    else waiting.get(message.transactionId.toString('hex'))?.(message);
  });

  const exchange = (transactionId: Buffer, packet: Buffer): Promise<StunMessage> =>
    new Promise((resolve, reject) => {
      const id = transactionId.toString('hex');
      let sent = 0;
      const finish = (settle: () => void): void => {
        clearInterval(timer);
        waiting.delete(id);
        settle();
      };
      const transmit = (): void => {
        sent += 1;
        if (sent > tries) finish(() => reject(new Error('unable to hear from the TURN server; it does not answer')));
        else socket.send(packet, port, '127.0.0.1');
      };
      const timer = setInterval(transmit, retryMs);
      waiting.set(id, (message) => finish(() => resolve(message)));
      transmit();
    });

  const ask = async (
    type: number,
    attributes: (transactionId: Buffer) => readonly (readonly [number, Buffer])[],
  ): Promise<TurnAnswer> => {
    const transactionId = randomBytes(12);
    const known = nonce.length > 0;
    const own = [
      [attribute.username, Buffer.from(username)],
      [attribute.realm, realm],
      [attribute.nonce, nonce],
    ] as const;
    const key = createHash('md5').update(`${username}:${realm.toString()}:${credential}`).digest();
    const packet = known
      ? encodeStun(type, transactionId, [...attributes(transactionId), ...own], key)
      : encodeStun(type, transactionId, attributes(transactionId));
    const message = await exchange(transactionId, packet);
    const answer = readAnswer(type, message);
    if (answer.code !== 401 || known) return answer;
    // The first request is sent bare, to learn realm and nonce.
    realm = Buffer.from(answer.message.attributes.get(attribute.realm) ?? []);
    nonce = Buffer.from(answer.message.attributes.get(attribute.nonce) ?? []);
    return nonce.length > 0 ? ask(type, attributes) : answer;
  };

  return {
    async allocate({ family = 4, transport = 'udp' } = {}) {
      const answer = await ask(method.allocate, () => [
        [attribute.transport, Buffer.from([transport === 'udp' ? 17 : 6, 0, 0, 0])],
        [attribute.family, Buffer.from([family === 4 ? 1 : 2, 0, 0, 0])],
      ]);
      const { attributes, transactionId } = answer.message;
      const address = attributes.get(attribute.relayed);
      if (address) relayed = decodeEndpoint(address, transactionId);
      return answer;
    },
    relayed() {
      if (!relayed) throw new Error('unable to tell the relayed address; there is no allocation');
      return relayed;
    },
    permit: (peer) => ask(method.permit, (id) => [[attribute.peer, encodeEndpoint(peer, id)]]),
    bindChannel: (number, peer) =>
      ask(method.bindChannel, (id) => [
        [attribute.channelNumber, Buffer.from([number >> 8, number & 0xff, 0, 0])],
        [attribute.peer, encodeEndpoint(peer, id)],
      ]),
    send(peer, data) {
      const id = randomBytes(12);
      const packet = encodeStun(sendIndication, id, [
        [attribute.peer, encodeEndpoint(peer, id)],
        [attribute.data, data],
      ]);
      socket.send(packet, port, '127.0.0.1');
    },
    onData: (listener) => void listeners.add(listener),
    forgeNonce() {
      nonce = Buffer.from(randomBytes(8).toString('hex'));
    },
    async close() {
      if (relayed) await ask(method.refresh, () => [[attribute.lifetime, Buffer.alloc(4)]]);
      socket.close();
    },
  };
};

// coturn remembers an allocation that was given back for a second: a socket with its port would be told of a mismatch (437).
const usedPorts = new Set<number>();

const openSocket = async (): Promise<Socket> => {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  if (!usedPorts.has(port)) {
    usedPorts.add(port);
    return socket;
  }
  const other = await openSocket();
  socket.close();
  return other;
};

const readAnswer = (type: number, message: StunMessage): TurnAnswer => {
  if (message.type === (type | successBit)) return { code: 200, reason: '', message };
  const error = message.attributes.get(attribute.error);
  if (message.type !== (type | errorBit) || !error)
    throw new Error(`unable to read the answer; 0x${message.type.toString(16)} does not answer 0x${type.toString(16)}`);
  return { code: (error[2] ?? 0) * 100 + (error[3] ?? 0), reason: error.subarray(4).toString(), message };
};
