import type Koa from 'koa';
import type { AuditNote, Site } from '../feature.ts';
import type { KnownServerKey } from './server-keys.ts';
import type { Problem } from '../problem.ts';
import type { VerifiedToken } from '../tokens.ts';

/** What the middleware of one request tell each other. */
export interface RequestState {
  requestId: string;
  /** The address that limits count for: the peer's, or what trusted proxies say. */
  ip: string;
  /** The URL that the client reached this server by, without a slash at the end. */
  baseUrl: string;
  /** The pattern of the route, for logs and metrics: never ids, never a query. */
  route: string;
  /** The code of the problem that was answered with. */
  problem?: string;
  token?: VerifiedToken;
  serverKey?: KnownServerKey;
  /** Why the access token or server key that was sent is none. */
  tokenProblem?: Problem;
  site?: Site;
  /** What the audit log is to say of the request. */
  note?: AuditNote;
}

/** A request on its way through the app. */
export type RequestContext = Koa.ParameterizedContext<RequestState>;

/** A step on that way. */
export type Step = Koa.Middleware<RequestState>;
