import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../support/server.ts';
import { useCallHouse } from './call-house.ts';
import {
  accept,
  aCaller,
  aDevice,
  act,
  call,
  callIs,
  callOn,
  hangUp,
  isConnected,
  mediaFlows,
  openTracks,
  reload,
  showsThem,
  type Caller,
} from './call-pages.ts';
import { startFaultProxy } from './fault-proxy.ts';

const house = useCallHouse();

const connect = async (ida: Caller, jon: Caller): Promise<void> => {
  await call(ida, jon);
  await callIs(jon, 'incoming');
  await accept(jon);
  for (const each of [ida, jon]) await callIs(each, 'connected');
};
/** How many connections of media the page has had so far. */
const linksMade = ({ page }: Caller): Promise<number> =>
  page.evaluate(() => window.witness.links.filter(({ remoteDescription }) => remoteDescription !== null).length);

test('a page that is reloaded in mid-call is asked to come back, and media flows again', async () => {
  const [ida, jon] = await Promise.all([aCaller(house.pages, house.server), aCaller(house.pages, house.server)]);
  await connect(ida, jon);
  await reload(ida, house.server);
  await callIs(ida, 'elsewhere');
  expect(await callOn(ida)).toMatchObject({ rejoin: true });
  expect(await ida.page.evaluate(() => window.witness.asked)).toBe(0);
  await accept(ida);
  for (const each of [ida, jon]) await callIs(each, 'connected');
  for (const each of [ida, jon]) await mediaFlows(each);
});

test('media goes on while the line of one is cut, and signalling comes back by itself', async () => {
  const proxy = await startFaultProxy(house.server);
  const [ida, jon] = await Promise.all([aCaller(house.pages, proxy), aCaller(house.pages, house.server)]);
  await connect(ida, jon);
  proxy.refuse();
  await ida.page.waitForFunction(() => window.chat.$connection.get().status !== 'connected');
  for (const each of [ida, jon]) await mediaFlows(each);
  proxy.pass();
  await ida.page.evaluate(() => window.chat.reconnectNow());
  await isConnected(ida.page);
  // Muting goes by the socket; a new connection of media, by signalling.
  await act(ida, 'setMuted', true);
  await showsThem(jon, ida, { audio: false });
  await act(ida, 'setMuted', false);
  const before = await linksMade(jon);
  for (const { page } of [ida, jon])
    await page.evaluate(() =>
      window.witness.links.forEach((link) => link.connectionState === 'connected' && link.close()),
    );
  for (const each of [ida, jon]) await mediaFlows(each);
  expect(await linksMade(jon)).toBeGreaterThan(before);
  for (const each of [ida, jon]) await callIs(each, 'connected');
});

test('who hangs up while the line is cut is out of the call as soon as it is back', async () => {
  const proxy = await startFaultProxy(house.server);
  const [ida, jon] = await Promise.all([aCaller(house.pages, proxy), aCaller(house.pages, house.server)]);
  await connect(ida, jon);
  proxy.refuse();
  await ida.page.waitForFunction(() => window.chat.$connection.get().status !== 'connected');
  await hangUp(ida);
  expect(await openTracks(ida)).toBe(0);
  proxy.pass();
  await ida.page.evaluate(() => window.chat.reconnectNow());
  await callIs(jon, 'ended');
  expect(await openTracks(jon)).toBe(0);
});

test('a call to which nobody comes back after the server was killed is over a minute later', async () => {
  const own = await startServer({ ALLOWED_ORIGINS: house.pages.origin });
  onTestFinished(() => own.remove());
  const [ida, jon] = await Promise.all([aCaller(house.pages, own), aCaller(house.pages, own)]);
  await connect(ida, jon);
  // The pages are connected before they have told the server.
  await expect.poll(() => own.query('select state from calls')).toEqual([{ state: 'connected' }]);
  await own.crash();
  for (const { page } of [ida, jon]) await page.context().close();
  await own.start();
  const started = Date.now();
  const later = await aDevice(house.pages, own, ida);
  await callIs(later, 'elsewhere');
  await callIs(later, undefined, 90_000);
  const [call] = await own.query<{ state: string; outcome: string; ended: Date }>(
    'select state, outcome, ended_at as ended from calls',
  );
  expect(call).toMatchObject({ state: 'ended', outcome: 'completed' });
  // A minute, and the second in which somebody looks; when nobody could look does not count.
  expect(call!.ended.getTime() - started).toBeLessThan(65_000);
});

test('a chat that ends in mid-call hangs up, and lets go of the devices', async () => {
  const [ida, jon] = await Promise.all([aCaller(house.pages, house.server), aCaller(house.pages, house.server)]);
  await connect(ida, jon);
  await ida.page.evaluate(() => window.chat.destroy());
  expect(await openTracks(ida)).toBe(0);
  await callIs(jon, 'ended', 5000);
});
