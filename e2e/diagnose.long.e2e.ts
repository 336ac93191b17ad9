import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { attribute, decodeStun, encodeStun } from '../backend/testing/stun-message.ts';
import { findTurnServer, startTurnServer } from '../backend/testing/turn-server.ts';
import type { Check, DiagnoseOptions, Diagnosis } from '../widget/diagnose/diagnosis.ts';
import { chromiumPath, launchBrowser, openPage } from './support/browser.ts';
import { aCertificate } from './support/certificate.ts';
import { inChat } from './support/chat.ts';
import { embed, serveHostPage } from './support/host-page.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    startServer(),
    launchBrowser([
      '--use-fake-device-for-media-stream',
      // Without it Chromium looks for no candidates on a machine that has no network but loopback.
      '--allow-loopback-in-peer-connection',
      // Names that are not this machine's own, for pages that have neither its rights nor https.
      '--host-resolver-rules=MAP *.test 127.0.0.1',
    ]),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

type Diagnosing = HTMLElement & {
  iceServers?: RTCIceServer[];
  diagnose(options?: DiagnoseOptions): Promise<Diagnosis>;
};

const diagnose = (page: Page | Frame, options: DiagnoseOptions = {}): Promise<Diagnosis> =>
  page
    .locator('teatime-chat')
    .evaluate((element, given) => (element as unknown as Diagnosing).diagnose(given), options);

/** What was found, by what was looked at. */
const found = (diagnosis: Diagnosis): Record<string, Omit<Check, 'check'>> =>
  Object.fromEntries(diagnosis.map(({ check, ...rest }) => [check, rest]));

const failed = (code: string, fix: string): object => ({ status: 'fail', code, fix: expect.stringContaining(fix) });

