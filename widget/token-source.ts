import { ChatError } from './client/failure.ts';
import type { TokenProvider } from './model/types.ts';

/** Where access tokens come from, the first one that is set: a function, an address on the page's own server, a fixed token. */
export interface TokenSource {
  readonly tokenProvider?: TokenProvider | undefined;
  readonly tokenUrl?: string | undefined;
  readonly token?: string | undefined;
}

/** The source as a function. */
export function tokenProviderOf({ tokenProvider, tokenUrl, token }: TokenSource): TokenProvider {
  if (tokenProvider) return tokenProvider;
  if (tokenUrl) return ({ signal }) => fetchToken(tokenUrl, signal);
  // A fixed token cannot be renewed: when it has run out the page is asked for another one.
  return ({ reason }) => Promise.resolve(reason === 'start' ? (token ?? null) : null);
}

/** Asks the page's own server, with its cookies. It answers `{ "token": "…" }`, the bare token, or 401 when nobody is signed in. */
async function fetchToken(url: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(new URL(url, document.baseURI), {
    signal,
    credentials: 'same-origin',
    headers: { Accept: 'application/json' },
  }).catch(() => undefined);
  // A passing trouble: asked again like everything else that the line was too bad for.
  if (!response || response.status >= 500) {
    throw new ChatError({ code: 'network', message: `unable to fetch a token; ${url} gave no answer` });
  }
  if (response.status === 401 || response.status === 204) return null;
  if (!response.ok) throw new Error(`unable to fetch a token; ${url} answered ${response.status}`);
  const text = (await response.text()).trim();
  if (!text.startsWith('{')) return text || null;
  const { token } = JSON.parse(text) as { token?: unknown };
  return typeof token === 'string' ? token : null;
}
