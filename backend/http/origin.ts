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
  const bare = url.pathname === '/' && !/[?#@]/.test(text) && url.username === '' && url.password === '';
  return bare ? url.origin : undefined;
};

/** Whether a page of this origin may embed the site: listed exactly, or on this very machine while the server shows its demo. */
export const siteAllowsOrigin = (
  site: Pick<Site, 'allowedOrigins'>,
  origin: string,
  config: Pick<Config, 'demo'>,
): boolean => {
  const normal = normaliseOrigin(origin);
  if (normal === undefined) return false;
  if (config.demo && isLocalhost(new URL(normal).hostname)) return true;
  return site.allowedOrigins.some((allowed) => normaliseOrigin(allowed) === normal);
};

/** True for the names and addresses of the machine itself. */
export const isLocalhost = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(?:\.\d{1,3}){3}$/.test(hostname);
