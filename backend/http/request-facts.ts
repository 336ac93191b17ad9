import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { uuidv7 } from 'uuidv7';
import type { Config } from '../config.ts';
import { Problem } from '../problem.ts';

/** The id that a client or proxy gave a request when it is harmless to log, or a new one. */
export const requestIdOf = (header: string): string => (/^[A-Za-z0-9._-]{1,64}$/.test(header) ? header : uuidv7());

/**
 * Whom a request came from. Each trusted proxy appends the address that it saw to `X-Forwarded-For`, so only that many entries from the right are
 * believed; with none trusted the header means nothing.
 */
export const addressOf = (request: IncomingMessage, trustedProxies: number): string => {
  const peer = plain(request.socket.remoteAddress ?? '');
  if (trustedProxies === 0) return peer;
  const seen = String(request.headers['x-forwarded-for'] ?? '').split(',');
  const claimed = plain((seen.at(-trustedProxies) ?? '').trim());
  return isIP(claimed) === 0 ? peer : claimed;
};

/** What limits count an address as: IPv6 networks hand out /64s, so those count as one. */
export const addressKey = (address: string): string => {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head.split(':').filter((part) => part !== '');
  const right = tail === undefined ? [] : tail.split(':').filter((part) => part !== '');
  const groups =
    tail === undefined
      ? left
      : [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  return groups.slice(0, 4).join(':');
};

/** True when the peer is this machine and no proxy stands between. */
export const isLoopback = (request: IncomingMessage): boolean => {
  const peer = plain(request.socket.remoteAddress ?? '');
  const proxied = request.headers['x-forwarded-for'] ?? request.headers.forwarded ?? request.headers['x-real-ip'];
  return proxied === undefined && (peer === '::1' || peer.startsWith('127.'));
};

/** The URL that the client reached this server by: the configured one, or what its `Host` header says, which must look like one. */
export const baseUrlOf = (request: IncomingMessage, config: Pick<Config, 'publicUrl' | 'trustedProxies'>): string => {
  if (config.publicUrl !== undefined) return config.publicUrl;
  const host = request.headers.host ?? '';
  if (!/^(?:[a-z0-9](?:[a-z0-9.-]{0,252})|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host)) {
    throw new Problem('validation_failed', 'unable to take the request; its Host header is not a host');
  }
  const forwarded = config.trustedProxies > 0 && request.headers['x-forwarded-proto'] === 'https';
  return `${forwarded ? 'https' : 'http'}://${host.toLowerCase()}`;
};

/** An IPv4 address that a dual-stack socket reports as IPv6, as IPv4. */
const plain = (address: string): string =>
  address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
