import type { BodyInput, Params, QueryInput, ReplyBody } from '../../protocol/contract.ts';
import type { Endpoint, RouteKey } from '../../protocol/index.ts';
import type { Problem } from '../../protocol/service.ts';
import { checkAgainstOpenApi } from './openapi-check.ts';

/** What a request may carry. In `call` it is typed by the route; elsewhere anything goes, for tests of what is refused. */
export interface RequestInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, whatever it says. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

type Given<Name extends string, T> = T extends undefined ? unknown : { readonly [N in Name]: T };

/** Typed input of a route. */
export type CallInput<K extends RouteKey> = Given<'params', Params<Endpoint<K>>> &
  (QueryInput<Endpoint<K>> extends undefined
    ? unknown
    : { readonly query?: Readonly<Record<string, string | number>> }) &
  Given<'body', BodyInput<Endpoint<K>>> & { readonly headers?: Readonly<Record<string, string>> };

/** A client of the REST API that checks every answer against the API's description. */
export interface Api {
  /** Calls a route; returns the body of its success answer, and throws on a refusal. */
  call<K extends RouteKey>(key: K, input?: CallInput<K>): Promise<ReplyBody<Endpoint<K>>>;
  /** Calls a route that should refuse; returns the problem, and throws on success. */
  refusal(key: RouteKey, input?: RequestInput): Promise<Problem>;
  /** Calls a route and returns whatever it answers. */
  request(key: RouteKey, input?: RequestInput): Promise<Answer>;
}

/** Makes a client for a server. */
export const api = (
  server: { readonly url: string },
  token?: string,
  headers: Readonly<Record<string, string>> = {},
): Api => {
  const request = async (key: RouteKey, input: RequestInput = {}): Promise<Answer> => {
    const [method = '', path = ''] = key.split(' ');
    const place = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? ''));
    const query = new URLSearchParams(
      Object.entries(input.query ?? {})
        .filter(([, value]) => value !== undefined)
        .map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    const response = await fetch(`${server.url}/api/v1${place}${query && `?${query}`}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(input.body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...input.headers,
      },
      ...(input.body !== undefined && {
        body: typeof input.body === 'string' ? input.body : JSON.stringify(input.body),
      }),
      redirect: 'manual',
    });
    const text = await response.text();
    const type = response.headers.get('content-type');
    const body: unknown = text === '' ? undefined : /json/.test(type ?? '') ? JSON.parse(text) : text;
    checkAgainstOpenApi(key, response.status, type, body);
    return { status: response.status, headers: response.headers, body };
  };
  return {
    request,
    async call<K extends RouteKey>(key: K, input?: CallInput<K>) {
      const { status, body } = await request(key, input as RequestInput | undefined);
      if (status >= 400) throw new Error(`${key} was refused with ${status}: ${JSON.stringify(body)}`);
      return (body ?? null) as ReplyBody<Endpoint<K>>;
    },
    async refusal(key, input) {
      const { status, body } = await request(key, input);
      if (status < 400)
        throw new Error(`${key} should have been refused, but answered ${status}: ${JSON.stringify(body)}`);
      return body as Problem;
    },
  };
};
