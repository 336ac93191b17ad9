import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import {
  accept,
  aCaller,
  call,
  callIs,
  callOn,
  callSwitches,
  hangUp,
  mediaFlows,
  openTracks,
  type Caller,
} from './call-pages.ts';
import { startPages, type Pages } from './pages.ts';

let server: TestBackend;
let pages: Pages;

beforeAll(async () => {
  pages = await startPages(callSwitches);
  server = await startTestBackend({ allowedOrigins: [pages.origin] });
}, 120_000);
afterAll(async () => {
  await pages?.close();
  await server?.close();
});

/** Two pages in a call with each other. */
const talking = async (): Promise<{ ida: Caller; jon: Caller }> => {
  const [ida, jon] = [await aCaller(pages, server), await aCaller(pages, server)];
  await call(ida, jon);
  await callIs(jon, 'incoming');
  await accept(jon);
  for (const each of [ida, jon]) await callIs(each, 'connected');
  return { ida, jon };
};

test('two see and hear each other, and nothing is opened before the answer', async () => {
  const [ida, jon] = [await aCaller(pages, server), await aCaller(pages, server)];
  await call(ida, jon);
  await callIs(ida, 'outgoing');
  await callIs(jon, 'incoming');
  expect(
    await jon.page.evaluate(() => [
      window.witness.asked,
      window.witness.links.filter((link) => link.localDescription).length,
    ]),
  ).toEqual([0, 0]);
  await accept(jon);
  for (const each of [ida, jon]) await callIs(each, 'connected');
  for (const each of [ida, jon]) await mediaFlows(each);
  const view = await callOn(ida);
  expect(
    view?.participants.map(({ user, own, state, audio, video }) => ({ id: user.id, own, state, audio, video })),
  ).toEqual([
    { id: ida.id, own: true, state: 'connected', audio: true, video: true },
    { id: jon.id, own: false, state: 'connected', audio: true, video: true },
  ]);
});

test('who hangs up ends the call of two, and all devices are let go of at once', async () => {
  const { ida, jon } = await talking();
  expect(await openTracks(ida)).toBeGreaterThan(1);
  await hangUp(ida);
  expect(await openTracks(ida)).toBe(0);
  await callIs(jon, 'ended');
  expect(await openTracks(jon)).toBe(0);
  expect(await callOn(jon)).toMatchObject({ reason: 'completed' });
});
