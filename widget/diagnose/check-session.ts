import { claimsOf } from '../client/session.ts';
import { failureFrom } from '../elements/failure-text.ts';
import type { Chat } from '../model/types.ts';
import { hintFor } from '../settings.ts';
import type { ChatKey } from '../shared-chats.ts';
import { tokenProviderOf } from '../token-source.ts';
import { checked, type Check } from './diagnosis.ts';

const patienceMs = 8000;

/** Whether somebody is signed in; where the page hands out tokens and nobody is, what is wrong with them. */
export async function checkSession({ $session }: Chat, { server, site, source }: ChatKey): Promise<Check> {
  const by = source ? 'by a token of the page' : 'by the form of the chat';
  const { status } = $session.get();
  if (status === 'signed-in') return checked('session', status, by);
  if (!source) {
    const fix = 'Sign in and run this again: it tells more then.';
    return checked('session', 'signed-out', 'nobody is signed in', fix, 'skip');
  }
  const name = source.tokenProvider ? 'tokenProvider' : source.tokenUrl ? 'token-url' : 'token';
  const signal = AbortSignal.timeout(patienceMs);
  let token: string | null;
  try {
    token = await tokenProviderOf(source)({ reason: 'start', signal });
  } catch (error) {
    const fix = `See why ${name} does so: it has to answer with a token, or with null when nobody is signed in.`;
    return checked('session', 'token_failed', `${name} fails: ${failureFrom(error).message}`, fix);
  }
  if (typeof token !== 'string') {
    const fix = `Sign in on the page; ${name} says that nobody is.`;
    return checked('session', 'no_token', `${name} gives none`, fix, 'skip');
  }
  // A token of the server's own is shown to it; one that the site has signed is traded, which uses it up.
  const [path, init, headers] =
    claimsOf(token).typ === 'access'
      ? ['me', {}, { Authorization: `Bearer ${token}` }]
      : ['exchange', { method: 'POST', body: JSON.stringify({ token }) }, { 'Content-Type': 'application/json' }];
  const response = await fetch(`${server}/api/v1/auth/${path}`, {
    ...init,
    headers: { ...headers, 'TeaTime-Site': site },
    credentials: 'omit',
    signal,
  });
  if (response.ok) return checked('session', 'signed-in', by);
  const { code = 'unauthorized', detail = '' } = (await response.json().catch(() => ({}))) as Record<string, string>;
  const fix = hintFor(code as Parameters<typeof hintFor>[0]) || 'See the log of the server.';
  return checked('session', code, `the server takes no token of ${name}: ${response.status} ${detail}`, fix);
}

/**
 * Whether the browser keeps the cookie that renews the sign-in, by having the server renew it. Cookies of one site in pages of another are refused by
 * many browsers, but for the partitioned ones, which need https (CHIPS).
 */
export async function checkCookies({ $session }: Chat, { server, site, source }: ChatKey): Promise<Check> {
  if (source) return checked('cookies', 'unused', 'sign-in by token needs none', '', 'skip');
  const lost = (message: string, fix: string): Check => checked('cookies', 'blocked', message, fix, 'warn');
  const handOut = 'hand out tokens by token-url or tokenProvider.';
  const siteSettings = `Allow cookies in the settings of the browser, or ${handOut}`;
  if (!navigator.cookieEnabled) return lost('the browser keeps none for this page', siteSettings);
  if ($session.get().status !== 'signed-in')
    return checked('cookies', 'unknown', 'there is one only while somebody is signed in', 'Sign in first.', 'skip');
  const renew = (): Promise<Response> =>
    fetch(`${server}/api/v1/auth/refresh`, {
      method: 'POST',
      credentials: 'include',
      headers: { 'TeaTime-Site': site, 'TeaTime-Client': 'teatime-chat/diagnose', 'Content-Type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(patienceMs),
    });
  // Tabs take turns at it: the session waits under the same name.
  const lock = `teatime:session:${server}|${site}:refresh`;
  const response = await (navigator.locks ? navigator.locks.request(lock, renew).catch(renew) : renew());
  if (response.status === 200) return checked('cookies', 'ok', 'the sign-in outlives a reload');
  if (response.status >= 500) return checked('cookies', 'unknown', `the server answers ${response.status}`, '', 'skip');
  const message = 'the cookie of the sign-in was not kept: a reload signs out';
  const { protocol, hostname } = new URL(server);
  return protocol === 'https:' || hostname === location.hostname
    ? lost(message, siteSettings)
    : lost(message, `Serve the chat server by https: without, other sites' pages get no cookie of it. Or ${handOut}`);
}
