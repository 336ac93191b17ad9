import jwt from 'koa-jwt';
import { inSite } from '../database/wall.ts';
import { notFound, Problem } from '../problem.ts';
import { accessTokenRules, tokenExpired, tokenInvalid, type Tokens } from '../tokens.ts';
import type { Step } from './context.ts';
import { apiPrefix } from './openapi.ts';
import type { Sites } from './sites.ts';

interface Verified {
  /** The claims, where koa-jwt leaves them. */
  claims?: unknown;
  jwtOriginalError?: Error;
}

/** Checks the access token of a request that carries one. What is wrong with it is told only to endpoints that need one. */
export const readToken = (tokens: Tokens): Step[] => {
  const { algorithm, issuer, audience } = accessTokenRules;
  const verify = jwt({
    // A key object: given a string, each check would derive the key again.
    secret: tokens.key as unknown as Buffer,
    algorithms: [algorithm],
    issuer,
    audience,
    key: 'claims',
    passthrough: true,
  }) as unknown as Step;
  // What server keys and tokens of bots begin with no other token does; they are read elsewhere.
  const skipWithoutToken: Step = (ctx, next) =>
    /^(?:$|Bearer +tt[bs]_)/i.test(ctx.get('Authorization')) ? next() : verify(ctx, next);

  const translate: Step = async (ctx, next) => {
    const { claims, jwtOriginalError: error } = ctx.state as Verified;
    if (error) ctx.state.tokenProblem = error.name === 'TokenExpiredError' ? tokenExpired() : tokenInvalid();
    else if (claims !== undefined) {
      try {
        ctx.state.token = tokens.read(claims);
      } catch (problem) {
        ctx.state.tokenProblem = problem instanceof Problem ? problem : tokenInvalid();
      }
    }
    await next();
  };
  return [skipWithoutToken, translate];
};

/**
 * Finds the site of a request: the token's or the server key's, or the one that the `TeaTime-Site` header names, which must not contradict them. What
 * comes after sees nothing of others in the database.
 */
export const findSite = (sites: Sites): Step => {
  return async (ctx, next) => {
    // A preflight carries neither header nor token.
    if (ctx.method === 'OPTIONS') return next();
    const named = ctx.get('TeaTime-Site');
    const { token, serverKey } = ctx.state;
    const siteId = token?.siteId ?? serverKey?.siteId;
    const site = siteId === undefined ? await sites.byKey(named || 'default') : await sites.byId(siteId);
    if (!site) throw siteId === undefined ? notFound('site') : tokenInvalid();
    if (named !== '' && named !== site.key) {
      throw new Problem(
        'forbidden',
        `unable to take the request; the ${token ? 'access token' : 'server key'} is for another site than the TeaTime-Site header names`,
      );
    }
    if (!site.enabled) {
      // Sessions are over for as long as that, which a client that refreshes one understands by 401 alone.
      const code = ctx.path === `${apiPrefix}/auth/refresh` ? 'unauthorized' : 'forbidden';
      throw new Problem(code, 'unable to take the request; the site is switched off');
    }
    ctx.state.site = site;
    return inSite(site.id, next);
  };
};
