import type { Setting } from './attributes.ts';
import { featureNames, siteFeatures, type Feature } from './context.ts';
import type { Failure } from './model/types.ts';
import type { ChatKey } from './shared-chats.ts';
import type { TeatimeChat } from './teatime-chat.ts';

/** Settings that make another chat of it. */
export const identity: ReadonlySet<Setting> = new Set([
  'server',
  'site',
  'token',
  'tokenUrl',
  'tokenProvider',
  'offlineStorage',
  'storageConsent',
]);

/** Which chat the settings mean; `undefined` when the server is not an address that a browser can talk to. */
export function chatKeyOf(host: TeatimeChat, scriptUrl: string): ChatKey | undefined {
  const { tokenProvider, tokenUrl, token } = host;
  const source = tokenProvider ? { tokenProvider } : tokenUrl ? { tokenUrl } : token ? { token } : undefined;
  const storage = host.storageConsent === 'pending' ? 'none' : host.offlineStorage;
  const address = host.server || new URL('.', scriptUrl).href;
  if (!URL.canParse(address, document.baseURI)) return undefined;
  const url = new URL(address, document.baseURI);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  return {
    server: url.origin + url.pathname.replace(/\/+$/, ''),
    site: host.site || 'default',
    storage,
    source,
    iceServers: () => host.iceServers,
  };
}

/** Everything is on but what the page takes away, as `-groups -typing`, what the site does not have, and calls where the browser has no WebRTC. */
export function featuresOf(list: string, ofSite?: readonly string[]): ReadonlySet<Feature> {
  const off = new Set(
    list
      .split(/\s+/)
      .filter((word) => word.startsWith('-'))
      .map((word) => word.slice(1)),
  );
  if (!('RTCPeerConnection' in window)) off.add('calls');
  return new Set(
    featureNames.filter((name, place) => !off.has(name) && !(ofSite && place < siteFeatures && !ofSite.includes(name))),
  );
}

/** Trying the same again later may work. */
export function isRetryable(code: Failure['code']): boolean {
  return ['network', 'timeout', 'rate_limited', 'internal', 'draining', 'dependency_unavailable'].includes(code);
}

/** What the page's developer can do about a failure; empty when there is nothing. */
export function hintFor(code: Failure['code']): string {
  switch (code) {
    case 'network':
      return 'Is the chat server running, and does the Content-Security-Policy of the page allow connections to it?';
    case 'origin_not_allowed':
      return 'Add the origin of this page to the allowed origins of the site on the chat server.';
    case 'unauthorized':
    case 'token_expired':
    case 'token_invalid':
    case 'token_replayed':
      return 'Hand out a fresh token by token-url or tokenProvider.';
    default:
      return '';
  }
}
