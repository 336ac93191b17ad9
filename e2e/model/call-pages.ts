import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { CallHandle, CallParticipant, CallView } from '../../widget/model/types.ts';
import { aPage, begin, register, type Pages } from './pages.ts';

/** What a Chromium needs to make calls on a machine without devices, and without any network but loopback. */
export const callSwitches = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--auto-select-desktop-capture-source=Entire screen',
];

/** What these pages note of their WebRTC. */
interface Witness {
  readonly links: RTCPeerConnection[];
  readonly tracks: MediaStreamTrack[];
  asked: number;
  /** Notes that were struck so far. */
  notes: number;
}

declare global {
  interface Window {
    witness: Witness;
  }
}

/** Runs in a page before anything else: keeps every connection and every track of its devices. */
const watchMedia = (): void => {
  const witness: Witness = { links: [], tracks: [], asked: 0, notes: 0 };
  window.witness = witness;
  const Plain = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Plain {
    constructor(config?: RTCConfiguration) {
      super(config);
      witness.links.push(this);
    }
  };
  const strike = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (when) {
    witness.notes += 1;
    strike.call(this, when);
  };
  const devices = navigator.mediaDevices;
  for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
    const plain = devices[name].bind(devices);
    devices[name] = async (wish?: MediaStreamConstraints) => {
      witness.asked += 1;
      const stream = await plain(wish);
      witness.tracks.push(...stream.getTracks());
      return stream;
    };
  }
};

let count = 0;

/** Somebody in a browser profile of their own. */
export interface Caller {
  readonly page: Page;
  readonly id: string;
  readonly name: string;
}

/** As the same site as the page's own, so that its cookies travel. */
export const near = (url: string): string => url.replace('localhost', '127.0.0.1');
const newPage = async (pages: Pages, url: string): Promise<Page> => {
  const context = await pages.newContext();
  await context.addInitScript(watchMedia);
  return aPage(pages, context, near(url), 'session');
};
/** Resolves when the page's chat is connected. */
export const isConnected = async (page: Page): Promise<void> => {
  await page
    .waitForFunction(() => window.chat.$connection.get().status === 'connected')
    .catch(async (cause: unknown) => {
      const now = await page.evaluate(() => [window.chat.$connection.get(), window.chat.$session.get()]);
      throw new Error(`unable to see the page connected; it is ${JSON.stringify(now)}`, { cause });
    });
};

/** Opens a page signed in as somebody new. */
export const aCaller = async (pages: Pages, { url }: { readonly url: string }): Promise<Caller> => {
  const page = await newPage(pages, url);
  count += 1;
  const name = `c${process.pid}-${count}-${Date.now().toString(36)}`;
  await register(page, name);
  await isConnected(page);
  const id = await page.evaluate(() => {
    const state = window.chat.$session.get();
    return state.status === 'signed-in' ? state.user.id : '';
  });
  return { page, id, name };
};

/** Signs somebody in on another device. */
export const aDevice = async (
  pages: Pages,
  { url }: { readonly url: string },
  { id, name }: Caller,
): Promise<Caller> => {
  const page = await newPage(pages, url);
  await page.evaluate((who) => window.chat.signIn(who, 'a long enough one'), name);
  await isConnected(page);
  return { page, id, name };
};

/** Opens another tab of somebody's browser. */
export const aTab = async ({ page, id, name }: Caller, { url }: { readonly url: string }): Promise<Caller> => {
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await begin(tab, near(url), 'session');
  await isConnected(tab);
  return { page: tab, id, name };
};

/** Loads the page anew; what its cookie says, it is signed in as. */
export const reload = async ({ page }: Caller, { url }: { readonly url: string }): Promise<void> => {
  await page.reload();
  await begin(page, near(url), 'session');
  await isConnected(page);
};

/** Does something in the page's calls. */
export const act = <K extends 'setMuted' | 'setCamera' | 'share' | 'decline' | 'dismiss' | 'leave'>(
  { page }: Caller,
  name: K,
  ...input: Parameters<CallHandle[K]>
): Promise<void> =>
  page.evaluate(
    async ([what, given]) => {
      const calls = (await window.chat.calls()) as unknown as Record<string, (...given: unknown[]) => Promise<void>>;
      await calls[what]?.(...given);
    },
    [name, input] as const,
  );

