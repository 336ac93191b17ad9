/** Whom a ticket lets in: one participant, by the address that the server made for this joining. */
export interface SignalAdmission {
  readonly peerId: string;
  readonly callId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly siteId: string;
  /** The key of the site that the call is in: pages of its origins may open the socket. */
  readonly siteKey: string;
}

/** All that the signalling socket asks of calls. What rejects means that the database is away. */
export interface CallDirectory {
  /**
   * Whom this ticket lets in; `undefined` when it is none of ours, too old, or of somebody who is no longer joined to the call by that address and
   * session. Called with whatever a client sends. A ticket opens one socket: the hub sees to that.
   */
  admit(ticket: string): Promise<SignalAdmission | undefined>;
  /** Whether both addresses are of joined participants of this call, `to` one that `from` may reach. Asked after each frame has come. */
  mayReach(callId: string, from: string, to: string): boolean | Promise<boolean>;
  /** Something came from the sockets of these addresses within the last second. */
  seen(peerIds: readonly string[]): Promise<void>;
  /** The socket of this address has closed, and no other has taken its place. Must not throw. */
  gone(peerId: string): void;
}
