import type { Chat } from '../model/types.ts';
import { becomes } from './becomes.ts';
import { told, type Breaches } from './breaches.ts';
import { checked, type Check } from './diagnosis.ts';

/** How long a socket may take to answer, and the chat's own line to be there, in ms. */
const patienceMs = 8000;

/** Where the hub is, as a server without a word of its own would say. */
export const socketUrlOf = (server: string, site: string, path = '/ws'): string => {
  const url = new URL(path, server);
  url.protocol = url.protocol.replace('http', 'ws');
  url.searchParams.set('site', site);
  return url.href;
};

/** Opens a socket beside the chat's and has the hub say something on it, so that whatever is between has passed both; then looks at the chat's own line. */
export async function checkSocket(url: string, chat: Chat, breaches: Breaches): Promise<Check> {
  const began = performance.now();
  const end = await speakTo(url);
  const message = { refused: 'does not open', silent: 'gives no answer', cut: 'is cut off' };
  if (end !== 'answered') {
    await told();
    const directive = breaches.directiveFor(url);
    if (directive) return checked('socket', 'csp', `${directive} of this page blocks it`, 'See the check csp.');
    const { host, pathname } = new URL(url);
    const fix =
      'Let the proxies in front of the server pass WebSockets; in nginx: ' +
      `location ${pathname} { proxy_pass …; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade"; }` +
      ` If ${host} is not where browsers reach it, set its PUBLIC_URL.`;
    return checked('socket', 'blocked', `${pathname} of ${host} ${message[end]}, but REST gets through`, fix);
  }
  const tookMs = Math.round(performance.now() - began);
  if (chat.$session.get().status !== 'signed-in') return checked('socket', 'open', `answers in ${tookMs} ms`);
  chat.reconnectNow();
  const state = await becomes(chat.$connection, ({ status }) => status !== 'connecting', patienceMs);
  if (state.status === 'connected') return checked('socket', 'connected', `answers in ${tookMs} ms`);
  if (state.status !== 'stopped')
    return checked(
      'socket',
      state.status,
      `answers in ${tookMs} ms, but not to the chat`,
      'See the log of the server.',
    );
  return checked('socket', 'stopped', `the server has ended it: ${state.reason}`, 'Reload the page and sign in.');
}

type Ending = 'answered' | 'refused' | 'silent' | 'cut';

/** The hub ends whoever does not sign in first, by a close code of its own: that is its answer. */
const ownCodes = 4000;

async function speakTo(url: string): Promise<Ending> {
  let socket: WebSocket | undefined;
  const ending = await new Promise<Ending>((resolve) => {
    setTimeout(resolve, patienceMs, 'silent');
    try {
      const made = (socket = new WebSocket(url));
      let opened = false;
      made.onopen = () => {
        opened = true;
        made.send('{"id":1,"type":"ping","data":{}}');
      };
      made.onmessage = () => resolve('answered');
      // Chromium tells no more than this of one that the page's policy refuses.
      made.onerror = () => resolve(opened ? 'cut' : 'refused');
      made.onclose = ({ code }) => resolve(code >= ownCodes ? 'answered' : opened ? 'cut' : 'refused');
    } catch {
      resolve('refused');
    }
  });
  socket?.close();
  return ending;
}
