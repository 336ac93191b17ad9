import { afterAll, beforeAll, vi } from 'vitest';
import { startTestBackend, type ConfigOverrides, type TestBackend } from '../../backend/testing/index.ts';
import { startTurnServer, type TurnServer } from '../../backend/testing/turn-server.ts';
import { callSwitches } from './call-pages.ts';
import { startPages, type Pages } from './pages.ts';

/** A server, and a browser whose pages may call through it. */
export interface CallHouse {
  readonly server: TestBackend;
  readonly pages: Pages;
}

/** Gives the tests of a file or a suite a house, which is there as soon as they run, and time for browsers that encode pictures on a busy machine. */
export const useCallHouse = (calls: () => NonNullable<ConfigOverrides['calls']> = () => ({})): CallHouse => {
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
  const house: { server?: TestBackend; pages?: Pages } = {};
  beforeAll(async () => {
    const pages = await startPages(callSwitches);
    house.pages = pages;
    house.server = await startTestBackend({ allowedOrigins: [pages.origin], calls: calls() });
  }, 120_000);
  afterAll(async () => {
    await house.pages?.close();
    await house.server?.close();
  });
  return house as CallHouse;
};

/** The same, with calls that go by a coturn of their own alone; `options` are its. */
export const useRelayHouse = (...options: string[]): CallHouse => {
  let turn: TurnServer;
  beforeAll(async () => {
    // The shipped file lets nobody reach this machine; here both ends are on it.
    turn = await startTurnServer(['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1', ...options]);
  }, 120_000);
  afterAll(() => turn?.stop());
  return useCallHouse(() => ({
    turn: { urls: [`turn:127.0.0.1:${turn.port}?transport=udp`], secret: turn.secret },
    relayOnly: 'everybody',
  }));
};
