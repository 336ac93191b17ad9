import type { Chat } from '../model/types.ts';
import { chatKeyOf } from '../settings.ts';
import type { TeatimeChat } from '../teatime-chat.ts';
import { becomes } from './becomes.ts';
import { listenForBreaches, provokeBreaches } from './breaches.ts';
import { checkDevice } from './check-device.ts';
import { checkIce } from './check-ice.ts';
import { checkPermissions } from './check-permissions.ts';
import { checkServer } from './check-server.ts';
import { checkCookies, checkSession } from './check-session.ts';
import { checkSocket, socketUrlOf } from './check-socket.ts';
import { checkStorage } from './check-storage.ts';
import { checked, type Check, type CheckName, type DiagnoseOptions, type Diagnosis } from './diagnosis.ts';

/** How long it may take until it is known whether somebody is signed in, in ms. */
const patienceMs = 5000;

/**
 * Looks whether the chat and its calls can work on this page. Asks the person nothing and opens no device unless told to, and talks to no server but
 * those that are configured.
 */
export async function diagnose(
  chat: Chat | undefined,
  host: TeatimeChat,
  scriptUrl: string,
  { devices = false }: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const here = Promise.all([
    checkPermissions(),
    checkDevice('microphone', devices).catch(unknown('microphone')),
    checkDevice('camera', devices).catch(unknown('camera')),
  ]);
  const key = chatKeyOf(host, scriptUrl);
  if (!key || !chat) {
    const fix = 'Put the element into the page, and set server to the http or https URL of the chat server.';
    return [checked('server', 'configuration', `server "${host.server}"`, fix), ...(await here)];
  }
  const breaches = listenForBreaches(key.server);
  const [{ config, checks }, storage] = await Promise.all([
    checkServer(key, breaches),
    checkStorage(key, host.storageConsent),
    provokeBreaches(key.server),
  ]);
  const url = socketUrlOf(key.server, key.site, config?.socketUrl);
  if (config) await becomes(chat.$session, ({ status }) => status !== 'restoring', patienceMs);
  // Without the server there is nothing to be learned of what it does.
  const [socket, session, cookies, ice] = config
    ? await Promise.all([
        checkSocket(url, chat, breaches),
        checkSession(chat, key).catch(unknown('session')),
        checkCookies(chat, key).catch(unknown('cookies')),
        checkIce(chat),
      ])
    : [untried('socket'), untried('session'), untried('cookies'), [untried('ice')]];
  return [...checks, session, cookies, storage, ...breaches.finish(), socket, ...ice, ...(await here)];
}

const untried = (check: CheckName): Check => checked(check, 'untried', 'the server is out of reach', '', 'skip');

const unknown =
  (check: CheckName) =>
  (error: unknown): Check =>
    checked(check, 'unknown', String(error), '', 'skip');