const open = async (url: string, options: BrowserContextOptions = {}, on = browser): Promise<Page> => {
  const { page, context } = await openPage(on, options);
  onTestFinished(() => context.close());
  await page.goto(url);
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

describe('on the pages of the server', () => {
  test('says what is not configured, asks the person for nothing, and switches no device on', async () => {
    const page = await open(`${server.url}/examples/page/`);
    await inChat(page).register({ name: 'Ada Byron', username: 'ada' });
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('a device was asked for'));
    });
    const passed = { status: 'pass', code: 'ok', fix: '' };
    expect(found(await diagnose(page))).toMatchObject({
      server: passed,
      origin: passed,
      clock: passed,
      session: { status: 'pass', code: 'signed-in' },
      cookies: passed,
      storage: passed,
      csp: passed,
      'permissions-policy': passed,
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
    // The cookie was traded for another: the sign-in must have outlived that.
    await page.reload();
    await inChat(page).chat.getByText('No conversations yet').waitFor();
    await page.context().grantPermissions(['camera']);
    expect(found(await diagnose(page))).toMatchObject({
      camera: { code: 'granted' },
      microphone: failed('denied', 'site settings'),
    });
  });

  test('opens the devices when told to, and names one that another program has', async () => {
    const page = await open(`${server.url}/examples/page/`, { permissions: ['camera', 'microphone'] });
    const runs = { status: 'pass', code: 'granted', message: expect.stringContaining('runs') };
    expect(found(await diagnose(page, { devices: true }))).toMatchObject({ camera: runs, microphone: runs });
    // Devices that are taken cannot be had on every machine: this is what browsers answer then.
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () =>
        Promise.reject(new DOMException('Could not start video source', 'NotReadableError'));
    });
    const busy = failed('busy', 'Close other programs');
    expect(found(await diagnose(page, { devices: true }))).toMatchObject({ camera: busy, microphone: busy });
  });

  test('says that nobody is signed in, and that calls are off', async () => {
    const setPolicy = (policy: object): Promise<unknown> =>
      server.query(`update sites set policy = $1 where key = 'default'`, [policy]);
    onTestFinished(() => void setPolicy({}));
    await setPolicy({ calls: { allowed: false } });
    const page = await open(`${server.url}/examples/page/`);
    expect(found(await diagnose(page))).toMatchObject({
      session: { status: 'skip', code: 'signed-out', fix: expect.stringContaining('Sign in') },
      socket: { status: 'pass', code: 'open' },
      ice: { status: 'skip', code: 'unauthorized' },
    });
    await inChat(page).register({ name: 'Mute Swan', username: 'mute' });
    expect(found(await diagnose(page))).toMatchObject({
      socket: { status: 'pass', code: 'connected' },
      ice: failed('forbidden', 'CALLS'),
    });
  });

  test('names a clock that is five minutes fast', async () => {
    const { page, context } = await openPage(browser);
    onTestFinished(() => context.close());
    await page.addInitScript(() => {
      const now = Date.now;
      Date.now = () => now() + 300_000;
    });
    await page.goto(`${server.url}/examples/page/`);
    const { clock } = found(await diagnose(page));
    expect(clock).toMatchObject(failed('skewed', 'NTP'));
    expect(clock?.message).toMatch(/(?:29\d|30\d) s ahead/);
  });

  test('names a proxy that stands in the way of the socket alone', async () => {
    let cuts = false;
    const target = new URL(server.url);
    const proxy = createServer((asked, answer) => {
      const { url: path = '/', method = 'GET', headers } = asked;
      const onward = request({ host: target.hostname, port: target.port, path, method, headers }, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      });
      asked.pipe(onward);
    });
    // Some refuse what they do not know, some say yes and pass nothing on.
    proxy.on('upgrade', (asked, socket) => {
      socket.on('error', () => undefined);
      if (!cuts) return socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      const onward = request({ host: target.hostname, port: target.port, path: asked.url, headers: asked.headers });
      onward.on('upgrade', (got, behind) => {
        behind.destroy();
        const lines = got.rawHeaders.flatMap((name, at, all) => (at % 2 ? [] : `${name}: ${all[at + 1]}\r\n`));
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
        socket.once('data', () => socket.destroy());
      });
      return onward.end();
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    onTestFinished(() => {
      proxy.close();
      proxy.closeAllConnections();
    });
    const page = await open(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/examples/page/`);
    for (const end of ['does not open', 'is cut off']) {
      expect(found(await diagnose(page))).toMatchObject({
        server: { status: 'pass' },
        socket: { ...failed('blocked', 'location /ws {'), message: expect.stringContaining(end) },
      });
      cuts = true;
    }
  });
});

describe('on the pages of others', () => {
  test('names an origin that is not allowed, and a page without https', async () => {
    const { host, port } = new URL(await serveHostPage({ body: embed(server.url) }));
    expect(host).toBe(`localhost:${port}`);
    const origin = `http://shop.test:${port}`;
    const page = await open(`${origin}/`);
    expect(found(await diagnose(page))).toMatchObject({
      server: { status: 'pass' },
      origin: failed('origin_not_allowed', `ALLOWED_ORIGINS=${origin} `),
      socket: { status: 'skip', code: 'untried' },
      microphone: failed('insecure', 'https'),
      camera: failed('insecure', 'https'),
    });
    await server.query(`update sites set allowed_origins = array_append(allowed_origins, $1) where key = 'default'`, [
      origin,
    ]);
    await expect
      .poll(async () => found(await diagnose(page))['origin']?.code, { timeout: 30_000, interval: 1000 })
      .toBe('ok');
  });

  test('names the directives that block it, and is content when they are mended as it says', async () => {
    const { origin } = new URL(server.url);
    const ws = origin.replace('http', 'ws');
    const under = async (policy: string): Promise<Diagnosis> => {
      const headers = { 'Content-Security-Policy': `default-src 'none'; script-src ${origin}; ${policy}` };
      return diagnose(await open(await serveHostPage({ body: embed(server.url), headers })));
    };
    const csp = (diagnosis: Diagnosis): string[] =>
      diagnosis.filter(({ check, status }) => check === 'csp' && status === 'fail').map(({ fix }) => fix);

    const blocked = await under('');
    expect(found(blocked)).toMatchObject({ server: failed('csp', 'csp'), socket: { code: 'untried' } });
    const all = [
      `${origin} ${ws} to its connect-src`,
      `${origin} blob: to its img-src`,
      `${origin} blob: to its media`,
    ];
    const named = csp(blocked);
    expect(named).toHaveLength(all.length);
    for (const each of all) expect(named).toContainEqual(expect.stringContaining(each));

    const half = await under(`connect-src ${origin}; img-src ${origin} blob:; media-src ${origin} blob:`);
    expect(found(half)).toMatchObject({ server: { status: 'pass' }, socket: failed('csp', 'csp') });
    expect(csp(half)).toEqual([expect.stringContaining(all[0] ?? '')]);

    const mended = await under(`connect-src ${origin} ${ws}; img-src ${origin} blob:; media-src ${origin} blob:`);
    expect(found(mended)).toMatchObject({ csp: { code: 'ok' }, socket: { status: 'pass' } });
  });

  test('names the allow that a frame lacks, and the sandbox that takes its origin', async () => {
    const inner = await serveHostPage({ body: embed(server.url) });
    // To the browser these are two sites.
    const outer = await serveHostPage({
      body: `<iframe src="${inner}"></iframe><iframe src="${inner}?boxed" sandbox="allow-scripts"></iframe>`,
    });
    const page = await open(outer.replace('localhost', '127.0.0.1'));
    const frame = (end: string): Frame => {
      const one = page.frames().find((each) => each.url() === inner + end);
      if (!one) throw new Error('unable to find the frame; it has not been loaded');
      return one;
    };
    expect(found(await diagnose(frame('')))).toMatchObject({
      'permissions-policy': failed('blocked', 'allow="microphone; camera; display-capture"'),
      camera: failed('policy', 'allow="camera"'),
      microphone: failed('policy', 'allow="microphone"'),
    });
    expect(found(await diagnose(frame('?boxed')))).toMatchObject({
      server: { status: 'pass' },
      origin: failed('opaque', 'allow-same-origin'),
      storage: { status: 'warn', code: 'opaque', message: expect.stringContaining('localStorage: SecurityError') },
    });
  });

  test('names a cookie that is lost for want of https, and what may not be kept yet', async () => {
    const host = await serveHostPage({ body: embed(server.url, 'mode="page" storage-consent="pending"') });
    // Of another site than the server's `localhost`.
    const page = await open(host.replace('localhost', '127.0.0.1'));
    await inChat(page).register({ name: 'Coco Cookie', username: 'coco' });
    expect(found(await diagnose(page))).toMatchObject({
      cookies: { status: 'warn', code: 'blocked', fix: expect.stringContaining('https') },
      storage: { status: 'skip', code: 'pending', fix: expect.stringContaining('storage-consent="granted"') },
    });
    expect(await page.evaluate(async () => [localStorage.length, (await indexedDB.databases()).length])).toEqual([
      0, 0,
    ]);
  });

  test('tells a token that is refused from one that cannot be had', async () => {
    const pages: [attributes: string, session: object][] = [
      ['token="nonsense"', failed('token_invalid', 'fresh token')],
      ['token-url="/broken"', failed('token_failed', 'why token-url does so')],
    ];
    for (const [attributes, session] of pages) {
      const page = await open(
        await serveHostPage({ body: embed(server.url, `mode="page" ${attributes}`), scripts: { '/broken': '{' } }),
      );
      expect(found(await diagnose(page))).toMatchObject({ session, cookies: { status: 'skip', code: 'unused' } });
    }
  });

  test('tells a server that is away from something else in its place, and a site that it has not', async () => {
    const away = `http://127.0.0.1:${await closedPort()}`;
    const page = await open(await serveHostPage({ body: embed(server.url) }));
    const withSettings = async (settings: object): Promise<object> => {
      await page.locator('teatime-chat').evaluate((element, given) => void Object.assign(element, given), settings);
      return found(await diagnose(page));
    };
    expect(await withSettings({ server: away })).toMatchObject({ server: failed('unreachable', 'Start it') });
    expect(await withSettings({ server: new URL(page.url()).origin })).toMatchObject({
      server: failed('not_teatime', '/api/v1'),
    });
    expect(await withSettings({ server: server.url, site: 'nowhere' })).toMatchObject({
      server: failed('not_found', '"nowhere"'),
    });
    expect(await withSettings({ server: 'ftp://tea', site: '' })).toMatchObject({
      server: failed('configuration', 'http or https'),
    });
    await page.context().setOffline(true);
    expect(await withSettings({ server: server.url })).toMatchObject({ server: failed('offline', 'Go online') });
  });
});