/** Waits until the page shows somebody as wanted. */
export const showsThem = async (
  { page }: Caller,
  { id }: Pick<Caller, 'id'>,
  wanted: Partial<Pick<CallParticipant, 'state' | 'audio' | 'video' | 'screen' | 'speaking' | 'videoPaused'>>,
  ms = 60_000,
): Promise<void> => {
  await expect
    .poll(async () => (await callOn({ page }))?.participants.find(({ user }) => user.id === id), { timeout: ms })
    .toMatchObject(wanted);
};

/** The call as the page shows it now. */
export const callOn = ({ page }: Pick<Caller, 'page'>): Promise<CallView | undefined> =>
  page.evaluate(() => window.chat.$call.get());

/** Waits until the page's call is in a state. */
export const callIs = async ({ page }: Caller, state: CallView['state'] | undefined, ms = 60_000): Promise<void> => {
  await page
    .waitForFunction((wanted) => window.chat.$call.get()?.state === (wanted ?? undefined), state, {
      timeout: ms,
      polling: 30,
    })
    .catch(async (cause: unknown) => {
      const now = JSON.stringify(await page.evaluate(() => window.chat.$call.get()));
      throw new Error(`unable to see the call ${state}; it is ${now}`, { cause });
    });
};

/** Calls somebody; resolves with the conversation's id. */
export const call = ({ page }: Caller, { id }: Pick<Caller, 'id'>, video = true): Promise<void> =>
  page.evaluate(async ([userId, shown]) => (await window.chat.calls()).start({ userId }, { video: shown }), [
    id,
    video,
  ] as const);

/** Answers. */
export const accept = ({ page }: Caller, video = true): Promise<void> =>
  page.evaluate(async (shown) => (await window.chat.calls()).accept({ video: shown }), video);

/** Hangs up. */
export const hangUp = ({ page }: Caller): Promise<void> =>
  page.evaluate(async () => (await window.chat.calls()).leave());

/** How many frames have been decoded, and how much sound was heard, on all connections of a page that are open. */
export const arrived = ({ page }: Caller): Promise<{ frames: number; energy: number; links: number }> =>
  page.evaluate(async () => {
    const sum = { frames: 0, energy: 0, links: 0 };
    for (const link of window.witness.links) {
      if (link.connectionState !== 'connected') continue;
      sum.links += 1;
      for (const report of (await link.getStats()).values()) {
        if (report.type !== 'inbound-rtp') continue;
        sum.frames += report.framesDecoded ?? 0;
        sum.energy += report.totalAudioEnergy ?? 0;
      }
    }
    return sum;
  });

/** Waits until pictures and sound of `links` others arrive, more than have arrived so far. */
export const mediaFlows = async (caller: Caller, { links = 1, pictures = true } = {}): Promise<void> => {
  const before = await arrived(caller);
  await expect
    .poll(
      async () => {
        const now = await arrived(caller);
        return {
          links: now.links,
          seen: !pictures || now.frames > before.frames + 10,
          heard: now.energy > before.energy + 0.0005,
        };
      },
      { timeout: 60_000 },
    )
    .toEqual({ links, seen: true, heard: true })
    .catch(async (cause: unknown) => {
      const now = await caller.page.evaluate(() =>
        window.witness.links.map((link) =>
          [link.signalingState, link.iceConnectionState, link.connectionState].join(' '),
        ),
      );
      const view = (await callOn(caller))?.participants.map(({ state }) => state);
      throw new Error(`unable to see media of ${links} flow; people are ${view?.join(', ')}, links ${now.join(', ')}`, {
        cause,
      });
    });
};

/** How many tracks of devices are still open on a page. */
export const openTracks = ({ page }: Caller): Promise<number> =>
  page.evaluate(() => window.witness.tracks.filter(({ readyState }) => readyState === 'live').length);
