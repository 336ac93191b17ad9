import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { findTurnServer, startTurnServer, type TurnServer } from '../backend/testing/turn-server.ts';
import type { Diagnosis } from '../widget/diagnose/diagnosis.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser([
    '--use-fake-device-for-media-stream',
    // Without it Chromium looks for no candidates on a machine that has no network but loopback.
    '--allow-loopback-in-peer-connection',
  ]);
});
afterAll(() => browser?.close());

const diagnose = (page: Page | Frame): Promise<Diagnosis> =>
  page
    .locator('teatime-chat')
    .evaluate((element) => (element as HTMLElement & { diagnose(): Promise<Diagnosis> }).diagnose());

/** What was found, by what was looked at: the code, and the fix. */
const found = (diagnosis: Diagnosis): Record<string, { status: string; code: string; fix: string; message: string }> =>
  Object.fromEntries(diagnosis.map(({ check, ...rest }) => [check, rest]));

const aServer = async (env: Record<string, string> = {}): Promise<TestServer> => {
  const server = await startServer(env);
  onTestFinished(() => server.remove());
  return server;
};

const arrive = async (server: TestServer, options: BrowserContextOptions = {}): Promise<Page> => {
  const { page, context } = await openPage(browser, options);
  onTestFinished(() => context.close());
  await page.goto(`${server.url}/examples/page/`);
  await inChat(page).register({ name: 'Ada Byron', username: 'ada' });
  return page;
};

/** A port of loopback where nobody listens. */
const closedPort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
};

const turnEnv = (port: number, secret: string): Record<string, string> => ({
  STUN_URLS: `stun:127.0.0.1:${port}`,
  TURN_URLS: `turn:127.0.0.1:${port}?transport=udp turn:127.0.0.1:${port}?transport=tcp`,
  TURN_SECRET: secret,
});

test('says what is not configured, asks the person for nothing, and switches no device on', async () => {
  const page = await arrive(await aServer());
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('a device was asked for'));
  });
  const result = found(await diagnose(page));
  expect(result).toMatchObject({
    socket: { status: 'pass', code: 'connected', fix: '' },
    ice: { status: 'pass', code: 'ok', message: 'policy: all' },
    stun: { status: 'skip', code: 'none', fix: expect.stringContaining('STUN_URLS') },
    'turn-udp': { status: 'skip', code: 'none', fix: expect.stringContaining('TURN_URLS') },
    'turn-tcp': { status: 'skip', code: 'none', fix: expect.stringContaining('TURN_URLS') },
    microphone: { status: 'pass', code: 'prompt' },
    camera: { status: 'pass', code: 'prompt' },
  });
  // Labels are told only to pages that have had a device.
  expect(
    await page.evaluate(async () =>
      (await navigator.mediaDevices.enumerateDevices()).map(({ label }) => label).join(''),
    ),
  ).toBe('');
  await page.context().grantPermissions(['camera']);
  expect(found(await diagnose(page))).toMatchObject({
    camera: { code: 'granted' },
    microphone: { status: 'fail', code: 'denied' },
  });
});

test('says that nobody is signed in, and that calls are off', async () => {
  const server = await aServer({ CALLS: 'off' });
  const { page, context } = await openPage(browser);
  onTestFinished(() => context.close());
  await page.goto(`${server.url}/examples/page/`);
  expect(found(await diagnose(page))).toMatchObject({
    socket: { status: 'fail', code: 'idle', fix: expect.stringContaining('sign in') },
    ice: { status: 'fail', code: 'unauthorized' },
  });
  await inChat(page).register({ name: 'Ada Byron', username: 'ada' });
  expect(found(await diagnose(page))).toMatchObject({
    socket: { status: 'pass' },
    ice: { status: 'fail', code: 'forbidden', fix: expect.stringContaining('CALLS') },
  });
});

/** A page of another origin than the chat server's. */
const servePage = async (html: string): Promise<number> => {
  const host = createServer((_request, response) => response.setHeader('content-type', 'text/html').end(html));
  host.listen(0, '127.0.0.1');
  onTestFinished(() => void host.close());
  await once(host, 'listening');
  return (host.address() as AddressInfo).port;
};

test('names the allow that a frame lacks', async () => {
  const { url } = await aServer();
  const chat = `<script type="module" src="${url}/teatime-chat.js"></script><teatime-chat server="${url}" mode="page">`;
  const inner = await servePage(`<!doctype html><title>Frame</title>${chat}`);
  // To the browser these are two sites.
  const outer = await servePage(`<!doctype html><title>Host</title><iframe src="http://localhost:${inner}/"></iframe>`);
  const { page, context } = await openPage(browser);
  onTestFinished(() => context.close());
  await page.goto(`http://127.0.0.1:${outer}/`);
  const frame = page.frames().find((each) => each.url().startsWith('http://localhost'));
  if (!frame) throw new Error('unable to find the frame; it has not been loaded');
  const policy = (device: string): object => ({
    status: 'fail',
    code: 'policy',
    fix: expect.stringContaining(`allow="${device}"`),
  });
  expect(found(await diagnose(frame))).toMatchObject({ camera: policy('camera'), microphone: policy('microphone') });
});

test('names the port where nobody answers', async () => {
  const port = await closedPort();
  const page = await arrive(await aServer(turnEnv(port, 'a secret that nobody asks for')));
  const unreachable = (transport: string): object => ({
    status: 'fail',
    code: 'unreachable',
    fix: expect.stringContaining(`${transport} port ${port}`),
  });
  expect(found(await diagnose(page))).toMatchObject({
    stun: unreachable('UDP'),
    'turn-udp': unreachable('UDP'),
    'turn-tcp': unreachable('TCP'),
  });
});

describe.skipIf(findTurnServer() === undefined)('with coturn', () => {
  let turn: TurnServer;
  beforeAll(async () => {
    turn = await startTurnServer();
  });
  afterAll(() => turn?.stop());

  test('says which address each transport gives', async () => {
    const page = await arrive(await aServer(turnEnv(turn.port, turn.secret)));
    expect(found(await diagnose(page))).toMatchObject({
      stun: { status: 'pass', code: 'ok' },
      'turn-udp': { status: 'pass', code: 'ok', message: expect.stringContaining('gives 127.0.0.1') },
      'turn-tcp': { status: 'pass', code: 'ok', message: expect.stringContaining('gives 127.0.0.1') },
    });
  });

  test('tells a wrong secret from a server that is away', async () => {
    const page = await arrive(await aServer(turnEnv(turn.port, 'another secret than that')));
    const unauthorized = { status: 'fail', code: 'unauthorized', fix: expect.stringContaining('TURN_SECRET') };
    expect(found(await diagnose(page))).toMatchObject({ 'turn-udp': unauthorized, 'turn-tcp': unauthorized });
  });
});