test('names a server without https on a page that has it', async () => {
  const script = embed(server.url).replace(`server="${server.url}"`, 'server="http://shop.test/"');
  const secure = createSecureServer(aCertificate(), (_request, response) => {
    response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>Shop</title>${script}`);
  }).listen(0, '127.0.0.1');
  await once(secure, 'listening');
  onTestFinished(() => void secure.close());
  const { port } = secure.address() as AddressInfo;
  const page = await open(`https://localhost:${port}/`, { ignoreHTTPSErrors: true });
  expect(found(await diagnose(page))).toMatchObject({ server: failed('mixed', 'https') });
});

test('names cookies and storage that the browser refuses', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'teatime-profile-'));
  onTestFinished(() => rmSync(profile, { recursive: true, force: true }));
  mkdirSync(join(profile, 'Default'));
  // "Do not allow any site to save data", as in the settings.
  const refusing = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(refusing));
  const context = await browser.browserType().launchPersistentContext(profile, {
    executablePath: chromiumPath(),
    args: ['--no-sandbox'],
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`${server.url}/examples/page/`);
  await inChat(page).register({ name: 'Noah Crumb', username: 'crumbless' });
  expect(found(await diagnose(page))).toMatchObject({
    cookies: { status: 'warn', code: 'blocked', fix: expect.stringContaining('Allow cookies') },
    storage: { status: 'warn', code: 'refused', message: expect.stringContaining('localStorage: SecurityError') },
  });
});

