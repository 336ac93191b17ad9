import type { ArrivedMedia } from './peer-page.ts';

/** What a page starts its client of PeerJS with. */
export interface PeerStart {
  readonly id: string;
  readonly token: string;
  readonly port: number;
}

/** What a page was told. */
export interface Heard {
  readonly data: unknown[];
  readonly from: string[];
  readonly errors: string[];
}

// As far as these pages use it: the stock bundle is a script that the page loads.
interface StockPeer {
  on(event: string, listener: (value: never) => void): void;
  call(peerId: string, stream: MediaStream): StockCall;
  connect(peerId: string): StockLink;
}
interface StockLink {
  readonly peer: string;
  on(event: string, listener: (value: never) => void): void;
  send(data: unknown): void;
}
interface StockCall {
  readonly peerConnection: RTCPeerConnection;
  answer(stream: MediaStream): void;
  on(event: string, listener: (value: never) => void): void;
}

// These functions run in the page: each must hold all that it uses.
declare global {
  interface Window {
    Peer: new (id: string, options: object) => StockPeer;
    stock?: { peer: StockPeer; call?: StockCall; heard: Heard };
  }
}

/** In a page: opens the client; resolves with its id, or with the type of the error that it gives up with. */
export async function openPeer({ id, token, port }: PeerStart): Promise<string> {
  const peer = new window.Peer(id, {
    host: '127.0.0.1',
    port,
    path: '/',
    key: 'teatime',
    secure: false,
    token,
    config: { iceServers: [] },
    debug: 0,
  });
  const heard: Heard = { data: [], from: [], errors: [] };
  window.stock = { peer, heard };
  peer.on('connection', (link: StockLink) => {
    heard.from.push(link.peer);
    link.on('data', (data: unknown) => heard.data.push(data));
  });
  return new Promise((resolve) => {
    peer.on('open', (opened: string) => resolve(opened));
    peer.on('error', ({ type }: { type: string }) => {
      heard.errors.push(type);
      resolve(type);
    });
  });
}

/** In a page: answers whoever calls with camera and microphone. */
export async function answering(): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const { stock } = window;
  stock?.peer.on('call', (call: StockCall) => {
    stock.call = call;
    call.on('stream', (srcObject: MediaStream) => void Object.assign(new Audio(), { srcObject }).play());
    call.answer(stream);
  });
}

/** In a page: calls somebody with camera and microphone. */
export async function dialPeer(peerId: string): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const { stock } = window;
  if (!stock) return;
  stock.call = stock.peer.call(peerId, stream);
  // Nothing is decoded of sound that is not played.
  stock.call.on('stream', (srcObject: MediaStream) => void Object.assign(new Audio(), { srcObject }).play());
}

/** In a page: sends text on a data channel, when that opens. */
export async function sendTo({ peerId, text }: { peerId: string; text: string }): Promise<void> {
  const link = window.stock?.peer.connect(peerId);
  link?.on('open', () => link.send(text));
}

/** In a page: what has arrived so far. */
export async function heardOf(): Promise<Heard> {
  return window.stock?.heard ?? { data: [], from: [], errors: ['not open'] };
}

/** In a page: what has been decoded of the call. Chromium's fake microphone beeps. */
export async function mediaFrom(): Promise<ArrivedMedia> {
  let [frames, energy] = [0, 0];
  for (const report of (await window.stock?.call?.peerConnection.getStats())?.values() ?? []) {
    if (report.type !== 'inbound-rtp') continue;
    frames += report.framesDecoded ?? 0;
    energy += report.totalAudioEnergy ?? 0;
  }
  return { seen: frames > 10, heard: energy > 0.001 };
}
