import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startServer } from '../support/server.ts';
import {
  accept,
  aCaller,
  act,
  call,
  callIs,
  callOn,
  callSwitches,
  hangUp,
  isConnected,
  mediaFlows,
  showsThem,
} from './call-pages.ts';
import { startPages, type Pages } from './pages.ts';

// Browsers that encode pictures take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let pages: Pages;

beforeAll(async () => {
  pages = await startPages(callSwitches);
});
afterAll(() => pages?.close());

test('a server that is killed in mid-call and started again finds the call as it was', async () => {
  const own = await startServer({ ALLOWED_ORIGINS: pages.origin });
  onTestFinished(() => own.remove());
  const [ida, jon] = await Promise.all([aCaller(pages, own), aCaller(pages, own)]);
  await call(ida, jon);
  await callIs(jon, 'incoming');
  await accept(jon);
  for (const each of [ida, jon]) await callIs(each, 'connected');
  // The pages are connected before they have told the server.
  await expect.poll(() => own.query('select state from calls')).toEqual([{ state: 'connected' }]);
  await own.crash();
  for (const { page } of [ida, jon])
    await page.waitForFunction(() => window.chat.$connection.get().status !== 'connected');
  for (const each of [ida, jon]) await mediaFlows(each);
  await own.start();
  for (const { page } of [ida, jon]) {
    await page.evaluate(() => window.chat.reconnectNow());
    await isConnected(page);
  }
  await act(ida, 'setMuted', true);
  await showsThem(jon, ida, { audio: false });
  for (const each of [ida, jon]) await callIs(each, 'connected');
  await hangUp(ida);
  await callIs(jon, 'ended');
  expect(await callOn(jon)).toMatchObject({ reason: 'completed' });
});
