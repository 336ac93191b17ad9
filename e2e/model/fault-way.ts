import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** A UDP port in front of another one, whose ways can be lost. */
export interface FaultWay {
  readonly port: number;
  /** Loses, without a word, whatever goes by the ways that are there, for good. Who comes from another port gets through: so it is in another network. */
  lose(): void;
}

/** Opens one for the rest of the test. */
export const startFaultWay = async (target: number): Promise<FaultWay> => {
  const ways = new Map<number, { readonly far: Socket; lost: boolean }>();
  const near = createSocket('udp4');
  const open = (from: number) => {
    const way = { far: createSocket('udp4'), lost: false };
    way.far.on('message', (packet) => void (way.lost || near.send(packet, from, '127.0.0.1')));
    way.far.on('error', () => {});
    ways.set(from, way);
    return way;
  };
  near.on('message', (packet, { port }) => {
    const way = ways.get(port) ?? open(port);
    if (!way.lost) way.far.send(packet, target, '127.0.0.1');
  });
  near.bind(0, '127.0.0.1');
  await once(near, 'listening');
  onTestFinished(() => {
    near.close();
    for (const { far } of ways.values()) far.close();
  });
  return {
    port: near.address().port,
    lose() {
      for (const way of ways.values()) way.lost = true;
    },
  };
};
