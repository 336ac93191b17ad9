import type { RequestContext } from './context.ts';

/** The refresh token that the request's cookie for this site holds. */
export const readRefreshCookie = (ctx: RequestContext, siteKey: string): string | undefined => {
  const name = cookieName(ctx, siteKey);
  for (const pair of ctx.get('Cookie').split(';')) {
    const at = pair.indexOf('=');
    if (at !== -1 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
};

/**
 * Sets or, without a value, clears the refresh cookie. Over https it is `__Host-`, SameSite=None and Partitioned, so that it works in pages of other sites
 * without following people from one to the next (RFC 6265bis; CHIPS). Without https, which browsers allow on localhost only, it is Lax.
 */
export const writeRefreshCookie = (
  ctx: RequestContext,
  siteKey: string,
  value: string | undefined,
  maxAgeSeconds = 0,
): void => {
  const place = isHttps(ctx) ? 'Secure; SameSite=None; Partitioned' : 'SameSite=Lax';
  const life = value === undefined ? 0 : maxAgeSeconds;
  ctx.append('Set-Cookie', `${cookieName(ctx, siteKey)}=${value ?? ''}; Path=/; HttpOnly; ${place}; Max-Age=${life}`);
};

const isHttps = (ctx: RequestContext): boolean => ctx.state.baseUrl.startsWith('https:');
const cookieName = (ctx: RequestContext, siteKey: string): string =>
  `${isHttps(ctx) ? '__Host-' : ''}teatime-${siteKey}`;
