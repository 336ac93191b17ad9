import type { IceServer } from '../protocol/calls.ts';
import type { Chat, ConnectionState } from './model/types.ts';

/** What a device would say if it were asked for: `prompt` asks the person first, `policy` is the page's Permissions-Policy or the frame's `allow`. */
export type DeviceState = 'granted' | 'prompt' | 'denied' | 'policy' | 'missing' | 'unknown';

/** What calls need, and whether it is there. */
export interface Diagnosis {
  readonly connection: ConnectionState['status'];
  /** The page is served over https, or from this machine: otherwise browsers hand out no devices. */
  readonly secure: boolean;
  /** The browser can make calls at all. */
  readonly webrtc: boolean;
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
  /** `relay`: media may go through TURN servers only. Missing when the chat server could not be asked. */
  readonly policy?: 'all' | 'relay';
  /** Each STUN or TURN server, with whether it gave an address by which others can reach this browser. */
  readonly servers: readonly { readonly url: string; readonly works: boolean }[];
}

/** How long a server has to answer, in ms. */
const patienceMs = 5_000;

/** Looks whether calls can work on this page. Asks for no permission, and sends nothing to anybody but the servers named. */
export async function diagnose(chat: Chat): Promise<Diagnosis> {
  const webrtc = 'RTCPeerConnection' in globalThis;
  const [microphone, camera, ice] = await Promise.all([
    deviceState('microphone', 'audioinput'),
    deviceState('camera', 'videoinput'),
    chat
      .calls()
      .then((calls) => calls.iceServers())
      .catch(() => undefined),
  ]);
  const single = ice?.iceServers.flatMap((server) => server.urls.map((url) => ({ ...server, urls: [url] }))) ?? [];
  const servers = await Promise.all(
    single.map(async (server) => ({ url: server.urls[0] ?? '', works: webrtc && (await answers(server)) })),
  );
  return {
    connection: chat.$connection.get().status,
    secure: isSecureContext,
    webrtc,
    microphone,
    camera,
    ...(ice && { policy: ice.policy }),
    servers,
  };
}

async function deviceState(name: 'microphone' | 'camera', kind: MediaDeviceKind): Promise<DeviceState> {
  const { featurePolicy } = document as Document & { featurePolicy?: { allowsFeature(name: string): boolean } };
  if (featurePolicy?.allowsFeature(name) === false) return 'policy';
  if (!navigator.mediaDevices) return 'unknown';
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  if (!devices.some((device) => device.kind === kind)) return 'missing';
  // Not every browser knows these names.
  const status = await navigator.permissions?.query({ name: name as PermissionName }).catch(() => undefined);
  return status?.state ?? 'unknown';
}

/** Whether a server gives an address: a TURN server one of its own, a STUN server the one that it sees. */
async function answers(server: IceServer): Promise<boolean> {
  const wanted = /^turns?:/i.test(server.urls[0] ?? '') ? 'relay' : 'srflx';
  const { urls, username = '', credential = '' } = server;
  const iceServers = [{ urls, username, credential }];
  const link = new RTCPeerConnection({ iceServers, iceTransportPolicy: wanted === 'relay' ? 'relay' : 'all' });
  try {
    const found = new Promise<boolean>((resolve) => {
      link.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate === null) resolve(false);
        else if (candidate.type === wanted) resolve(true);
      });
      setTimeout(() => resolve(false), patienceMs);
    });
    link.createDataChannel('');
    await link.setLocalDescription();
    return await found;
  } finally {
    link.close();
  }
}
