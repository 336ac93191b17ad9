import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import type { CallView } from '../../widget/model/types.ts';
import { findFirefox, startFirefox, type Firefox } from './call-firefox.ts';
import {
  accept,
  aCaller,
  act,
  call,
  callIs,
  callSwitches,
  mediaFlows,
  near,
  showsThem,
  type Caller,
} from './call-pages.ts';
import { startPages, type Pages } from './pages.ts';

// Browsers that encode pictures take their time on a machine that is busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

describe.skipIf(findFirefox() === undefined)('Firefox and Chromium', () => {
  let firefox: Firefox;
  let pages: Pages;
  let server: TestBackend;
  let noor: { readonly id: string };

  beforeAll(async () => {
    pages = await startPages(callSwitches);
    server = await startTestBackend({ allowedOrigins: [pages.origin] });
    firefox = await startFirefox();
    await firefox.goto(pages.origin);
    const id = await firefox.run<string>(
      `const Plain = window.RTCPeerConnection;
      window.links = [];
      window.RTCPeerConnection = class extends Plain { constructor(...given) { super(...given); window.links.push(this); } };
      window.chat = window.teatime.createChat({ server: input.url, site: 'default', storage: 'session' });
      await window.chat.start();
      await window.chat.register({ username: input.name, displayName: 'Noor', password: 'a long enough one' });
      return window.chat.$session.get().user.id;`,
      { url: near(server.url), name: `f${Date.now().toString(36)}` },
    );
    noor = { id };
  }, 120_000);
  afterAll(async () => {
    await firefox?.stop();
    await pages?.close();
    await server?.close();
  });

  const state = (): Promise<CallView['state'] | undefined> => firefox.run('return window.chat.$call.get()?.state;');
  const isThere = (wanted: CallView['state'] | undefined) =>
    expect.poll(state, { timeout: 20_000 }).toBe(wanted ?? null);
  const arrivedThere = (): Promise<{ frames: number; sound: number }> =>
    firefox.run(`
      const sum = { frames: 0, sound: 0 };
      for (const link of window.links)
        for (const report of link.connectionState === 'connected' ? (await link.getStats()).values() : []) {
          if (report.type !== 'inbound-rtp') continue;
          if (report.kind === 'video') sum.frames += report.framesDecoded ?? 0;
          else sum.sound += report.packetsReceived ?? 0;
        }
      return sum;`);
  const flowsThere = async (): Promise<void> => {
    const before = await arrivedThere();
    await expect
      .poll(
        async () => {
          const now = await arrivedThere();
          return { seen: now.frames > before.frames + 10, heard: now.sound > before.sound + 20 };
        },
        { timeout: 20_000 },
      )
      .toEqual({ seen: true, heard: true });
  };
  const over = async (ida: Caller): Promise<void> => {
    await firefox.run('await (await window.chat.calls()).leave();');
    await callIs(ida, 'ended');
    await firefox.run('(await window.chat.calls()).dismiss();');
  };

  test('see and hear each other when Firefox answers, with cameras that go off and on', async () => {
    const ida = await aCaller(pages, server);
    await call(ida, noor);
    await isThere('incoming');
    await firefox.run('await (await window.chat.calls()).accept({ video: true });');
    await callIs(ida, 'connected');
    await isThere('connected');
    await mediaFlows(ida);
    await flowsThere();
    await act(ida, 'setCamera', false);
    await firefox.run('await (await window.chat.calls()).setCamera(false);');
    await showsThem(ida, noor, { video: false, audio: true });
    await act(ida, 'setCamera', true);
    await firefox.run('await (await window.chat.calls()).setCamera(true);');
    await showsThem(ida, noor, { video: true });
    await mediaFlows(ida);
    await flowsThere();
    await over(ida);
  });

  test('see and hear each other when Firefox calls', async () => {
    const ida = await aCaller(pages, server);
    await firefox.run('await (await window.chat.calls()).start({ userId: input }, { video: true });', ida.id);
    await callIs(ida, 'incoming');
    await accept(ida);
    await callIs(ida, 'connected');
    await isThere('connected');
    await mediaFlows(ida);
    await flowsThere();
    await over(ida);
  });
});
