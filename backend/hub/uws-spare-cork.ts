import { randomUUID } from 'node:crypto';
import { get, type ClientRequest } from 'node:http';
import type { HttpResponse, TemplatedApp } from 'uWebSockets.js';

/** The cork of a request that is never answered, for writes that must not be made within their own. */
export interface SpareCork {
  /** Makes the request, to the port that the app listens on. */
  open(host: string, port: number): void;
  run(write: () => void): void;
  close(): void;
}

const reachable: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Lets an app upgrade requests some time after they came. uWebSockets.js 20 may close a socket that was upgraded within its own cork: its
 * memory shrinks where it lies and is then still read as that of a request (uNetworking/uWebSockets#1928, mended in July 2026). Outside
 * any cork it writes a warning for each; within that of another request it does neither.
 */
export const createSpareCork = (app: TemplatedApp): SpareCork => {
  const path = `/${randomUUID()}`;
  let request: ClientRequest | undefined;
  let spare: HttpResponse | undefined;
  app.get(path, (response) => {
    response.onAborted(() => (spare = undefined));
    spare = response;
  });
  return {
    open(host, port) {
      request = get({ host: reachable[host] ?? host, port, path, agent: false });
      // Without it sockets open all the same, with a warning each.
      request.on('error', () => undefined);
    },
    run(write) {
      if (spare) spare.cork(write);
      else write();
    },
    close: () => void request?.destroy(),
  };
};
