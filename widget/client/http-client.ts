import { protocolVersion } from '../../protocol/codes.ts';
import type { BodyInput, Params, QueryInput, ReplyBody } from '../../protocol/contract.ts';
import type { Endpoint, RouteKey } from '../../protocol/index.ts';
import type { Problem } from '../../protocol/service.ts';
import { ChatError, knownCode, type Failure } from './failure.ts';

type Part<Name extends string, T> = unknown extends T
  ? unknown
  : T extends undefined
    ? unknown
    : { readonly [N in Name]: T };
type Query<T> = { readonly [N in keyof T]: string | number | undefined };

/** What a route takes, by its key: `params`, `query` and `body`, as far as the contract names them. */
export type RequestInput<K extends RouteKey> = Part<'params', Params<Endpoint<K>>> &
  Part<'query', unknown extends QueryInput<Endpoint<K>> ? undefined : Query<QueryInput<Endpoint<K>>>> &
  Part<'body', BodyInput<Endpoint<K>>>;

/** How one request goes out. */
export interface RequestOptions {
  readonly token?: string;
  /** When it fires, the request rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** Whether cookies travel; by default as with all requests of the client. */
  readonly credentials?: RequestCredentials;
}

/** REST, typed by route key. */
export interface HttpClient {
  /** Rejects with a ChatError: the server's problem, `network` or `timeout`. */
  send<K extends RouteKey>(key: K, input: RequestInput<K>, options?: RequestOptions): Promise<ReplyBody<Endpoint<K>>>;
}

/** The client marker that cookie-borne requests need (it forces a CORS preflight, so no foreign form can send it). */
const clientMarker = `teatime-chat/${protocolVersion}`;

/** Talks to one server for one site. `credentials` says whether the refresh cookie travels. */
export const createHttpClient = (options: {
  readonly server: string;
  readonly site: string;
  readonly credentials: RequestCredentials;
  readonly fetch?: typeof fetch | undefined;
}): HttpClient => {
  const base = options.server.replace(/\/+$/, '');
  return {
    async send(key, input, { token, signal, timeoutMs = 12_000, credentials = options.credentials } = {}) {
      const { params, query, body } = input as {
        params?: Record<string, string>;
        query?: Record<string, string | number | undefined>;
        body?: unknown;
      };
      const [method, path] = key.split(' ') as [string, string];
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(name, `${value}`);
      const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params?.[name] ?? ''));
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        const response = await (options.fetch ?? fetch)(
          `${base}/api/v1${filled}${search.size > 0 ? `?${search}` : ''}`,
          {
            method,
            credentials,
            headers: {
              'TeaTime-Site': options.site,
              'TeaTime-Client': clientMarker,
              ...(token !== undefined && { Authorization: `Bearer ${token}` }),
              ...(body !== undefined && { 'Content-Type': 'application/json' }),
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
            signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
          },
        );
        if (!response.ok) throw new ChatError(await failureFrom(response));
        return (response.status === 204 ? null : await response.json()) as never;
      } catch (cause) {
        if (cause instanceof ChatError) throw cause;
        if (signal?.aborted) throw signal.reason;
        throw timeout.aborted
          ? new ChatError(
              { code: 'timeout', message: `unable to reach the server; no answer in ${timeoutMs} ms` },
              { cause },
            )
          : new ChatError({ code: 'network', message: 'unable to reach the server; the request failed' }, { cause });
      }
    },
  };
};

/** The failure that an answer tells of. */
export const failureFrom = async (response: Response): Promise<Failure> => {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return {
    code: problem.code === undefined ? codeOfStatus(response.status) : knownCode(problem.code),
    message: problem.detail ?? problem.title ?? `the server answered ${response.status}`,
    ...(retryAfter >= 0 && { retryAfterMs: retryAfter * 1000 }),
    ...(problem.issues && { fields: Object.fromEntries(problem.issues.map(({ path, message }) => [path, message])) }),
  };
};

// A proxy in front may answer in the server's stead, without a problem document.
const codeOfStatus = (status: number): Failure['code'] => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  if (status === 429) return 'rate_limited';
  if (status >= 502 && status <= 504) return 'dependency_unavailable';
  return status < 500 ? 'validation_failed' : 'internal';
};
