import helmet from 'koa-helmet';
import type { Config, FilesConfig } from '../config.ts';
import type { RequestContext, Step } from './context.ts';

/**
 * Headers that suit an API and the pages of the gallery alike: scripts, styles and connections of this server only, nothing inline.
 * What other pages may load, such as the widget's files, lifts `Cross-Origin-Resource-Policy` itself.
 */
export const securityHeaders = (config: Pick<Config, 'publicUrl' | 'files'>): Step => {
  const storage = storageOrigins(config.files);
  const https = config.publicUrl?.startsWith('https:') === true;
  const set = helmet({
    contentSecurityPolicy: false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    xFrameOptions: { action: 'sameorigin' },
  }) as Step;
  return async (ctx, next) => {
    const policy = strictExample.test(ctx.path) ? strictPolicy : contentSecurityPolicy;
    ctx.set('Content-Security-Policy', ctx.path.startsWith('/account/') ? accountPolicy : policy(ctx, storage));
    await set(ctx, next);
  };
};

// `'self'` does not cover sockets in every browser, so the server's own socket URL is named.
const contentSecurityPolicy = (ctx: RequestContext, storage: string): string =>
  [
    `default-src 'self'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self' data: blob:${storage}`,
    // What has been picked or recorded is shown before it is sent.
    `media-src 'self' blob:${storage}`,
    `connect-src 'self' ${socketOrigin(ctx)}${storage}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'self'`,
  ].join('; ');

// The example that shows the strictest policy under which everything in the chat works, for sites to copy.
const strictExample = /^\/(?:examples\/)?strict-csp\//;
const strictPolicy = (ctx: RequestContext, storage: string): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self' blob:${storage}`,
    `media-src 'self' blob:${storage}`,
    `connect-src 'self' ${socketOrigin(ctx)}${storage}`,
    `require-trusted-types-for 'script'`,
    `trusted-types lit-html`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');

// Pages that passwords are typed into: no other page may frame them, no form goes anywhere, no text becomes markup.
const accountPolicy = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self'`,
  `connect-src 'self'`,
  `require-trusted-types-for 'script'`,
  `trusted-types 'none'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const socketOrigin = (ctx: RequestContext): string => new URL(ctx.state.baseUrl).origin.replace(/^http/, 'ws');

/** Where files come from and go to, when that is not this server by its own name; each with a space before it. */
const storageOrigins = ({ url, storage }: FilesConfig): string => {
  const origins = new Set<string>();
  if (url !== undefined) origins.add(new URL(url).origin);
  if (storage.kind === 's3') {
    const service = new URL(storage.endpoint ?? `https://s3.${storage.region}.amazonaws.com`);
    origins.add(service.origin);
    if (!storage.pathStyle) origins.add(`${service.protocol}//${storage.bucket}.${service.host}`);
  }
  return [...origins].map((origin) => ` ${origin}`).join('');
};
