import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP proxy that fails on demand. */
export interface FaultProxy {
  readonly url: string;
  /** When each connection came, in milliseconds of `performance.now()`. */
  readonly arrivals: readonly number[];
  /** Connections that are open now. */
  readonly open: number;
  /** Lets everything through to this server. */
  pass(url?: string): void;
  /** Answers every new connection with a reset, and resets those that are there. */
  refuse(): void;
  /** Swallows what comes on the WebSockets that are there, both ways, without ending them; all else passes. */
  swallow(): void;
  /** Resets the connections that are there; new ones pass. */
  cut(): void;
}

/** Starts a proxy in front of a server. */
export const startFaultProxy = async (server: { readonly url: string }): Promise<FaultProxy> => {
  let target = new URL(server.url);
  let refusing = false;
  const arrivals: number[] = [];
  const pairs = new Set<{ near: Socket; far: Socket; socket: boolean; swallowed: boolean }>();

  const reset = () => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    pairs.clear();
  };

  const listener = createServer((near) => {
    arrivals.push(performance.now());
    near.on('error', () => {});
    if (refusing) return near.resetAndDestroy();
    const far = connect(Number(target.port), target.hostname);
    const pair = { near, far, socket: false, swallowed: false };
    pairs.add(pair);
    far.on('error', () => near.destroy());
    near.once('data', (data) => (pair.socket = /^upgrade: *websocket/im.test(data.toString('latin1'))));
    near.on('data', (data) => void (pair.swallowed || far.write(data)));
    far.on('data', (data) => void (pair.swallowed || near.write(data)));
    near.on('close', () => {
      pairs.delete(pair);
      if (!pair.swallowed) far.destroy();
    });
    far.on('close', () => {
      if (!pair.swallowed) near.destroy();
    });
    return undefined;
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    reset();
    listener.close();
  });

  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    arrivals,
    get open() {
      return pairs.size;
    },
    pass(url) {
      if (url !== undefined) target = new URL(url);
      refusing = false;
    },
    refuse() {
      refusing = true;
      reset();
    },
    swallow() {
      for (const pair of pairs) pair.swallowed = pair.socket;
    },
    cut: reset,
  };
};
