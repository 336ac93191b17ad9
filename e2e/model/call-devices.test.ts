import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import type { ChatNotice, DevicePreview } from '../../widget/model/types.ts';
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

// Browsers that encode pictures take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

declare global {
  interface Window {
    told: ChatNotice[];
    preview: DevicePreview;
    /** Lets the page's next request for devices be answered. */
    letGo(): void;
  }
}

const devices = callSwitches.filter((each) => !/fake-/.test(each));
let server: TestBackend;
/** One browser whose person says yes to everything, one whose person is asked and says nothing, and one without any devices. */
let willing: Pages;
let asked: Pages;
let bare: Pages;

beforeAll(async () => {
  [willing, asked, bare] = await Promise.all([
    startPages(callSwitches),
    startPages([...devices, '--use-fake-device-for-media-stream', '--deny-permission-prompts']),
    startPages([...devices, '--use-fake-ui-for-media-stream']),
  ]);
  server = await startTestBackend({ allowedOrigins: [willing.origin, asked.origin, bare.origin] });
}, 120_000);
afterAll(async () => {
  await Promise.all([willing, asked, bare].map((pages) => pages?.close()));
  await server?.close();
});

const listen = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.told = [];
    window.chat.onNotice((notice) => window.told.push(notice));
  });
const permissions = (page: Page): Promise<unknown[]> =>
  page.evaluate(() =>
    window.told.flatMap((notice) => (notice.type === 'permission' ? [`${notice.device} ${notice.reason}`] : [])),
  );
/** Calls from a page whose devices cannot be had; answers what it was told. */
const callWithout = async (ida: Caller): Promise<unknown[]> => {
  const jon = await aCaller(willing, server);
  await listen(ida.page);
  await call(ida, jon);
  await callIs(jon, 'incoming');
  await accept(jon);
  await callIs(ida, 'connected');
  // One can listen and look all the same.
  await mediaFlows(ida);
  await expect
    .poll(async () => (await callOn(jon))?.participants.find(({ own }) => !own))
    .toMatchObject({ audio: false, video: false });
  expect(await callOn(ida)).toMatchObject({ muted: true, cameraOn: false, problem: {} });
  return permissions(ida.page);
};

describe('devices that cannot be used are told of with the reason, and the call goes on without them:', () => {
  test('the person does not let the page', async () => {
    expect(await callWithout(await aCaller(asked, server))).toEqual(['microphone denied', 'camera denied']);
  });

  test('there are none', async () => {
    expect(await callWithout(await aCaller(bare, server))).toEqual(['microphone missing', 'camera missing']);
  });

  test('the Permissions-Policy of the page forbids them', async () => {
    const ida = await aCaller({ ...willing, origin: willing.forbidding }, server);
    expect(await callWithout(ida)).toEqual(['microphone blocked', 'camera blocked']);
  });
});

test('a look at the devices shows picture, level and choices, and lets go of everything at once', async () => {
  const ida = await aCaller(willing, server);
  const { page } = ida;
  await page.evaluate(async () => {
    window.preview = await (await window.chat.calls()).previewDevices({ video: true });
  });
  await page.waitForFunction(() => window.preview.$check.get().ready);
  const seen = await page.evaluate(() => {
    const { devices: all, stream, microphoneId, cameraId, problems } = window.preview.$check.get();
    return {
      labelled: all.microphones.every(({ label }) => label !== '') && all.cameras.every(({ label }) => label !== ''),
      chosen: [all.microphones.some(({ id }) => id === microphoneId), all.cameras.some(({ id }) => id === cameraId)],
      live: stream?.getVideoTracks()[0]?.readyState,
      problems,
    };
  });
  expect(seen).toEqual({ labelled: true, chosen: [true, true], live: 'live', problems: [] });
  // Chromium's fake microphone beeps.
  await page.waitForFunction(() => window.preview.$level.get() > 0.2);
  await page.evaluate(() => window.preview.setCamera(false));
  expect(await openTracks(ida)).toBe(1);
  expect(await page.evaluate(() => window.preview.$check.get().stream)).toBeUndefined();
  await page.evaluate(() => window.preview.release());
  expect(await openTracks(ida)).toBe(0);
  expect(await page.evaluate(() => window.chat.$call.get())).toBeUndefined();
});

test('devices that come after the call is over are let go of as they come', async () => {
  const [ida, jon] = await Promise.all([aCaller(willing, server), aCaller(willing, server)]);
  await ida.page.evaluate(() => {
    const plain = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const gate = new Promise<void>((resolve) => (window.letGo = resolve));
    navigator.mediaDevices.getUserMedia = async (wish) => {
      await gate;
      return plain(wish);
    };
  });
  await call(ida, jon);
  await callIs(jon, 'incoming');
  await hangUp(ida);
  await callIs(jon, undefined);
  await ida.page.evaluate(() => window.letGo());
  await ida.page.waitForFunction(() => window.witness.tracks.length > 0);
  await expect.poll(() => openTracks(ida), { timeout: 500 }).toBe(0);
});
