import type { IceServer } from '../../protocol/calls.ts';
import { checked, type Check } from './diagnosis.ts';

/** How long a server may take, in ms. */
const patienceMs = 5000;

/** What is tried with an address. The transport is UDP, or TCP for `turns:`, unless the address says otherwise (RFC 7065). */
export const checkOf = (url: string): 'stun' | 'turn-udp' | 'turn-tcp' =>
  url.startsWith('stun') ? 'stun' : /^turns(?!.*=udp)|=tcp/.test(url) ? 'turn-tcp' : 'turn-udp';

/** Asks one STUN or TURN server for an address, as a call does. */
export async function checkIceServer(server: IceServer, url: string): Promise<Check> {
  const check = checkOf(url);
  const type = check === 'stun' ? 'srflx' : 'relay';
  let peer: RTCPeerConnection;
  try {
    peer = new RTCPeerConnection({
      iceServers: [{ ...server, urls: url } as RTCIceServer],
      iceTransportPolicy: type === 'relay' ? type : 'all',
    });
  } catch (error) {
    // Some ports are closed to pages, and a TURN server needs both a name and a password.
    return checked(check, 'invalid', `${url}: ${String(error)}`, 'Mend this entry: the browser does not take it.');
  }
  let refusal = { errorCode: 701, errorText: 'no answer' };
  const found = await new Promise<RTCIceCandidate | null>((resolve) => {
    setTimeout(resolve, patienceMs, null);
    peer.onicecandidate = ({ candidate }) => {
      if (candidate?.type === type || !candidate) resolve(candidate);
    };
    // Each network of the device has its say; what a server has said tells more than what nobody has answered, and is all that there is to hear.
    peer.onicecandidateerror = (event) => {
      if (refusal.errorCode > 700) refusal = event;
      if (refusal.errorCode < 700) resolve(null);
    };
    peer.createDataChannel('');
    void peer.setLocalDescription();
  });
  peer.close();
  if (found) return checked(check, 'ok', `${url} gives ${found.address}`);
  const { errorCode, errorText } = refusal;
  const fail = (code: string, fix: string): Check => checked(check, code, `${url}: ${errorCode} ${errorText}`, fix);
  if (errorCode === 401)
    return fail(
      'unauthorized',
      'Make TURN_SECRET its static-auth-secret, and set both clocks; or mend iceServers of the page.',
    );
  if (errorCode < 700) return fail('refused', 'See its log.');
  const port = /:(\d+)(?:\?|$)/.exec(url)?.[1] ?? (/^\w+s:/.test(url) ? 5349 : 3478);
  const transport = check === 'turn-tcp' ? 'TCP' : 'UDP';
  return fail('unreachable', `Start it, or open ${transport} port ${port} in firewalls.`);
}
