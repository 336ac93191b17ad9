import { availableParallelism, loadavg } from 'node:os';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import {
  accept,
  aCaller,
  act,
  callIs,
  callOn,
  callSwitches,
  hangUp,
  mediaFlows,
  openTracks,
  showsThem,
  type Caller,
} from './call-pages.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { startPages, type Pages } from './pages.ts';

// Browsers that encode pictures take their time on a machine that is busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

let server: TestBackend;
let pages: Pages;

beforeAll(async () => {
  // Four who send thirty large pictures a second to each of the others are more than a small machine can encode.
  pages = await startPages([...callSwitches, '--use-fake-device-for-media-stream=fps=10']);
  server = await startTestBackend({ allowedOrigins: [pages.origin] });
}, 120_000);
afterAll(async () => {
  await pages?.close();
  await server?.close();
});

const startGroup = ({ page }: Caller, others: readonly Caller[]): Promise<string> =>
  page.evaluate(
    async (ids) => {
      const conversationId = await window.chat.createGroup('Tea', ids);
      await (await window.chat.calls()).start(conversationId, { video: true });
      return conversationId;
    },
    others.map(({ id }) => id),
  );

test('four see and hear each other, one of them late; who vanishes is out within 15 seconds, and the others go on', async () => {
  const proxy = await startFaultProxy(server);
  const [ida, jon, mia] = await Promise.all([aCaller(pages, server), aCaller(pages, server), aCaller(pages, server)]);
  const noor = await aCaller(pages, proxy);
  const id = await startGroup(ida, [jon, mia, noor]);
  for (const each of [jon, mia, noor]) await callIs(each, 'incoming');
  await accept(jon);
  await accept(mia);
  for (const each of [ida, jon, mia]) await mediaFlows(each, { links: 2 });
  for (const each of [ida, jon]) await showsThem(each, noor, { state: 'ringing' });

  // Late: she declines first, and comes in by herself.
  await noor.page.evaluate(async () => (await window.chat.calls()).decline());
  await callIs(noor, undefined);
  await noor.page.evaluate(async (to) => (await window.chat.calls()).start(to, { video: true }), id);
  const all = [ida, jon, mia, noor];
  for (const each of all) await mediaFlows(each, { links: 3 });
  for (const each of all) for (const other of all) await showsThem(each, other, { state: 'connected', video: true });
  // The more there are, the smaller the pictures.
  const sent = () =>
    ida.page.evaluate(() =>
      window.witness.links
        .filter(({ connectionState }) => connectionState === 'connected')
        .flatMap((link) => link.getSenders().filter(({ track }) => track?.kind === 'video'))
        .map((sender) => sender.getParameters().encodings[0]?.maxBitrate),
    );
  await expect.poll(sent, { timeout: 30_000 }).toEqual([450_000, 450_000, 450_000]);

  // Nothing says that she is gone: her sockets stay open, and are silent.
  proxy.swallow();
  await noor.page.close();
  const gone = performance.now();
  await showsThem(ida, noor, { state: 'left' }, 60_000);
  // Where many wait for each core, pages and the server look later than they mean to.
  const busy = loadavg()[0]! > availableParallelism();
  expect(performance.now() - gone).toBeLessThan(busy ? 45_000 : 15_500);
  for (const each of [ida, jon, mia]) await mediaFlows(each, { links: 2 });

  await hangUp(mia);
  // Shown for some seconds only.
  expect(await callOn(mia)).toMatchObject({ state: 'ended', reason: 'left' });
  expect(await openTracks(mia)).toBe(0);
  await showsThem(jon, mia, { state: 'left' });
  for (const each of [ida, jon]) await mediaFlows(each);
  await hangUp(jon);
  await callIs(ida, 'ended');
  expect(await openTracks(ida)).toBe(0);
});

test('who comes when a call is full is told so, and can come when somebody has left', async () => {
  const small = await startTestBackend({
    allowedOrigins: [pages.origin],
    calls: { videoParticipants: 2, audioParticipants: 2 },
  });
  onTestFinished(() => small.close());
  const [ida, jon, mia] = await Promise.all([aCaller(pages, small), aCaller(pages, small), aCaller(pages, small)]);
  const id = await startGroup(ida, [jon, mia]);
  for (const each of [jon, mia]) await callIs(each, 'incoming');
  await accept(jon);
  await callIs(ida, 'connected');
  const refused = await mia.page.evaluate(async () =>
    (await window.chat.calls()).accept({ video: true }).then(
      () => 'let in',
      ({ failure }: { failure: { code: string } }) => failure.code,
    ),
  );
  expect(refused).toBe('conflict');
  await callIs(mia, 'ended');
  expect(await callOn(mia)).toMatchObject({ reason: 'full' });
  expect(await openTracks(mia)).toBe(0);
  // It rings on, and she may try again.
  await act(mia, 'dismiss');
  await callIs(mia, 'incoming');
  await act(mia, 'decline');
  await callIs(mia, undefined);
  await hangUp(jon);
  // Mia has declined, so that nobody is left to talk with.
  await callIs(ida, 'ended');
  await mia.page.evaluate(async (to) => (await window.chat.calls()).start(to, { video: false }), id);
  await callIs(mia, 'outgoing');
});