test('the gallery shows it with words and fixes, and gives it as text', async () => {
  const permissions = ['camera', 'microphone', 'clipboard-read', 'clipboard-write'];
  const { page, context, faults } = await openPage(browser, { permissions });
  onTestFinished(() => context.close());
  await page.goto(`${server.url}/examples/`);
  await page.getByRole('navigation').getByRole('link', { name: 'Diagnosis' }).click();
  const row = (name: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });
  await page.getByRole('status').getByText('Everything that was looked at is good.').waitFor();
  // As one of the demo people, so that calls are looked at too.
  await row('WebSocket').getByText('Good').waitFor();
  await row('TURN over UDP').getByText('Add one to TURN_URLS').waitFor();
  await page.getByRole('button', { name: 'Copy as text' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^PASS socket \(connected\): answers in \d+ ms$/m);
  expect(text).toMatch(/^SKIP turn-udp \(none\): none\n {5}Add one to TURN_URLS/m);

  // What browsers answer when the person says no.
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Try camera and microphone' }).click();
  await page.getByRole('status').getByText('2 of 15 checks fail.').waitFor();
  await row('Camera').getByText('Allow it in the site settings of the browser.').waitFor();
  expect(faults).toEqual([]);
});

test('names devices that are not there', async () => {
  // Without Chromium's make-believe ones there are those of the machine, of which machines that run tests have none.
  const plain = await launchBrowser();
  onTestFinished(() => plain.close());
  const page = await open(`${server.url}/examples/page/`, {}, plain);
  const kinds = await page.evaluate(async () =>
    (await navigator.mediaDevices.enumerateDevices()).map(({ kind }) => kind as string),
  );
  const { microphone, camera } = found(await diagnose(page));
  expect(microphone).toMatchObject(kinds.includes('audioinput') ? { status: 'pass' } : failed('missing', 'Connect'));
  expect(camera).toMatchObject(kinds.includes('videoinput') ? { status: 'pass' } : failed('missing', 'Connect'));
});

