/** How a page reaches another one. */
export interface Dial {
  readonly iceServers: RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
}

/** What has arrived of the other page: decoded pictures, and sound that is more than silence. */
export interface ArrivedMedia {
  readonly seen: boolean;
  readonly heard: boolean;
}

// These functions run in the page: each must hold all that it uses, and the connection is kept where the next one finds it.
declare global {
  interface Window {
    peer?: RTCPeerConnection;
    iceErrors?: number[];
  }
}

/** In a page: calls with camera and microphone; resolves with an offer that has all candidates. */
export async function dialOut({ iceServers, iceTransportPolicy }: Dial): Promise<string> {
  const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy, bundlePolicy: 'max-bundle' });
  window.peer = peer;
  const errors = (window.iceErrors = [] as number[]);
  peer.addEventListener('icecandidateerror', ({ errorCode }) => errors.push(errorCode));
  // Nothing is decoded of sound that is not played.
  peer.addEventListener('track', ({ streams }) => {
    void Object.assign(new Audio(), { srcObject: streams[0] }).play();
  });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete')
    await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }));
  return peer.localDescription?.sdp ?? '';
}

/** In a page: answers with camera and microphone; resolves with an answer that has all candidates. */
export async function takeOffer({ iceServers, iceTransportPolicy, offer }: Dial & { offer: string }): Promise<string> {
  const peer = new RTCPeerConnection({ iceServers, iceTransportPolicy, bundlePolicy: 'max-bundle' });
  window.peer = peer;
  // Nothing is decoded of sound that is not played.
  peer.addEventListener('track', ({ streams }) => {
    void Object.assign(new Audio(), { srcObject: streams[0] }).play();
  });
  await peer.setRemoteDescription({ type: 'offer', sdp: offer });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) peer.addTrack(track, stream);
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== 'complete')
    await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }));
  return peer.localDescription?.sdp ?? '';
}

/** In the page that called: what ICE servers refused with while it looked for candidates. */
export async function refusals(): Promise<readonly number[]> {
  return window.iceErrors ?? [];
}

/** In the page that called: takes the answer. */
export async function takeAnswer(answer: string): Promise<void> {
  await window.peer?.setRemoteDescription({ type: 'answer', sdp: answer });
}

/** In a page: what has arrived. Chromium's fake microphone beeps. */
export async function mediaOf(): Promise<ArrivedMedia> {
  let [frames, energy] = [0, 0];
  for (const report of (await window.peer?.getStats())?.values() ?? []) {
    if (report.type !== 'inbound-rtp') continue;
    frames += report.framesDecoded ?? 0;
    energy += report.totalAudioEnergy ?? 0;
  }
  return { seen: frames > 10, heard: energy > 0.001 };
}

/** In a page: the connection's state, and of what kind the two ends of the chosen path are. */
export async function linkState(): Promise<{ state: string; pair: (string | undefined)[] }> {
  const stats = await window.peer?.getStats();
  const all = [...(stats?.values() ?? [])];
  const chosen = all.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  const pair = stats?.get(chosen);
  return {
    state: window.peer?.connectionState ?? '',
    pair: [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => stats?.get(id)?.candidateType),
  };
}
