/** A request to open a socket. */
export interface UpgradeRequest {
  readonly path: SocketPath;
  /** What follows `?` in the URL, or an empty string. */
  readonly query: string;
  /** The other end of the TCP connection, as text. */
  readonly peer: string;
  readonly host: string;
  readonly origin: string | undefined;
  readonly forwardedFor: string | undefined;
  readonly forwardedProto: string | undefined;
}

/** What becomes of it: a socket with its context, or an HTTP error. */
export type UpgradeAnswer<Context> =
  | { readonly accept: Context }
  | { readonly status: number; readonly message: string; readonly retryAfterSeconds?: number };

/** One open socket. After `close`, `terminate` or the other end's leaving, all methods do nothing. */
export interface Socket {
  /** Sends a text frame, in order with what is published. What one turn of the event loop sends leaves together. */
  send(frame: string): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  /** Closes with a code; the listener's `closed` is called before this returns. */
  close(code: number, reason: string): void;
  /** Bytes that wait for the other end to read. */
  bufferedBytes(): number;
}

/** What a socket tells. */
export interface SocketListener {
  /** A whole message of so many bytes; `undefined` when it was binary. */
  message(text: string | undefined, bytes: number): void;
  /** The socket is gone; called once. `slow` says that it was dropped because the other end did not read. */
  closed(slow: boolean): void;
}

/** Who is behind the sockets. */
export interface TransportHandlers<Context> {
  upgrade(request: UpgradeRequest): Promise<UpgradeAnswer<Context>>;
  open(socket: Socket, context: Context): SocketListener;
}

/** What a transport may be told. */
export interface TransportOptions {
  /** A socket with more than this waiting is dropped. */
  readonly backpressureBytes: number;
  /** A socket with more than this waiting misses ephemeral events, where the transport can tell. */
  readonly ephemeralBackpressureBytes: number;
  /** A socket from which nothing, not even the answer to a ping, came for so long is dropped. At least 8. */
  readonly idleTimeoutSeconds: number;
}

/**
 * Sockets at `/ws` and `/peerjs`: text frames of up to 64 KiB, no compression, topics. Both implementations pass the same conformance suite.
 * Events of one topic reach each socket in the order in which they were published.
 */
export interface Transport {
  readonly name: 'uws' | 'ws';
  /** Listens; resolves with the port. */
  listen(host: string, port: number): Promise<number>;
  publish(topic: string, frame: string, ephemeral: boolean): void;
  /** Takes no new connections from now on. */
  stopListening(): void;
  /** Ends all sockets and the listener. */
  close(): Promise<void>;
}

/** The paths that are served: commands and events, and the signalling of calls. */
export const socketPaths = ['/ws', '/peerjs'] as const;
/** A path that is served. */
export type SocketPath = (typeof socketPaths)[number];
