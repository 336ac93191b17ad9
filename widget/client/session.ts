import { atom, type ReadableAtom } from 'nanostores';
import type { Endpoint, RouteKey } from '../../protocol/index.ts';
import type { ReplyBody } from '../../protocol/contract.ts';
import type { Me } from '../../protocol/users.ts';
import { withPicture } from './address.ts';
import { ChatError, failureOf, isPassing, isRefusal } from './failure.ts';
import type { HttpClient, RequestInput, RequestOptions } from './http-client.ts';
import { createSignOutMark } from './sign-out-mark.ts';
import { joinTabs } from './tabs.ts';

/** Who is signed in. */
export type SessionState =
  | { readonly status: 'restoring' }
  | { readonly status: 'signed-out'; readonly reason?: 'ended' | 'revoked' | 'failed' }
  | { readonly status: 'signed-in'; readonly user: Me };

/** Where a session comes from, besides the password forms: the host page hands out access tokens. */
export type TokenProvider = (request: {
  reason: 'start' | 'expired' | 'unauthorized';
  signal: AbortSignal;
}) => Promise<string | null>;

type Reason = Parameters<TokenProvider>[0]['reason'];

/** The routes that make somebody new. */
type Door = 'POST /auth/register' | 'POST /auth/guest';

/** Holds the access token, in memory only, and renews it: by the HttpOnly refresh cookie, or from the host page. */
export interface SessionClient {
  readonly $session: ReadableAtom<SessionState>;
  /** Looks for a session. Rejects when the server could not be asked; then the state stays `restoring`. */
  restore(): Promise<void>;
  /** Makes somebody new, with an account or as a guest, and signs them in. */
  enter<K extends Door>(key: K, input: RequestInput<K>): Promise<void>;
  signIn(identifier: string, password: string): Promise<void>;
  /** Ends the session here at once; a server that cannot be told now is told before anybody is signed in by the cookie again. */
  signOut(): Promise<void>;
  /** An access token that is good for some time yet. Rejects, and the session ends, when there is none to be had. */
  token(): Promise<string>;
  /** Gets a new access token although there is one: the server refused it, or it ends soon. */
  renew(reason: 'expired' | 'unauthorized'): Promise<string>;
  /** A REST request with the token; a refused token is renewed once. */
  request<K extends RouteKey>(
    key: K,
    input: RequestInput<K>,
    options?: Omit<RequestOptions, 'token'>,
  ): Promise<ReplyBody<Endpoint<K>>>;
  /** Takes in the profile of whoever is signed in; anybody else's comes too late. */
  setUser(user: Me): void;
  destroy(): void;
}

/** What is left of a token's life when it counts as used up. */
const marginMs = 30_000;

