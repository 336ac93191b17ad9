import { getDomain } from 'tldts';
import type { Config } from '../config.ts';
import type { Site } from '../feature.ts';

/**
 * An origin as browsers write it (`scheme://host[:port]`, host in lower case and ASCII, no default port; RFC 6454 §6.1),
 * or `undefined` for anything that is not the origin of a web page, such as `null`.
 */
export const normaliseOrigin = (text: string): string | undefined => {
  if (text.length > 300 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
  const bare = url.pathname === '/' && !/[?#@*]/.test(text) && url.username === '' && url.password === '';
  return bare ? url.origin : undefined;
};

const wildcard = /^(https?:\/\/)\*\.(?=[^*]+$)/i;

/**
 * What a site may list: an origin, or one whose first label is `*`, which stands for any single label (`https://*.example.com`). There is none right
 * under a public suffix (https://publicsuffix.org), where anybody can have a name: neither `https://*.co.uk` nor `https://*.github.io`.
 */
export const normaliseAllowedOrigin = (text: string): string | undefined => {
  if (!wildcard.test(text)) return normaliseOrigin(text);
  const parent = normaliseOrigin(text.replace(wildcard, '$1'));
  if (parent === undefined) return undefined;
  const { protocol, hostname, host } = new URL(parent);
  const isOnesOwn = !hostname.endsWith('.') && getDomain(hostname, { allowPrivateDomains: true }) !== null;
  return isOnesOwn ? `${protocol}//*.${host}` : undefined;
};

/** The entry with a wildcard that a normal origin would be allowed by: its first label, whatever it is, replaced. */
export const wildcardOf = (origin: string): string => origin.replace(/^(https?:\/\/)[^.]+\./, '$1*.');

/** Whether a page of this origin may embed the site: listed, or on this very machine while the server shows its demo. */
export const siteAllowsOrigin = (
  site: Pick<Site, 'allowedOrigins'>,
  origin: string,
  config: Pick<Config, 'demo'>,
): boolean => {
  const normal = normaliseOrigin(origin);
  if (normal === undefined) return false;
  if (config.demo && isLocalhost(new URL(normal).hostname)) return true;
  const family = wildcardOf(normal);
  return site.allowedOrigins.some((allowed) => {
    const listed = normaliseAllowedOrigin(allowed);
    return listed !== undefined && (listed === normal || (listed === family && listed.includes('*')));
  });
};

/** True for the names and addresses of the machine itself. */
export const isLocalhost = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname);