/** Names servers for calls, with a password that none of them takes. */
const setServers = async (page: Page, urls: string[]): Promise<void> => {
  const own = [{ urls, username: 'tess', credential: 'her own' }];
  await page.locator('teatime-chat').evaluate((element, given) => {
    (element as unknown as Diagnosing).iceServers = given;
  }, own);
};

describe('with STUN and TURN', () => {
  let page: Page;
  beforeAll(async () => {
    ({ page } = await openPage(browser));
    await page.goto(`${server.url}/examples/page/`);
    await inChat(page).register({ name: 'Tess Turner', username: 'tess' });
  });
  afterAll(() => page?.context().close());

  const serversAt = (port: number): string[] => [
    `stun:127.0.0.1:${port}`,
    `turn:127.0.0.1:${port}?transport=udp`,
    `turn:127.0.0.1:${port}?transport=tcp`,
  ];
  const diagnoseWith = async (urls: string[]): Promise<object> => {
    await setServers(page, urls);
    return found(await diagnose(page));
  };

  test('names the port where nobody answers', async () => {
    const port = await closedPort();
    expect(await diagnoseWith(serversAt(port))).toMatchObject({
      stun: failed('unreachable', `UDP port ${port}`),
      'turn-udp': failed('unreachable', `UDP port ${port}`),
      'turn-tcp': failed('unreachable', `TCP port ${port}`),
    });
  });

  test('names an entry that no browser takes, and looks at the rest', async () => {
    expect(await diagnoseWith(['turn:'])).toMatchObject({
      'turn-udp': failed('invalid', 'Mend this entry'),
      camera: { code: 'prompt' },
    });
  });

  test('passes on what a TURN server refuses with', async () => {
    const turn = createSocket('udp4').bind(0, '127.0.0.1');
    onTestFinished(() => void turn.close());
    await once(turn, 'listening');
    turn.on('message', (packet, { port, address }) => {
      const { type, transactionId } = decodeStun(packet);
      // Allocation Quota Reached (RFC 8656 section 19), as the error of whatever was asked.
      const code = Buffer.concat([Buffer.from([0, 0, 4, 86]), Buffer.from('Allocation Quota Reached')]);
      turn.send(encodeStun(type | 0x0110, transactionId, [[attribute.error, code]]), port, address);
    });
    const { port } = turn.address();
    expect(await diagnoseWith([`turn:127.0.0.1:${port}`])).toMatchObject({
      'turn-udp': { ...failed('refused', 'log'), message: expect.stringContaining('Allocation Quota Reached') },
    });
  });
});

test.skipIf(findTurnServer() === undefined)(
  'says which address coturn gives by each transport, or that it refuses the password',
  async () => {
    const turn = await startTurnServer();
    onTestFinished(() => turn.stop());
    const urls = ['udp', 'tcp'].map((by) => `turn:127.0.0.1:${turn.port}?transport=${by}`);
    const made = await startServer({
      STUN_URLS: `stun:127.0.0.1:${turn.port}`,
      TURN_URLS: urls.join(' '),
      TURN_SECRET: turn.secret,
    });
    onTestFinished(() => made.remove());
    const page = await open(`${made.url}/examples/page/`);
    await inChat(page).register({ name: 'Ada Byron', username: 'ada' });
    const given = { status: 'pass', code: 'ok', message: expect.stringContaining('gives 127.0.0.1') };
    expect(found(await diagnose(page))).toMatchObject({
      stun: { status: 'pass', code: 'ok' },
      'turn-udp': given,
      'turn-tcp': given,
    });
    await setServers(page, urls);
    const unauthorized = failed('unauthorized', 'TURN_SECRET');
    expect(found(await diagnose(page))).toMatchObject({ 'turn-udp': unauthorized, 'turn-tcp': unauthorized });
  },
);
