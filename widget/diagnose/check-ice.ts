import { failureFrom } from '../elements/failure-text.ts';
import type { Chat } from '../model/types.ts';
import { hintFor } from '../settings.ts';
import { checkIceServer, checkOf } from './check-ice-server.ts';
import { checked, type Check } from './diagnosis.ts';

/** Whether calls find a way: asks for the STUN and TURN servers, and each of those for an address. */
export async function checkIce(chat: Chat): Promise<readonly Check[]> {
  if (!('RTCPeerConnection' in window))
    return [checked('ice', 'unsupported', 'this browser has no WebRTC', 'Call with another browser.', 'warn')];
  if (chat.$session.get().status !== 'signed-in')
    return [checked('ice', 'unauthorized', 'the servers are told to whom is signed in', 'Sign in first.', 'skip')];
  const asked = await chat
    .calls()
    .then((calls) => calls.iceServers())
    .catch(failureFrom);
  if ('code' in asked) {
    const { code, message } = asked;
    const fix =
      hintFor(code) ||
      (code === 'forbidden'
        ? 'Take CALLS=off away, or what the policy of the site has against calls.'
        : 'See the log of the server.');
    return [checked('ice', code, message, fix)];
  }
  const all = asked.iceServers.flatMap((server) => server.urls.map((url) => [server, url] as const));
  const tries = (['stun', 'turn-udp', 'turn-tcp'] as const).map((check) => {
    const mine = all.filter(([, url]) => checkOf(url) === check);
    const fix = `Add one to ${check === 'stun' ? 'STUN' : 'TURN'}_URLS, or some calls fail.`;
    return mine.length > 0
      ? Promise.all(mine.map(([server, url]) => checkIceServer(server, url)))
      : [checked(check, 'none', 'none', fix, 'skip')];
  });
  return [checked('ice', 'ok', `policy: ${asked.policy}`), ...(await Promise.all(tries)).flat()];
}
