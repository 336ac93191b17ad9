import koaCors from '@koa/cors';
import { Problem } from '../problem.ts';
import type { Config } from '../config.ts';
import type { RequestContext, Step } from './context.ts';
import { normaliseOrigin, siteAllowsOrigin } from './origin.ts';
import type { Sites } from './sites.ts';

/**
 * Lets pages of the server's own origin, and of those that some site allows, read what the API answers, refusals included: they must be able to see
 * why, and when to try again. Comes first; `refuseOtherOrigins` narrows it down once the site is known. A preflight names no site, so it ends here.
 */
export const answerOrigins = (sites: Sites): Step =>
  koaCors({
    origin: async (ctx) => {
      const normal = normaliseOrigin(ctx.get('Origin'));
      if (normal === undefined) return '';
      return isOwn(ctx.state as RequestContext['state'], normal) || (await sites.anyAllows(normal))
        ? ctx.get('Origin')
        : '';
    },
    credentials: true,
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['Authorization', 'Content-Type', 'TeaTime-Site', 'TeaTime-Client', 'X-Request-Id'],
    exposeHeaders: ['Retry-After', 'X-Request-Id', 'Date'],
    maxAge: 600,
  }) as unknown as Step;

/** Refuses pages of origins that the site does not allow, whether or not their browser would ask first. Requests without an `Origin` are not a page's. */
export const refuseOtherOrigins = (config: Pick<Config, 'demo'>): Step => {
  return async (ctx, next) => {
    const origin = ctx.get('Origin');
    if (origin !== '' && !isWelcome(ctx as RequestContext, origin, config)) {
      ctx.remove('Access-Control-Allow-Origin');
      ctx.remove('Access-Control-Allow-Credentials');
      const named = normaliseOrigin(origin) ?? 'of the page';
      throw new Problem(
        'origin_not_allowed',
        `unable to take the request; origin ${named} is not allowed for site ${ctx.state.site?.key}`,
      );
    }
    await next();
  };
};

const isWelcome = ({ state }: RequestContext, origin: string, config: Pick<Config, 'demo'>): boolean => {
  const normal = normaliseOrigin(origin);
  if (normal === undefined) return false;
  return isOwn(state, normal) || (state.site !== undefined && siteAllowsOrigin(state.site, normal, config));
};

const isOwn = (state: RequestContext['state'], origin: string): boolean => origin === new URL(state.baseUrl).origin;
