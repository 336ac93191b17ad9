import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** A STUN message that was received (RFC 8489): its type, and the first attribute of each kind. */
export interface StunMessage {
  readonly type: number;
  readonly transactionId: Buffer;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

/** An IP address as 4 or 16 bytes, and a port. */
export interface Endpoint {
  readonly address: Buffer;
  readonly port: number;
}

/** Attributes by their numbers (RFC 8489 section 18.3, RFC 8656 section 18). */
export const attribute = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  peer: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
  fingerprint: 0x8028,
} as const;

const magicCookie = 0x2112a442;
const headerBytes = 20;

/** Writes a message; with a key it carries MESSAGE-INTEGRITY, and always a FINGERPRINT. */
export const encodeStun = (
  type: number,
  transactionId: Buffer,
  attributes: readonly (readonly [number, Buffer])[],
  key?: Buffer,
): Buffer => {
  const body = Buffer.concat(attributes.map(([number, value]) => encodeAttribute(number, value)));
  let message = Buffer.concat([header(type, body.length, transactionId), body]);
  if (key) {
    // The length that is signed counts the attribute that will hold the signature.
    message.writeUInt16BE(message.length - headerBytes + 24, 2);
    const signature = createHmac('sha1', key).update(message).digest();
    message = Buffer.concat([message, encodeAttribute(attribute.integrity, signature)]);
  }
  message.writeUInt16BE(message.length - headerBytes + 8, 2);
  return Buffer.concat([message, encodeAttribute(attribute.fingerprint, fingerprintOf(message))]);
};

/** Reads a message; throws an `Error` when it is none, or when its FINGERPRINT is wrong. */
export const decodeStun = (message: Buffer): StunMessage => {
  if (message.length < headerBytes || message.readUInt32BE(4) !== magicCookie)
    throw new Error('unable to read the packet; it is not STUN');
  const attributes = new Map<number, Buffer>();
  for (let offset = headerBytes; offset + 4 <= message.length;) {
    const number = message.readUInt16BE(offset);
    const length = message.readUInt16BE(offset + 2);
    const value = message.subarray(offset + 4, offset + 4 + length);
    if (number === attribute.fingerprint && !value.equals(fingerprintOf(message.subarray(0, offset))))
      throw new Error('unable to read the packet; its fingerprint is wrong');
    if (!attributes.has(number)) attributes.set(number, value);
    offset += 4 + padded(length);
  }
  return { type: message.readUInt16BE(0), transactionId: message.subarray(8, headerBytes), attributes };
};

/** The value of a XOR-…-ADDRESS attribute. */
export const encodeEndpoint = ({ address, port }: Endpoint, transactionId: Buffer): Buffer => {
  const value = Buffer.alloc(4);
  value.writeUInt8(address.length === 4 ? 1 : 2, 1);
  value.writeUInt16BE(port ^ (magicCookie >>> 16), 2);
  return Buffer.concat([value, masked(address, transactionId)]);
};

/** Reads the value of a XOR-…-ADDRESS attribute. */
export const decodeEndpoint = (value: Buffer, transactionId: Buffer): Endpoint => ({
  address: masked(value.subarray(4), transactionId),
  port: value.readUInt16BE(2) ^ (magicCookie >>> 16),
});

const masked = (address: Buffer, transactionId: Buffer): Buffer => {
  const mask = Buffer.concat([Buffer.from([0x21, 0x12, 0xa4, 0x42]), transactionId]);
  return Buffer.from(address.map((byte, index) => byte ^ (mask[index] ?? 0)));
};

const header = (type: number, length: number, transactionId: Buffer): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(length, 2);
  bytes.writeUInt32BE(magicCookie, 4);
  return Buffer.concat([bytes, transactionId]);
};

const encodeAttribute = (number: number, value: Buffer): Buffer => {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(number, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
};

const fingerprintOf = (message: Buffer): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE((crc32(message) ^ 0x5354554e) >>> 0);
  return bytes;
};

const padded = (length: number): number => (length + 3) & ~3;
