import { timingSafeEqual } from 'node:crypto';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { Problem } from '../problem.ts';
import type { RequestContext, Step } from './context.ts';
import { isLoopback } from './request-facts.ts';

/** `/healthz` (the process lives), `/readyz` (it can serve) and `/metrics` (for who holds the token, or this machine). */
export const serviceRoutes = (
  config: Pick<Config, 'metricsToken'>,
  registry: Registry,
  ready: () => true | string,
): Step => {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    switch (ctx.path) {
      case '/healthz':
        return answer(ctx, 200, { status: 'ok' });
      case '/readyz': {
        const isReady = ready() === true;
        if (!isReady) ctx.set('Retry-After', '1');
        return answer(ctx, isReady ? 200 : 503, { status: isReady ? 'ready' : 'not ready' });
      }
      case '/metrics': {
        if (!mayRead(ctx, config.metricsToken))
          throw new Problem('forbidden', 'unable to show the metrics; they are not for everybody');
        ctx.set('Cache-Control', 'no-store');
        ctx.type = registry.contentType;
        ctx.body = await registry.metrics();
        return undefined;
      }
      default:
        return next();
    }
  };
};

const answer = (ctx: RequestContext, status: number, body: { status: string }): void => {
  ctx.set('Cache-Control', 'no-store');
  ctx.status = status;
  ctx.body = body;
};

const mayRead = (ctx: RequestContext, token: string | undefined): boolean => {
  if (token === undefined) return isLoopback(ctx.req);
  const given = Buffer.from(ctx.get('Authorization'));
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};
