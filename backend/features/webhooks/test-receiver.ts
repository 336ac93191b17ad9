import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';

/** An address of this machine that tests let webhooks go to; others of it they do not. */
export const receiverAddress = '127.0.0.2';

/** What came to a receiver. */
export interface Received {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body, read. */
  readonly event: {
    readonly type: string;
    readonly site: string;
    readonly timestamp: string;
    readonly data: EventData;
  };
}

/** The data of events, as tests look into it. */
export interface EventData {
  readonly conversation?: { readonly id: string; readonly title?: string };
  readonly message?: {
    readonly id: string;
    readonly seq: number;
    readonly text?: string;
    readonly [more: string]: unknown;
  };
  readonly [more: string]: unknown;
}

/** A server of a site's own, as a test has it. */
export interface Receiver {
  readonly url: string;
  /** Everything that came, in the order in which it came. */
  readonly received: Received[];
  /** How the next ones are answered; 204 by default. */
  answer: (received: Received, response: ServerResponse) => void;
  /** Waits until so many came that are like this. */
  until(count: number, like?: (received: Received) => boolean): Promise<Received[]>;
  close(): Promise<void>;
}

/** Answers by a status. */
export const withStatus =
  (status: number) =>
  (_: Received, response: ServerResponse): void =>
    void response.writeHead(status).end();

/** Starts a receiver. */
export const aReceiver = async (): Promise<Receiver> => {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).map(String).join('');
    const one: Received = {
      headers: request.headers as Record<string, string>,
      body,
      event: JSON.parse(body) as Received['event'],
    };
    received.push(one);
    receiver.answer(one, response);
  });
  server.listen(0, receiverAddress);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://${receiverAddress}:${port}/hook`,
    received,
    answer: withStatus(204),
    async until(count, like = () => true) {
      await expect
        .poll(() => received.filter(like).length, { timeout: 30_000, interval: 20 })
        .toBeGreaterThanOrEqual(count);
      return received.filter(like);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
};
