import helmet from 'koa-helmet';
import type { Config } from '../config.ts';
import type { RequestContext, Step } from './context.ts';

/**
 * Headers that suit an API and the pages of the gallery alike: scripts, styles and connections of this server only, nothing inline.
 * What other pages may load, such as the widget's files, lifts `Cross-Origin-Resource-Policy` itself.
 */
export const securityHeaders = (config: Pick<Config, 'publicUrl'>): Step => {
  const https = config.publicUrl?.startsWith('https:') === true;
  const set = helmet({
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'sameorigin' },
  }) as Step;
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', contentSecurityPolicy(ctx));
    await set(ctx, next);
  };
};

// `'self'` does not cover sockets in every browser, so the server's own socket URL is named.
const contentSecurityPolicy = (ctx: RequestContext): string =>
  [
    `default-src 'self'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self' data: blob:`,
    `connect-src 'self' ${new URL(ctx.state.baseUrl).origin.replace(/^http/, 'ws')}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'self'`,
  ].join('; ');
