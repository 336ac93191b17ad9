import Koa from 'koa';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { databaseProblem } from '../database/database-problem.ts';
import { acrossSites } from '../database/wall.ts';
import type { Feature } from '../feature.ts';
import type { HubServer } from '../hub/hub.ts';
import type { Storage } from '../storage/storage.ts';
import type { Tokens } from '../tokens.ts';
import { findSite, readToken } from './authenticate.ts';
import { readBot } from './bot-requests.ts';
import type { RequestState, Step } from './context.ts';
import { answerOrigins, refuseOtherOrigins } from './cors.ts';
import { mountRoutes } from './mount.ts';
import { createObservation } from './observe.ts';
import { openPaths } from './open-paths.ts';
import { apiPrefix } from './openapi.ts';
import { answerProblems } from './problems.ts';
import { publicFiles } from './public-files.ts';
import { refuseTokensInUrl } from './query.ts';
import { createLimit } from './rate-limits.ts';
import { addressKey, addressOf, baseUrlOf, requestIdOf } from './request-facts.ts';
import { securityHeaders } from './security-headers.ts';
import { readServerKey } from './server-keys.ts';
import { serviceRoutes } from './service-routes.ts';
import { createSites } from './sites.ts';

/** What the app is made of. */
export interface AppParts {
  readonly config: Config;
  readonly db: Database;
  readonly hub: HubServer;
  readonly log: Logger;
  readonly tokens: Tokens;
  readonly storage: Storage;
  readonly features: readonly Feature[];
  readonly state: { ready(): true | string };
}

/** Everything that answers HTTP: the API, the widget's files, the gallery, health and metrics. Throws when an endpoint lacks its handler. */
export const createApp = ({ config, db, hub, log, tokens, storage, features, state }: AppParts): Koa<RequestState> => {
  const app = new Koa<RequestState>();
  const sites = createSites(db, config);
  const { step: observe, registry } = createObservation(log, hub);
  const router = mountRoutes(
    features.flatMap((feature) => feature.routes),
    config,
    db,
  );

  app.use(startState(config));
  app.use(observe);
  app.use(answerProblems(log, databaseProblem));
  app.use(lookAtUrl(config));
  app.use(securityHeaders(config));
  app.use(serviceRoutes(config, registry, state.ready));
  for (const serve of publicFiles(config)) app.use(outsideApi(serve as Step));
  const limitAddress = limitAddresses(config);
  for (const step of openPaths([limitAddress, ...stepsBeside(storage, features)])) app.use(step);
  app.use(answerOrigins(sites));
  app.use(limitAddress);
  for (const step of readToken(tokens)) app.use(step);
  app.use(readServerKey(db));
  app.use(readBot(db));
  app.use(findSite(sites));
  app.use(refuseOtherOrigins(config));
  app.use(router.routes() as unknown as Step);
  // A client that goes away in the middle of an answer is nobody's fault.
  app.on('error', (error: unknown) =>
    log.debug({ reason: error instanceof Error ? error.message : '' }, 'an answer was cut off'),
  );
  return app;
};

// Whoever knows their addresses may use them, of whatever site they are.
const stepsBeside = (storage: Storage, features: readonly Feature[]): readonly Step[] =>
  [storage.serve, ...features.flatMap((feature) => feature.steps ?? [])]
    .filter((step) => step !== undefined)
    .map(
      (step): Step =>
        (ctx, next) =>
          acrossSites(() => (step as Step)(ctx, next)),
    );

const startState = (config: Config): Step => {
  return async (ctx, next) => {
    ctx.state.requestId = requestIdOf(ctx.get('X-Request-Id'));
    ctx.state.ip = addressOf(ctx.req, config.trustedProxies);
    ctx.state.route = 'other';
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
  };
};

const lookAtUrl = (config: Config): Step => {
  return async (ctx, next) => {
    refuseTokensInUrl(ctx.url);
    ctx.state.baseUrl = baseUrlOf(ctx.req, config);
    await next();
  };
};

const outsideApi =
  (step: Step): Step =>
  (ctx, next) =>
    ctx.path.startsWith(`${apiPrefix}/`) ? next() : step(ctx, next);

const limitAddresses = (config: Config): Step => {
  const limit = createLimit(config.limits.requestsPerMinutePerAddress, 60);
  return async (ctx, next) => {
    await limit(addressKey(ctx.state.ip));
    await next();
  };
};
