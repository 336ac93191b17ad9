import { expect, onTestFinished, test, vi } from 'vitest';
import { startTestBackend } from '../../backend/testing/index.ts';
import { findTurnServer, startTurnServer } from '../../backend/testing/turn-server.ts';
import { accept, aCaller, call, callIs, callSwitches, mediaFlows, type Caller } from './call-pages.ts';
import { startFaultWay } from './fault-way.ts';
import { startPages } from './pages.ts';

// Browsers that encode pictures take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

/** How many connections of media there were so far, and the name of the way that each goes by, which a restart changes (RFC 8445). */
const ways = ({ page }: Caller): Promise<{ made: number; names: (string | undefined)[] }> =>
  page.evaluate(() => {
    const links = window.witness.links.filter(({ remoteDescription }) => remoteDescription !== null);
    return {
      made: links.length,
      names: links.map(({ remoteDescription }) => /^a=ice-ufrag:(.*)$/m.exec(remoteDescription?.sdp ?? '')?.[1]),
    };
  });

test.skipIf(findTurnServer() === undefined)(
  'when the network of both changes, the same connection finds another way, and media flows again',
  async () => {
    // The shipped file lets nobody reach this machine; here both ends are on it.
    const turn = await startTurnServer(['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1']);
    onTestFinished(() => turn.stop());
    const network = await startFaultWay(turn.port);
    const pages = await startPages(callSwitches);
    onTestFinished(() => pages.close());
    const server = await startTestBackend({
      allowedOrigins: [pages.origin],
      calls: {
        turn: { urls: [`turn:127.0.0.1:${network.port}?transport=udp`], secret: turn.secret },
        relayOnly: 'everybody',
      },
    });
    onTestFinished(() => server.close());
    const [ida, jon] = await Promise.all([aCaller(pages, server), aCaller(pages, server)]);
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await accept(jon);
    for (const each of [ida, jon]) await callIs(each, 'connected');
    for (const each of [ida, jon]) await mediaFlows(each);
    const before = await Promise.all([ida, jon].map(ways));
    const shown = await jon.page.evaluateHandle(() => {
      const states: (string | undefined)[] = [];
      window.chat.$call.listen((view) => states.push(view?.state));
      return states;
    });

    network.lose();
    for (const [index, each] of [ida, jon].entries())
      await expect.poll(async () => (await ways(each)).names, { timeout: 60_000 }).not.toEqual(before[index]?.names);
    for (const each of [ida, jon]) await callIs(each, 'connected');
    for (const each of [ida, jon]) await mediaFlows(each);
    for (const each of [ida, jon]) expect((await ways(each)).made).toBe(1);
    // Whose page sees it later may have another way before it misses the old one; this one begins.
    expect(await shown.evaluate((states) => states)).toContain('reconnecting');
  },
);
