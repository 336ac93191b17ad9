import Router from '@koa/router';
import type { z } from 'zod';
import type { EndpointSpec } from '../../protocol/contract.ts';
import { endpoints, type RouteKey } from '../../protocol/index.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { JsonText, refuseKind, type Route, type RouteRequest, type Session, type Site } from '../feature.ts';
import { Problem, type Issue } from '../problem.ts';
import type { RequestContext, RequestState } from './context.ts';
import { readJsonBody } from './json-body.ts';
import { apiPrefix } from './openapi.ts';
import { readQuery } from './query.ts';
import { createLimit, type Limit } from './rate-limits.ts';
import { readRefreshCookie, writeRefreshCookie } from './refresh-cookie.ts';
import { addressKey } from './request-facts.ts';
import { requireScope, type KnownServerKey } from './server-keys.ts';
import { createServerDoor } from './server-requests.ts';

/** Mounts every endpoint of the protocol's list; throws unless each has exactly one handler. */
export const mountRoutes = (
  routes: readonly Route[],
  config: Pick<Config, 'limits'>,
  db: Database,
): Router<RequestState> => {
  const handlers = handlersByKey(routes);
  const router = new Router<RequestState>({ prefix: apiPrefix });
  const limits: Readonly<Record<'session' | 'server' | 'address', Limit>> = {
    session: createLimit(config.limits.requestsPerMinute, 60),
    server: createLimit(config.limits.serverKeyRequestsPerMinute, 60),
    address: createLimit(config.limits.anonymousRequestsPerMinute, 60),
  };
  const throughServerDoor = createServerDoor(db);

  for (const [key, spec] of specs) {
    const handle = handlers.get(key)?.handle;
    const [method = '', path = ''] = key.split(' ');
    if (!handle) continue;
    router.register(path, [method], async (context) => {
      const ctx = context as unknown as RequestContext & { params: Record<string, string> };
      ctx.state.route = path;
      if (spec.auth === 'server') {
        const read = async () => {
          const request = await readRequest(ctx, spec, limits);
          return () => handle(request);
        };
        return throughServerDoor(ctx, { act: key, key: serverKeyOf(ctx), params: ctx.params, handle: read });
      }
      const reply = await handle(await readRequest(ctx, spec, limits));
      ctx.status = reply.status;
      if (reply.body instanceof JsonText) {
        ctx.type = 'application/json; charset=utf-8';
        ctx.body = reply.body.text;
      } else ctx.body = reply.body;
      ctx.set('Cache-Control', 'no-store');
      return undefined;
    });
  }
  return router;
};

const specs = Object.entries(endpoints) as unknown as readonly [RouteKey, EndpointSpec][];

const handlersByKey = (routes: readonly Route[]): ReadonlyMap<RouteKey, Route> => {
  const handlers = new Map<RouteKey, Route>();
  const faults: string[] = [];
  for (const route of routes) {
    if (!(route.key in endpoints)) faults.push(`${route.key} is not in the protocol`);
    if (handlers.has(route.key)) faults.push(`${route.key} has two handlers`);
    handlers.set(route.key, route);
  }
  for (const [key] of specs) if (!handlers.has(key)) faults.push(`${key} has no handler`);
  if (faults.length > 0) throw new Error(`unable to mount the API; ${faults.join('; ')}`);
  return handlers;
};

const readRequest = async (
  ctx: RequestContext & { params: Record<string, string> },
  spec: EndpointSpec,
  limits: Readonly<Record<'session' | 'server' | 'address', Limit>>,
): Promise<RouteRequest<RouteKey>> => {
  const session = spec.auth === 'session' ? sessionOf(ctx) : undefined;
  refuseKind(spec, session);
  const serverKey = spec.auth === 'server' ? serverKeyOf(ctx) : undefined;
  if (serverKey) await limits.server(serverKey.id);
  else if (session) await limits.session(session.userId);
  else await limits.address(addressKey(ctx.state.ip));
  if (serverKey) requireScope(serverKey, spec.scope);
  const site = ctx.state.site as Site;
  const params = check('path', spec.params, ctx.params);
  const query = check('query', spec.query ?? nothing, readQuery(ctx.querystring));
  const body = spec.body ? check('body', spec.body, await readJsonBody(ctx)) : undefined;
  const refreshCookie = spec.auth === 'session' ? undefined : readRefreshCookie(ctx, site.key);
  if (spec.auth === 'refresh' && refreshCookie !== undefined && ctx.get('TeaTime-Client') === '') {
    // A form of another page can send the cookie, but not this header.
    throw new Problem('forbidden', 'unable to take the request; it needs the TeaTime-Client header');
  }
  return {
    params,
    query,
    body,
    session,
    serverKey: serverKey && { id: serverKey.id, name: serverKey.name, scopes: serverKey.scopes },
    site,
    refreshCookie,
    ip: ctx.state.ip,
    baseUrl: ctx.state.baseUrl,
    userAgent: ctx.get('User-Agent').slice(0, 300) || undefined,
    rawBody: (ctx.request as { rawBody?: string }).rawBody ?? '',
    header: (name) => ctx.get(name),
    note: (note) => (ctx.state.note = { ...ctx.state.note, ...note }),
    setRefreshCookie: (value, maxAgeSeconds) => writeRefreshCookie(ctx, site.key, value, maxAgeSeconds),
  } as RouteRequest<RouteKey>;
};

const sessionOf = ({ state }: RequestContext): Session => {
  if (state.token) return state.token;
  throw state.tokenProblem ?? new Problem('unauthorized', 'unable to take the request; it needs an access token');
};

const serverKeyOf = ({ state }: RequestContext): KnownServerKey => {
  if (state.serverKey) return state.serverKey;
  throw state.tokenProblem ?? new Problem('unauthorized', 'unable to take the request; it needs a server key');
};

const nothing = { safeParse: (value: object) => refuseAny(value) };

// An endpoint without a query takes none; other parameters, such as a cache buster, are refused like every unknown field.
const refuseAny = (
  value: object,
): { success: true; data: object } | { success: false; error: { issues: { path: string[]; message: string }[] } } => {
  const names = Object.keys(value);
  if (names.length === 0) return { success: true, data: value };
  return { success: false, error: { issues: names.map((name) => ({ path: [name], message: 'is not known' })) } };
};

const check = (
  where: 'path' | 'query' | 'body',
  schema: z.ZodObject | typeof nothing | undefined,
  value: unknown,
): unknown => {
  if (!schema) return undefined;
  const result = schema.safeParse(value as object);
  if (result.success) return result.data;
  throw new Problem('validation_failed', `unable to take the request; its ${where} is not valid`, {
    issues: issuesOf(result.error.issues),
  });
};

/** What was wrong, field by field: at most 20, in short words. */
const issuesOf = (
  issues: readonly { path: readonly PropertyKey[]; message: string; code?: string; keys?: readonly string[] }[],
): Issue[] =>
  issues
    .flatMap(({ path, message, keys }) =>
      keys ? keys.map((key) => ({ path: [...path, key], message: 'is not known' })) : [{ path, message }],
    )
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.map(String).join('.').slice(0, 100), message: message.slice(0, 200) }));