/** Makes the session of one site on one server. */
export const createSession = (options: {
  readonly http: HttpClient;
  readonly server: string;
  readonly site: string;
  readonly tokenProvider?: TokenProvider | undefined;
}): SessionClient => {
  const { http, tokenProvider } = options;
  const $session = atom<SessionState>({ status: 'restoring' });
  const aborter = new AbortController();
  let held: { readonly token: string; readonly expiresAt: number } | undefined;
  let renewing: Promise<string> | undefined;
  const signedOutHere = createSignOutMark(options.server, options.site);
  // Rises with each sign-in and sign-out, so that an answer to an earlier question does not undo it.
  let era = 0;

  const tabs = joinTabs<'signed-in' | 'signed-out'>(`session:${options.server}|${options.site}`, (news) => {
    const isOut = $session.get().status === 'signed-out';
    if (tokenProvider || isOut !== (news === 'signed-in')) return;
    if (isOut) restore().catch(() => {});
    else end('ended');
  });

  const setUser = (me: Me) => {
    const user = withPicture(options.server, me);
    const state = $session.get();
    if (state.status !== 'signed-in' || JSON.stringify(state.user) !== JSON.stringify(user)) {
      $session.set({ status: 'signed-in', user });
    }
  };

  const begin = (reply: { accessToken: string; expiresIn: number; user: Me }) => {
    held = { token: reply.accessToken, expiresAt: Date.now() + reply.expiresIn * 1000 };
    setUser(reply.user);
    return reply.accessToken;
  };

  const end = (reason?: 'ended' | 'revoked' | 'failed') => {
    era++;
    held = undefined;
    renewing = undefined;
    $session.set({ status: 'signed-out', ...(reason && { reason }) });
  };

  const askHost = async (reason: Reason): Promise<string> => {
    const mine = era;
    const token = await tokenProvider?.({ reason, signal: aborter.signal });
    if (mine !== era) throw signedOut();
    if (typeof token !== 'string') {
      end('ended');
      throw signedOut();
    }
    const claims = claimsOf(token);
    if (claims.typ !== 'access') return exchange(token, mine);
    const state = $session.get();
    if (state.status !== 'signed-in' || state.user.id !== claims.sub) {
      const { user } = await http.send('GET /auth/me', {}, { token });
      if (mine !== era) throw signedOut();
      held = { token, expiresAt: expiryOf(claims) };
      setUser(user);
    }
    held = { token, expiresAt: expiryOf(claims) };
    return token;
  };

  /** Trades a token by which the site vouches for somebody for one of the server's; their session goes on. */
  const exchange = async (token: string, mine: number): Promise<string> => {
    try {
      const accessToken = held?.token;
      // With the cookie of a guest, whose conversations become this person's.
      const reply = await http.send(
        'POST /auth/exchange',
        { body: { token, ...(accessToken && { accessToken }) } },
        { credentials: 'include' },
      );
      if (mine !== era) throw signedOut();
      return begin(reply);
    } catch (error) {
      if (mine === era && isRefusal(failureOf(error))) end('failed');
      throw error;
    }
  };

  const useCookie = async (reason: Reason): Promise<string> => {
    const mine = era;
    const wasIn = $session.get().status === 'signed-in';
    try {
      // One tab at a time, so that each uses the cookie that the one before was given.
      const reply = await tabs.lock('refresh', () => http.send('POST /auth/refresh', { body: {} }));
      if (mine !== era) throw signedOut();
      if (reply) return begin(reply);
      end(wasIn ? 'ended' : undefined);
      throw signedOut();
    } catch (error) {
      const failure = failureOf(error);
      if (mine === era && (isRefusal(failure) || failure.code === 'forbidden')) {
        const revoked = reason === 'unauthorized' || failure.code === 'refresh_reused';
        end(wasIn ? (revoked ? 'revoked' : 'ended') : undefined);
      }
      throw error;
    }
  };

  const renewFor = (reason: Reason): Promise<string> => {
    if ($session.get().status === 'signed-out') return Promise.reject(signedOut());
    if (!renewing) {
      const attempt = (tokenProvider ? askHost(reason) : useCookie(reason)).finally(() => {
        if (renewing === attempt) renewing = undefined;
      });
      renewing = attempt;
    }
    return renewing;
  };

  /** Has the server end what the cookie stands for. */
  const tellSignOut = async () => {
    try {
      await http.send('POST /auth/logout', { body: {} });
    } catch (error) {
      if (isPassing(failureOf(error))) throw error;
    }
    signedOutHere.set(false);
  };

  const restore = async () => {
    if ($session.get().status === 'signed-out') $session.set({ status: 'restoring' });
    if (!tokenProvider && signedOutHere.isSet) {
      await tellSignOut();
      return end();
    }
    try {
      await renewFor('start');
    } catch (error) {
      if (aborter.signal.aborted || $session.get().status !== 'restoring') return;
      // A host that cannot hand out a token has said so; it is not asked again and again.
      if (tokenProvider && failureOf(error).code !== 'network' && failureOf(error).code !== 'timeout') end('failed');
      else throw error;
    }
  };

  const token = (): Promise<string> =>
    held && held.expiresAt - Date.now() > marginMs ? Promise.resolve(held.token) : renewFor('expired');

  const signInWith = async (attempt: Promise<{ accessToken: string; expiresIn: number; user: Me }>) => {
    const reply = await attempt;
    era++;
    renewing = undefined;
    signedOutHere.set(false);
    begin(reply);
    tabs.post('signed-in');
  };

  return {
    $session,
    restore,
    enter: (key, input) => signInWith(http.send(key, input) as Promise<ReplyBody<Endpoint<Door>>>),
    signIn: (identifier, password) => signInWith(http.send('POST /auth/login', { body: { identifier, password } })),
    async signOut() {
      end();
      if (tokenProvider) return;
      signedOutHere.set(true);
      tabs.post('signed-out');
      await tellSignOut().catch(() => {});
    },
    token,
    renew: renewFor,
    async request(key, input, requestOptions) {
      const first = await token();
      try {
        return await http.send(key, input, { ...requestOptions, token: first });
      } catch (error) {
        if (!(error instanceof ChatError) || !isRefusal(error.failure)) throw error;
        const second = held && held.token !== first ? held.token : await renewFor('unauthorized');
        return http.send(key, input, { ...requestOptions, token: second });
      }
    },
    setUser(user) {
      const state = $session.get();
      if (state.status === 'signed-in' && state.user.id === user.id) setUser(user);
    },
    destroy() {
      aborter.abort();
      tabs.close();
    },
  };
};

const signedOut = () => new ChatError({ code: 'unauthorized', message: 'unable to go on; nobody is signed in' });

/** What an access token says of itself, which is nothing when it is none. `sid` names the login. */
export const claimsOf = (token: string): { sub?: string; sid?: string; exp?: number; typ?: string } => {
  try {
    const payload = token.split('.')[1] ?? '';
    return JSON.parse(atob(payload.replace(/-/g, '+').replace(/_/g, '/'))) as ReturnType<typeof claimsOf>;
  } catch {
    return {};
  }
};

// A device whose clock is fast must not take every token for a stale one: each is tried for a minute, the server has the last word.
const expiryOf = ({ exp }: { exp?: number }): number =>
  Math.max(exp === undefined ? 0 : exp * 1000, Date.now() + marginMs + 60_000);
