import { failureFrom } from '../elements/failure-text.ts';
import type { Chat } from '../model/types.ts';
import { hintFor } from '../settings.ts';
import { checkDevice } from './check-device.ts';
import { checkIceServer, checkOf } from './check-ice-server.ts';
import { checked, type Check, type Diagnosis } from './diagnosis.ts';

/** How long the line may take to be there, in ms. */
const patienceMs = 5000;

/** Looks whether calls can work on this page. Asks the person nothing, opens no device, and talks to no server but those that are configured. */
export async function diagnose(chat: Chat): Promise<Diagnosis> {
  return (await Promise.all([checkServers(chat), checkDevice('microphone'), checkDevice('camera')])).flat();
}

async function checkServers(chat: Chat): Promise<Check[]> {
  await settled(chat);
  const asked = await chat
    .calls()
    .then((calls) => calls.iceServers())
    .catch(failureFrom);
  const { status } = chat.$connection.get();
  const socketWith = (fix: string): Check => checked('socket', status, status, status === 'connected' ? '' : fix);
  if ('code' in asked) {
    const { code, message } = asked;
    const fix = hintFor(code) || (code === 'forbidden' ? 'Take CALLS=off away.' : 'See its log.');
    const ice = checked('ice', code, message, fix);
    return [socketWith(status === 'waiting' ? hintFor('network') : 'Reload the page and sign in.'), ice];
  }
  const all = asked.iceServers.flatMap((server) => server.urls.map((url) => [server, url] as const));
  const tries = (['stun', 'turn-udp', 'turn-tcp'] as const).map((check) => {
    const mine = all.filter(([, url]) => checkOf(url) === check);
    const fix = `Add one to ${check === 'stun' ? 'STUN' : 'TURN'}_URLS, or some calls fail.`;
    return mine.length > 0
      ? Promise.all(mine.map(([server, url]) => checkIceServer(server, url)))
      : [checked(check, 'none', 'none', fix, 'skip')];
  });
  return [
    // REST gets through: the server is there, and lets this page in.
    socketWith('Let proxies and connect-src pass the WebSocket /ws.'),
    checked('ice', 'ok', `policy: ${asked.policy}`),
    ...(await Promise.all(tries)).flat(),
  ];
}

/** Waits until the line is there or has failed. */
async function settled({ $connection }: Chat): Promise<void> {
  let stop: (() => void) | undefined;
  await new Promise((resolve) => {
    stop = $connection.subscribe(({ status }) => status !== 'connecting' && resolve(status));
    setTimeout(resolve, patienceMs);
  });
  stop?.();
}
