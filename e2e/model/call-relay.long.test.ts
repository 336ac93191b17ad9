import { describe, expect, test } from 'vitest';
import { findTurnServer } from '../../backend/testing/turn-server.ts';
import { useRelayHouse } from './call-house.ts';
import { accept, aCaller, call, callIs, mediaFlows, showsThem } from './call-pages.ts';

describe.skipIf(findTurnServer() === undefined)('a call that may go by coturn only', () => {
  const house = useRelayHouse();

  test('carries pictures and sound, and tells nobody an address of the other', async () => {
    const [ida, jon] = await Promise.all([aCaller(house.pages, house.server), aCaller(house.pages, house.server)]);
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await accept(jon);
    for (const each of [ida, jon]) await callIs(each, 'connected');
    for (const each of [ida, jon]) await mediaFlows(each);
    for (const { page } of [ida, jon]) {
      const told = await page.evaluate(() =>
        window.witness.links.flatMap(
          ({ remoteDescription }) => remoteDescription?.sdp.match(/^a=candidate:.*$/gm) ?? [],
        ),
      );
      expect(told.length).toBeGreaterThan(0);
      for (const candidate of told) expect(candidate).toMatch(/ typ relay /);
    }
  });
});

describe.skipIf(findTurnServer() === undefined)('a call by a relay that lets little through', () => {
  const house = useRelayHouse('--max-bps=14000');

  test('holds pictures back, says so, and carries sound', async () => {
    const [ida, jon] = await Promise.all([aCaller(house.pages, house.server), aCaller(house.pages, house.server)]);
    await call(ida, jon);
    await callIs(jon, 'incoming');
    await accept(jon);
    await callIs(ida, 'connected', 30_000);
    for (const [each, other] of [
      [ida, jon],
      [jon, ida],
    ] as const)
      await showsThem(each, other, { videoPaused: true, video: true }, 40_000);
    for (const each of [ida, jon]) await mediaFlows(each, { pictures: false });
  }, 120_000);
});
