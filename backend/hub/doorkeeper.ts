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

/** An upgrade that is answered with an HTTP error. */
export type Refusal = Exclude<UpgradeAnswer<never>, { readonly accept: never }>;

/** Decides which sockets may open, and counts those that have not signed in yet. */
export interface Doorkeeper {
  check(request: UpgradeRequest): Promise<UpgradeAnswer<Visitor>>;
  /** The address that a request comes from, or why nobody from there is let in now. */
  screen(request: UpgradeRequest): Refusal | { readonly address: string };
  /** Whether the page that opens the socket may, at this site. */
  mayCome(request: UpgradeRequest, siteKey: string): Promise<boolean>;
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

  const screen: Doorkeeper['screen'] = (request) => {
    if (!open) return { status: 503, message: 'the server is going down; connect again', retryAfterSeconds: 1 };
    const address = addressKey(addressOf(request, config.trustedProxies));
    if ((strangers.get(address) ?? 0) < most) return { address };
    return { status: 429, message: 'too many sockets of this address have not signed in', retryAfterSeconds: 5 };
  };
  const mayCome: Doorkeeper['mayCome'] = async (request, siteKey) => {
    const origin = originOf(request);
    if (request.origin === undefined || isOwn(origin, request, config)) return true;
    return origin !== undefined && (await data.siteAllows(siteKey, origin));
  };

  return {
    screen,
    mayCome,
    async check(request) {
      const screened = screen(request);
      if ('status' in screened) return screened;
      // Anything else in the query might be a credential, and URLs end up in logs.
      const query = new URLSearchParams(request.query);
      const keys = [...query.keys()];
      if (keys.some((key) => key !== 'site') || keys.length > 1) {
        return { status: 400, message: 'only the parameter site is taken; tokens go into the first frame' };
      }
      const siteKey = query.get('site') ?? 'default';
      if (!(await mayCome(request, siteKey))) return foreignOrigin;
      const origin = originOf(request);
      const doorway = { siteKey, origin: isOwn(origin, request, config) ? undefined : origin };
      return { accept: { doorway, address: screened.address } };
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

/** The answer to a page of an origin that the site does not know. */
export const foreignOrigin: Refusal = { status: 403, message: 'this origin may not open sockets of the site' };

const originOf = ({ origin }: UpgradeRequest): string | undefined =>
  origin === undefined ? undefined : normaliseOrigin(origin);

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
