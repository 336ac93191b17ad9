import { ChatError } from '../../client/failure.ts';

/** One request that carries bytes. */
export interface Parcel {
  readonly method: 'HEAD' | 'PATCH' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob;
  /** When it fires, the request rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Bytes of the body that have left so far. */
  progress?(bytes: number): void;
}

/** Sends parcels. Rejects with a ChatError, `network` or `timeout`; any answer of the other side resolves. */
export type Transport = (parcel: Parcel) => Promise<Response>;

// A line over which nothing moves for so long is dead, whatever the system believes.
const stallMs = 30_000;
// The other side may have to write the bytes to a slow disk before it answers.
const answerMs = 120_000;
// The slowest line that is waited for where progress cannot be seen, in bytes a second.
const slowestBytes = 16_000;

/** By XMLHttpRequest, the only one that tells how far an upload is; by `fetch` where there is none. */
export const createTransport = (fetchInstead: typeof fetch | undefined): Transport =>
  typeof XMLHttpRequest === 'undefined' || fetchInstead ? byFetch(fetchInstead ?? fetch) : byRequest;

const byFetch =
  (send: typeof fetch): Transport =>
  async ({ method, url, headers = {}, body, signal, progress }) => {
    const timeout = AbortSignal.timeout(stallMs + Math.ceil(((body?.size ?? 0) / slowestBytes) * 1000));
    try {
      const response = await send(url, {
        method,
        headers,
        credentials: 'omit',
        signal: AbortSignal.any([signal, timeout]),
        ...(body && { body }),
      });
      if (body && response.ok) progress?.(body.size);
      return response;
    } catch (cause) {
      throw signal.aborted ? signal.reason : timeout.aborted ? tooLate(cause) : lost(cause);
    }
  };

const byRequest: Transport = ({ method, url, headers = {}, body, signal, progress }) =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      request.onload = request.onerror = request.onabort = request.upload.onprogress = null;
      settle();
    };
    const abort = () => {
      end(() => reject(signal.reason));
      request.abort();
    };
    const expect = (ms: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        end(() => reject(tooLate()));
        request.abort();
      }, ms);
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => {
      expect(loaded === body?.size ? answerMs : stallMs);
      progress?.(loaded);
    };
    request.onload = () => end(() => resolve(responseOf(request)));
    request.onerror = request.onabort = () => end(() => reject(lost()));
    signal.addEventListener('abort', abort);
    expect(stallMs);
    request.send(body ?? null);
    return undefined;
  });

const responseOf = (request: XMLHttpRequest): Response => {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  // The Fetch standard gives some answers no body, not even an empty one.
  const { status, responseText } = request;
  return new Response(responseText === '' ? null : responseText, { status, headers });
};

const lost = (cause?: unknown) =>
  new ChatError({ code: 'network', message: 'unable to send the file; the request failed' }, { cause });
const tooLate = (cause?: unknown) =>
  new ChatError({ code: 'timeout', message: 'unable to send the file; the line stood still' }, { cause });
