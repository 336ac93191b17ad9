import type { Config } from '../config.ts';
import { isLocalhost, normaliseOrigin } from '../http/origin.ts';
import { addressKey } from '../http/request-facts.ts';
import type { Doorway, HubData } from './data.ts';
import type { UpgradeAnswer, UpgradeRequest } from './transport.ts';

/** A socket that was let in, before it says who it is. */
export interface Visitor {
  readonly doorway: Doorway;
  readonly address: string;
}

/** Decides which sockets may open, and counts those that have not signed in yet. */
export interface Doorkeeper {
  check(request: UpgradeRequest): Promise<UpgradeAnswer<Visitor>>;
  /** Counts a socket in; false when its address has too many already. */
  enter(address: string): boolean;
  /** The socket has signed in or is gone. */
  leave(address: string): void;
  /** From now on nobody is let in. */
  shut(): void;
}

/** Makes the doorkeeper of a hub. */
export const createDoorkeeper = (config: Config, data: Pick<HubData, 'siteAllows'>): Doorkeeper => {
  const strangers = new Map<string, number>();
  const most = config.limits.unauthenticatedSocketsPerAddress;
  let open = true;

  return {
    async check(request) {
      if (!open) return { status: 503, message: 'the server is going down; connect again', retryAfterSeconds: 1 };
      // Anything else in the query might be a credential, and URLs end up in logs.
      const query = new URLSearchParams(request.query);
      const keys = [...query.keys()];
      if (keys.some((key) => key !== 'site') || keys.length > 1) {
        return { status: 400, message: 'only the parameter site is taken; tokens go into the first frame' };
      }
      const siteKey = query.get('site') ?? 'default';
      const address = addressKey(addressOf(request, config.trustedProxies));
      if ((strangers.get(address) ?? 0) >= most) {
        return { status: 429, message: 'too many sockets of this address have not signed in', retryAfterSeconds: 5 };
      }
      const origin = request.origin === undefined ? undefined : normaliseOrigin(request.origin);
      if (request.origin === undefined || isOwn(origin, request, config)) {
        return { accept: { doorway: { siteKey, origin: undefined }, address } };
      }
      if (origin === undefined || !(await data.siteAllows(siteKey, origin))) {
        return { status: 403, message: 'this origin may not open sockets of the site' };
      }
      return { accept: { doorway: { siteKey, origin }, address } };
    },
    enter(address) {
      const count = (strangers.get(address) ?? 0) + 1;
      if (count > most) return false;
      strangers.set(address, count);
      return true;
    },
    leave(address) {
      const count = (strangers.get(address) ?? 0) - 1;
      if (count > 0) strangers.set(address, count);
      else strangers.delete(address);
    },
    shut: () => void (open = false),
  };
};

/** A page of the server itself, or of this machine while the demo is shown. */
const isOwn = (origin: string | undefined, request: UpgradeRequest, config: Config): boolean => {
  if (origin === undefined) return false;
  if (config.demo && isLocalhost(new URL(origin).hostname)) return true;
  if (config.publicUrl !== undefined) return origin === new URL(config.publicUrl).origin;
  const scheme = (config.trustedProxies > 0 && request.forwardedProto?.split(',')[0]?.trim()) || 'http';
  return origin === normaliseOrigin(`${scheme}://${request.host}`);
};

/**
 * The address of the client. Our own public listener comes from a loopback address and adds the address that it saw, so it counts as one more
 * trusted proxy; a proxy on this machine that goes straight to the hub stands in its place and must not be counted in `trustedProxies`.
 */
const addressOf = (request: UpgradeRequest, trustedProxies: number): string => {
  const peer = unmapped(request.peer);
  const hops = trustedProxies + (isLoopback(peer) ? 1 : 0);
  const chain = [...(request.forwardedFor?.split(',').map((hop) => hop.trim()) ?? []), peer];
  return chain[Math.max(0, chain.length - 1 - hops)] || peer;
};

const isLoopback = (address: string): boolean => /^(?:127\.|(?:0*:)+0*1$)/.test(address);

/** An IPv4 address that a dual-stack listener shows in IPv6 form (RFC 4291 §2.5.5.2), in its own form. */
const unmapped = (address: string): string => {
  const match = /^(?:0*:)+ffff:(?:([\d.]+)|([\da-f]{1,4}):([\da-f]{1,4}))$/i.exec(address);
  if (!match) return address;
  if (match[1] !== undefined) return match[1];
  const [high, low] = [parseInt(match[2] ?? '0', 16), parseInt(match[3] ?? '0', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
};
