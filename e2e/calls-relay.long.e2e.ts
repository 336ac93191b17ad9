import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTurnServer, startTurnServer, type TurnServer } from '../backend/testing/turn-server.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { keepLinks, openLinks } from './support/call-links.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

/** Everything that a page says and hears on its signalling sockets, as it comes. */
const listen = (page: Page) => {
  const said: string[] = [];
  const heard: string[] = [];
  page.on('websocket', (socket) => {
    if (!new URL(socket.url()).pathname.endsWith('/peerjs')) return;
    socket.on('framesent', ({ payload }) => said.push(String(payload)));
    socket.on('framereceived', ({ payload }) => heard.push(String(payload)));
  });
  return { said, heard };
};

/** Candidates in frames of PeerJS: those in descriptions, and those that came alone. */
const candidatesIn = (frames: readonly string[]): string[] =>
  frames.flatMap((frame) => frame.match(/candidate:[^"\\]+/g) ?? []);

describe.skipIf(findTurnServer() === undefined)('where addresses are kept secret', () => {
  let turn: TurnServer;
  let browser: Browser;
  let secretive: TestServer;
  let usual: TestServer;

  beforeAll(async () => {
    // The shipped file lets nobody reach this machine; here both ends are on it.
    turn = await startTurnServer(['--allow-loopback-peers', '--allowed-peer-ip=127.0.0.1']);
    const urls = ['udp', 'tcp'].map((transport) => `turn:127.0.0.1:${turn.port}?transport=${transport}`);
    const relays = { TURN_URLS: urls.join(' '), TURN_SECRET: turn.secret };
    const switches = [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      // Without it a browser that may also go straight finds no way to: the test would pass for want of a network.
      '--allow-loopback-in-peer-connection',
    ];
    [secretive, usual, browser] = await Promise.all([
      startServer({ ...relays, RELAY_ONLY: 'everybody' }),
      startServer({ ...relays, STUN_URLS: `stun:127.0.0.1:${turn.port}` }),
      launchBrowser(switches),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all([secretive?.remove(), usual?.remove()]);
    await turn?.stop();
  });

  const arrive = async (server: TestServer, name: string, username: string) => {
    const { page, context, faults } = await openPage(browser);
    await context.addInitScript(keepLinks);
    const line = listen(page);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.register({ name, username });
    const button = (label: string): Locator => hand.chat.getByRole('button', { name: label, exact: true });
    return { page, faults, line, ...hand, button };
  };
  type Person = Awaited<ReturnType<typeof arrive>>;

  /** Calls with video, is answered, and waits until both see and hear each other by a path of this kind. */
  const meet = async (caller: Person, callee: Person, callerName: string, path: string): Promise<void> => {
    for (const { line } of [caller, callee]) line.said.length = line.heard.length = 0;
    // A right click leads to a look at oneself first, also where the devices are allowed already.
    await caller.button('Video call').click({ button: 'right' });
    await caller.button('Call with video').click();
    await callee.chat.getByRole('alertdialog', { name: callerName }).waitFor();
    // Whoever is only rung tells nothing of where they are.
    expect(candidatesIn(callee.line.said)).toEqual([]);
    await callee.button('Accept with video').click();
    for (const { page } of [caller, callee]) {
      const flow = async () =>
        (await page.evaluate(openLinks)).map(({ frames, energy, pair }) => ({
          seen: frames > 10,
          heard: energy > 0.001,
          path: pair.every((kind) => kind === 'relay') ? 'relayed' : pair.includes('relay') ? 'half' : 'direct',
        }));
      await expect.poll(flow, { timeout: 60_000 }).toEqual([{ seen: true, heard: true, path }]);
    }
  };
  const part = async (one: Person, other: Person): Promise<void> => {
    await one.button('Leave the call').click();
    await other.chat.getByText('The call has ended.').waitFor();
  };
  const expectOnlyRelays = (...people: readonly Person[]): void => {
    for (const { line } of people) {
      for (const told of [line.said, line.heard]) {
        const candidates = candidatesIn(told);
        expect(candidates.length).toBeGreaterThan(0);
        for (const candidate of candidates) expect(candidate).toMatch(/ typ relay raddr 0\.0\.0\.0 rport 0 /);
      }
    }
  };

  test('a call carries pictures and sound by coturn alone, and no other address is ever told', async () => {
    const [ann, ben] = await Promise.all([arrive(secretive, 'Ann Lee', 'ann'), arrive(secretive, 'Ben Okri', 'ben')]);
    await ann.writeTo('Ben Okri');
    await ann.say('May I call?');
    await meet(ann, ben, 'Ann Lee', 'relayed');
    // Both by the server of this test: it says for whom it relays.
    expect(turn.output().match(/ALLOCATE processed, success/g)?.length).toBeGreaterThanOrEqual(2);
    await part(ben, ann);
    expectOnlyRelays(ann, ben);
    expect([...ann.faults, ...ben.faults]).toEqual([]);
  }, 180_000);

  test('somebody whom one never answered learns no address, nor is theirs learnt; once one has written, the next call is direct', async () => {
    const [cleo, dan] = await Promise.all([arrive(usual, 'Cleo Marsh', 'cleo'), arrive(usual, 'Dan Vale', 'dan')]);
    await cleo.writeTo('Dan Vale');
    await cleo.say('We have not met');
    await meet(cleo, dan, 'Cleo Marsh', 'relayed');
    await part(dan, cleo);
    expectOnlyRelays(cleo, dan);

    await dan.say('Now we have');
    await cleo.message('Now we have').waitFor();
    await meet(cleo, dan, 'Cleo Marsh', 'direct');
    await part(cleo, dan);
    for (const { line } of [cleo, dan]) expect(candidatesIn(line.said).join('\n')).toContain(' typ host');
    expect([...cleo.faults, ...dan.faults]).toEqual([]);
  }, 180_000);
});
