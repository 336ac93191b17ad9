import { lookup as resolveName, type LookupAddress } from 'node:dns';
import http, { type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Config } from '../config.ts';
import { createAddressRule } from './addresses.ts';

/** A request to somewhere that a site or a user has named. */
export interface OutboundRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** What is read of the answer at most; the rest is not waited for. */
  readonly maxBytes: number;
  /** For everything together: finding the address, connecting, all redirects, the whole answer. */
  readonly timeoutMs: number;
  /** How many redirects a GET or HEAD goes along with; none by default, and then their answer is as good as any other. */
  readonly maxRedirects?: number;
  /** Ends the request early. */
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<IncomingMessage['headers']>;
  readonly body: Buffer;
  /** There was more than `maxBytes`. */
  readonly truncated: boolean;
}

/** Why a request was not made, or had no answer. Its words may be shown to whoever named the address: they tell nothing of the network. */
export class OutboundFailure extends Error {
  readonly code: 'refused' | 'timeout' | 'unreachable' | 'aborted';

  constructor(code: OutboundFailure['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutboundFailure';
    this.code = code;
  }
}

/** The way out of the server. */
export interface Outbound {
  /** Rejects with an `OutboundFailure` when there is no answer. */
  request(request: OutboundRequest): Promise<OutboundResponse>;
  /** Why nothing can be sent to a URL, as far as that shows without asking for its address; `undefined`: it may be tried. */
  refusal(url: string): string | undefined;
}

/** All addresses of a name, as `dns.lookup` finds them. */
export type Resolve = (
  hostname: string,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Makes the way out. Every address is judged when it is connected to, so that neither a name that resolves inside, nor one that does so the second
 * time, nor a redirect gets there. There is no proxy, and no decompression.
 */
export const createOutbound = (
  { outbound }: Pick<Config, 'outbound'>,
  resolve: Resolve = (hostname, done) => resolveName(hostname, { all: true }, done),
): Outbound => {
  const judge = createAddressRule(outbound);
  // Agents of its own, which no setting of the process sends through a proxy. A connection serves one request: none is taken over that was
  // judged for another.
  const agents = { http: new http.Agent({ keepAlive: false }), https: new https.Agent({ keepAlive: false }) };

  const refusal = (text: string): string | undefined => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
      return 'it must be a URL that begins with https';
    if (url.username !== '' || url.password !== '') return 'a URL with a user or a password in it is not taken';
    const address = hostOf(url);
    return isIP(address) === 0 ? undefined : judge({ address, ...placeOf(url) });
  };

  const judged =
    (url: URL): LookupFunction =>
    (hostname, options, done) => {
      resolve(hostname, (error, addresses) => {
        const reason = addresses?.map(({ address }) => judge({ address, ...placeOf(url) })).find(Boolean);
        const failure = error ?? (reason === undefined ? undefined : refused(reason));
        const [first] = addresses ?? [];
        if (failure || !first) done(failure ?? new Error('no address'), '', 0);
        else if (options.all) done(null, addresses);
        else done(null, first.address, first.family);
      });
    };

  const send = (url: URL, request: OutboundRequest, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((settle, reject) => {
      const secure = url.protocol === 'https:';
      const options: RequestOptions = {
        method: request.method ?? 'GET',
        headers: {
          'user-agent': 'TeaTime',
          accept: '*/*',
          'accept-encoding': 'identity',
          ...request.headers,
          ...(request.body !== undefined && { 'content-length': Buffer.byteLength(request.body) }),
        },
        agent: secure ? agents.https : agents.http,
        lookup: judged(url),
        signal,
      };
      const sent = (secure ? https : http).request(url, secure ? { ...options, rejectUnauthorized: true } : options);
      sent.on('response', settle);
      sent.on('error', reject);
      sent.end(request.body);
    });

  const follow = async (request: OutboundRequest, signal: AbortSignal): Promise<OutboundResponse> => {
    let url = request.url;
    for (let left = request.maxRedirects ?? 0; ; left -= 1) {
      const reason = refusal(url);
      if (reason !== undefined) throw refused(reason);
      const answer = await send(new URL(url), request, signal);
      const target = left > 0 && (request.method ?? 'GET') !== 'POST' ? redirectOf(answer, url) : undefined;
      if (target === undefined) return readBody(answer, request.maxBytes);
      answer.destroy();
      if (new URL(url).protocol === 'https:' && !target.startsWith('https:'))
        throw refused('it redirects to what is not https');
      // What was meant for one origin is not for another.
      if (new URL(url).origin !== new URL(target).origin) request = { ...request, headers: {} };
      url = target;
    }
  };

  return {
    refusal,
    async request(request) {
      const overdue = AbortSignal.timeout(request.timeoutMs);
      try {
        return await follow(request, request.signal ? AbortSignal.any([overdue, request.signal]) : overdue);
      } catch (error) {
        if (error instanceof OutboundFailure) throw error;
        if (request.signal?.aborted) throw new OutboundFailure('aborted', 'unable to finish; it was called off', error);
        if (overdue.aborted)
          throw new OutboundFailure(
            'timeout',
            `unable to wait longer; no answer within ${request.timeoutMs} ms`,
            error,
          );
        throw new OutboundFailure('unreachable', `unable to reach it; ${wordsFor(error)}`, error);
      }
    },
  };
};

const refused = (reason: string): OutboundFailure => new OutboundFailure('refused', `unable to send there; ${reason}`);

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const placeOf = ({ protocol, port }: URL): { port: number; secure: boolean } => {
  const secure = protocol === 'https:';
  return { secure, port: port === '' ? (secure ? 443 : 80) : Number(port) };
};

const redirects = new Set([301, 302, 303, 307, 308]);

const redirectOf = ({ statusCode = 0, headers: { location } }: IncomingMessage, from: string): string | undefined =>
  redirects.has(statusCode) && location !== undefined && URL.canParse(location, from)
    ? new URL(location, from).href
    : undefined;

const readBody = async (answer: IncomingMessage, maxBytes: number): Promise<OutboundResponse> => {
  const parts: Buffer[] = [];
  let left = maxBytes;
  let truncated = false;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part.subarray(0, left));
    truncated = part.length > left;
    left -= Math.min(left, part.length);
    // Leaving the loop destroys the stream, and with it the connection.
    if (truncated) break;
  }
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts), truncated };
};

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  HPE_HEADER_OVERFLOW: 'its answer has too many headers',
};

const wordsFor = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SIGNED|SSL|TLS|ALTNAME/.test(code)) return `its certificate is not accepted (${code})`;
  return reasons[code] ?? (code.startsWith('HPE_') ? 'its answer is not HTTP' : 'the connection failed');
};
