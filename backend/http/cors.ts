import koaCors from '@koa/cors';
import type { Config } from '../config.ts';
import { Problem } from '../problem.ts';
import type { RequestContext, Step } from './context.ts';
import { normaliseOrigin, siteAllowsOrigin } from './origin.ts';
import type { Sites } from './sites.ts';

/**
 * Lets pages of a site's allowed origins, and the server's own, use the API; every other page is refused, whether or not its browser would ask first.
 * Requests without an `Origin` are not a page's. Comes after `findSite`.
 */
export const allowOrigins = (config: Pick<Config, 'demo'>, sites: Sites): Step[] => {
  const isAllowed = async (ctx: RequestContext): Promise<boolean> => {
    const origin = ctx.get('Origin');
    const normal = normaliseOrigin(origin);
    if (normal === undefined) return false;
    if (normal === new URL(ctx.state.baseUrl).origin) return true;
    return ctx.state.site ? siteAllowsOrigin(ctx.state.site, normal, config) : sites.anyAllows(normal);
  };
  const headers = koaCors({
    origin: async (ctx) => ((await isAllowed(ctx as unknown as RequestContext)) ? ctx.get('Origin') : ''),
    credentials: true,
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'TeaTime-Site', 'TeaTime-Client', 'X-Request-Id'],
    exposeHeaders: ['Retry-After', 'X-Request-Id'],
    maxAge: 600,
  }) as unknown as Step;

  const refuseOthers: Step = async (ctx, next) => {
    if (ctx.get('Origin') !== '' && !(await isAllowed(ctx as RequestContext))) {
      throw new Problem(
        'origin_not_allowed',
        `unable to take the request; pages of this origin may not use the site ${ctx.state.site?.key ?? ''}`.trimEnd(),
      );
    }
    await next();
  };
  return [headers, refuseOthers];
};
