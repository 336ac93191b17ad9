import type { ServiceConfig } from '../../protocol/service.ts';
import { hintFor } from '../settings.ts';
import type { ChatKey } from '../shared-chats.ts';
import { told, type Breaches } from './breaches.ts';
import { checked, type Check } from './diagnosis.ts';

/** How the server was found. */
export interface ServerFindings {
  /** What it says of itself; `undefined` when it does not talk to this page. */
  readonly config: ServiceConfig | undefined;
  readonly checks: readonly Check[];
}

/** How far the clocks may be apart, in ms. */
const skewMs = 60_000;

const patienceMs = 8000;

/** Asks the server what everybody may know of it: whether it is there, lets this page in, and has the same time. */
export async function checkServer({ server, site }: ChatKey, breaches: Breaches): Promise<ServerFindings> {
  const url = `${server}/api/v1/config`;
  const began = performance.now();
  try {
    const response = await ask(url, { headers: { 'TeaTime-Site': site } });
    const tookMs = performance.now() - began;
    const clock = checkClock(response.headers.get('Date'), tookMs);
    const body = (await response.json().catch(() => ({}))) as Partial<ServiceConfig> & { code?: string };
    if (response.ok && typeof body.socketUrl === 'string') {
      const there = checked('server', 'ok', `${server} answers in ${Math.round(tookMs)} ms`);
      return { config: body as ServiceConfig, checks: [there, checked('origin', 'ok', self.origin), clock] };
    }
    if (body.code === 'origin_not_allowed') return withoutConfig([isThere(server), foreign(site), clock]);
    const code = body.code ?? 'not_teatime';
    const message = `${url} answers ${response.status}${body.code ? ` ${body.code}` : ', and not as a chat server'}`;
    const fix =
      code === 'not_found'
        ? `Set site to a site of the server: it knows no "${site}".`
        : body.code
          ? hintFor(body.code as Parameters<typeof hintFor>[0]) || 'See the log of the server.'
          : 'Set server to the URL of the chat server, and let proxies pass /api/v1 to it.';
    return withoutConfig([checked('server', code, message, fix), clock]);
  } catch (error) {
    await told();
    return withoutConfig(await whyNot({ server, site, url, breaches, error }));
  }
}

const ask = (url: string, init: RequestInit): Promise<Response> =>
  fetch(url, { ...init, credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(patienceMs) });

const withoutConfig = (checks: readonly Check[]): ServerFindings => ({ config: undefined, checks });

const isThere = (server: string): Check => checked('server', 'ok', `${server} answers`);

/** The server is there: it is this page that it does not talk to. */
function foreign(site: string): Check {
  const { origin } = self;
  const message = `the chat server does not allow ${origin === 'null' ? 'pages without an origin' : origin}`;
  if (origin === 'null') {
    const fix = 'Take sandbox away from the iframe, or add allow-same-origin to it.';
    return checked('origin', 'opaque', message, fix);
  }
  const fix =
    site === 'default'
      ? `Add it on the chat server, ALLOWED_ORIGINS=${origin} (others stay, with a comma between), and start that again.`
      : `On the chat server: npx teatime origin add ${site} ${origin}`;
  return checked('origin', 'origin_not_allowed', message, fix);
}

interface Failed {
  readonly server: string;
  readonly site: string;
  readonly url: string;
  readonly breaches: Breaches;
  readonly error: unknown;
}

/** Browsers tell scripts nothing of why a request failed. */
async function whyNot({ server, site, url, breaches, error }: Failed): Promise<Check[]> {
  const fail = (code: string, message: string, fix: string): Check[] => [checked('server', code, message, fix)];
  const directive = breaches.directiveFor(url);
  if (directive) return fail('csp', `${directive} of this page does not let it ask ${server}`, 'See the check csp.');
  if (isSecureContext && location.protocol === 'https:' && isMixed(server))
    return fail('mixed', `${server} is not https, and this page is`, 'Serve the chat server by https too.');
  if (!navigator.onLine) return fail('offline', 'this device is offline', 'Go online.');
  // Its scripts are for pages of any origin.
  const script = await ask(`${server}/teatime-chat.js`, { method: 'HEAD' }).catch(() => undefined);
  if (script?.ok) return [isThere(server), foreign(site)];
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  return timedOut
    ? fail('timeout', `${server} gives no answer in ${patienceMs} ms`, 'See its log, and the proxies in front of it.')
    : fail('unreachable', `${server} cannot be reached`, 'Start it, or set server to the URL that it is reached by.');
}

/** Browsers let secure pages ask this machine without https. */
const isMixed = (server: string): boolean => {
  const { protocol, hostname } = new URL(server);
  return protocol === 'http:' && !/^(?:127\.|\[::1\]$|(?:.+\.)?localhost$)/.test(hostname);
};

/** Compares the clocks by the answer's `Date`, which is of whole seconds and from about the middle of the request (RFC 9110 §6.6.1). */
function checkClock(date: string | null, tookMs: number): Check {
  const serverAt = date === null ? Number.NaN : Date.parse(date) + 500;
  if (Number.isNaN(serverAt)) {
    const fix = 'Let proxies pass the headers Date and Access-Control-Expose-Headers.';
    return checked('clock', 'unknown', 'the server does not say what time it has', fix, 'skip');
  }
  const ahead = Math.round((Date.now() - tookMs / 2 - serverAt) / 1000);
  const message = `this device is ${Math.abs(ahead)} s ${ahead < 0 ? 'behind' : 'ahead of'} the server`;
  if (Math.abs(ahead) * 1000 <= skewMs) return checked('clock', 'ok', message);
  return checked('clock', 'skewed', message, 'Have the clock that is wrong set by the network (NTP), here or there.');
}
