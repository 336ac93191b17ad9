import type { MediaConnection } from 'peerjs';

/** What a restart asks of whoever keeps the link. */
export interface IceRestartOptions {
  /** The ICE servers of now, whose credentials may be others than when the link was made. */
  configuration(): RTCConfiguration;
  /** Hands a description to the other side of this connection. */
  tell(description: RTCSessionDescription): void;
}

/**
 * Lets a connection of PeerJS find another way for the media that it carries (ICE restart: RFC 8445, section 9; JSEP: RFC 9429, section 5.4), on both sides of it.
 * The returned function begins one; its promise tells no more than that the offer is on its way, and rejects when there could be none.
 */
export const prepareIceRestart = (pc: RTCPeerConnection, options: IceRestartOptions): (() => Promise<void>) => {
  // PeerJS would close what has failed, and send no candidates any more once the first way was found.
  pc.oniceconnectionstatechange = null;

  const describe = async () => {
    await pc.setLocalDescription();
    if (pc.localDescription) options.tell(pc.localDescription);
  };
  pc.addEventListener('signalingstatechange', () => {
    // The first offer is for PeerJS to answer.
    if (pc.signalingState !== 'have-remote-offer' || !pc.currentRemoteDescription) return;
    pc.setConfiguration(options.configuration());
    // Unanswered, the other side replaces the connection.
    void describe().catch(() => {});
  });
  return async () => {
    pc.setConfiguration(options.configuration());
    pc.restartIce();
    await describe();
  };
};

/** A description as PeerJS carries it within a connection. It takes an OFFER for a new one; what an ANSWER holds it applies, whichever kind that is. */
export const restartFrame = ({ connectionId, peer, type }: MediaConnection, sdp: RTCSessionDescription): object => ({
  type: 'ANSWER',
  payload: { sdp, type, connectionId },
  dst: peer,
});
