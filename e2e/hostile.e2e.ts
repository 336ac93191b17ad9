import type { Browser, Page } from 'playwright-core';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aDm, aGroup, aUser } from '../backend/testing/people.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { callSwitches } from './support/caller.ts';
import { inChat, password } from './support/chat.ts';
import { embed, serveHostPage } from './support/host-page.ts';
import { gatherSecrets, reachOf } from './support/secrets.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    // Nobody answers there; the credentials are real.
    startServer({ TURN_URLS: 'turn:127.0.0.1:9?transport=udp', TURN_SECRET: 'a secret that pages never see' }),
    launchBrowser(callSwitches),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** From OWASP's filter evasion list and the sets of mutation XSS: none of these may become more than text. */
const attacks = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><svg><animate onbegin=alert(1) attributeName=x dur=1s>',
  "'-alert(1)-'",
  '${alert(1)} {{constructor.constructor("alert(1)")()}} <%= alert(1) %>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '`<img src=x onerror=alert(1)>`',
  '**<img src=x onerror=alert(1)>**',
  '```\n</code></pre><img src=x onerror=alert(1)>\n```',
  '<a href="javascript:alert(1)">x</a>',
  '<details open ontoggle=alert(1)>',
  '<?lit$0123$?><!--?lit$0123$-->',
];

/** None of these is a link. */
const notLinks = [
  'javascript:alert(1)',
  'JaVa\tScript:alert(1)',
  'javascript://example.org/%0aalert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:msgbox(1)',
  'blob:https://example.org/1',
  'file:///etc/passwd',
  'intent://scan/#Intent;scheme=zxing;end',
];

/** A page of another origin that embeds the chat as its owner would. */
const hostPage = ({ body = '', policy }: { body?: string; policy?: string }): Promise<string> =>
  serveHostPage({
    body: body + embed(server.url),
    headers: policy === undefined ? {} : { 'Content-Security-Policy': policy },
  });

/** Somebody with an account, and somebody who has written to them. */
const aTarget = async (texts: readonly string[], name: string, title = 'Tea') => {
  const one = { url: server.url };
  const username = `target${Math.random().toString(36).slice(2, 10)}`;
  const target = await aUser(one, { username, password, displayName: 'Target' });
  const attacker = await aUser(one, { displayName: name });
  const send = async (conversationId: string, text: string) =>
    attacker.api.call('POST /conversations/:conversationId/messages', {
      params: { conversationId },
      body: { clientId: uuidv7(), text },
    });
  const dm = await aDm(attacker, target);
  for (const text of texts) await send(dm.id, text);
  await aGroup(attacker, [target], title);
  return { username, attacker };
};

const scriptsRan = (page: Page) => page.evaluate(() => (globalThis as unknown as { ran?: string[] }).ran ?? []);

/** Notes every way in which a smuggled script would show. */
const watchScripts = (page: Page) =>
  page.addInitScript(() => {
    const ran: string[] = [];
    Object.assign(globalThis, { ran, alert: (what: unknown) => ran.push(`alert(${String(what)})`) });
    document.addEventListener('securitypolicyviolation', (event) =>
      ran.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`),
    );
  });

describe('what people write', () => {
  test('never runs, neither in messages nor in names and titles, and only safe links are links', async () => {
    const name = '<img src=x onerror=alert(1)>';
    const { username } = await aTarget(attacks, name, '<svg onload=alert(1)>');
    const { page, faults } = await openPage(browser, { viewport: { width: 1000, height: 2600 } });
    await watchScripts(page);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation(name);
    for (const text of ['<script>alert(1)</script>', '<details open ontoggle=alert(1)>'])
      await hand.message(text).waitFor();
    const shown = await hand.chat.getByRole('article').allInnerTexts();
    expect(shown).toHaveLength(attacks.length);
    // Typed into the composer and sent, they are as harmless.
    await hand.say(attacks[1]!);
    await hand.chat.getByRole('article').nth(attacks.length).waitFor();
    expect(await hand.chat.locator('teatime-message').locator('img, iframe, script, math, details').count()).toBe(0);
    expect(await scriptsRan(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('is a link only when it is safe to follow', async () => {
    const safe = 'https://example.org/tea?x=1#top and mailto:leaf@example.org';
    const { username } = await aTarget([...notLinks, safe], 'Linker');
    const { page, faults } = await openPage(browser, { viewport: { width: 1000, height: 1800 } });
    await watchScripts(page);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation('Linker');
    await hand.message('and mailto:').waitFor();
    const links = await hand.chat.locator('teatime-message a').evaluateAll((all) =>
      all.map((a) => ({
        href: a.getAttribute('href'),
        rel: a.getAttribute('rel'),
        target: a.getAttribute('target'),
      })),
    );
    expect(links.map(({ href }) => href?.split(':')[0])).toEqual(expect.arrayContaining(['https']));
    for (const { href, rel, target } of links) {
      expect(href).toMatch(/^(?:https?|mailto|tel):/);
      expect(rel?.split(' ')).toEqual(expect.arrayContaining(['noopener', 'noreferrer', 'nofollow', 'ugc']));
      expect(target).toBe('_blank');
    }
    expect(await scriptsRan(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe('a link', () => {
  test('shows where it leads: no other name in front, no letters that pass for others', async () => {
    const texts = [
      // There are no links with other words on them: both addresses are shown, and what leads anywhere leads where it says.
      '[https://bank.example/](https://evil.example/)',
      'https://bank.example@evil.example/',
      'https://аррӏе.com/',
      'https://pаypal.com/login?to=https://paypal.com',
      'https://ｂａｎｋ.example/',
      'https://xn--80ak6aa92e.com/',
      'https://müller.example/tee',
    ];
    const { username } = await aTarget(texts, 'Linker');
    const { page, faults } = await openPage(browser, { viewport: { width: 1000, height: 1800 } });
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation('Linker');
    const links = () =>
      hand.chat
        .locator('teatime-message a')
        .evaluateAll((all) => all.map((a) => [a.textContent, decodeURI(a.getAttribute('href') ?? '')]));
    await expect.poll(links).toEqual([
      ['https://bank.example/', 'https://bank.example/'],
      ['bank.example@evil.example', 'mailto:bank.example@evil.example'],
      ['https://xn--80ak6aa92e.com/', 'https://xn--80ak6aa92e.com/'],
      [
        'https://xn--pypal-4ve.com/login?to=https://paypal.com',
        'https://xn--pypal-4ve.com/login?to=https://paypal.com',
      ],
      ['https://bank.example/', 'https://bank.example/'],
      ['https://xn--80ak6aa92e.com/', 'https://xn--80ak6aa92e.com/'],
      ['https://müller.example/tee', 'https://xn--mller-kva.example/tee'],
    ]);
    // The page is asked first, and may keep the person here.
    const asked = page.evaluate(
      () =>
        new Promise<string>((resolve) =>
          document.addEventListener('teatime-link-click', (event) => {
            event.preventDefault();
            resolve((event as CustomEvent<{ url: string }>).detail.url);
          }),
        ),
    );
    await hand.chat.locator('teatime-message a').nth(2).click();
    expect(await asked).toBe('https://xn--80ak6aa92e.com/');
    expect(page.context().pages()).toHaveLength(1);
    expect(faults).toEqual([]);
  });
});

describe('the page around it', () => {
  test('may forbid everything but the chat server, inline styles and unsafe sinks included', async () => {
    const { username } = await aTarget(['hello'], 'Sender');
    const { page, faults } = await openPage(browser);
    const origin = new URL(server.url).origin;
    const policy = [
      "default-src 'none'",
      "img-src 'self'",
      `script-src ${origin}`,
      "style-src 'none'",
      `connect-src ${origin} ${origin.replace('http', 'ws')}`,
      "require-trusted-types-for 'script'",
      "base-uri 'none'",
    ].join('; ');
    await watchScripts(page);
    await page.goto(await hostPage({ policy }));
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation('Sender');
    await hand.message('hello').waitFor();
    await hand.say('works under **your** policy :)');
    await hand
      .message('policy')
      .getByText(/Sent|Delivered|Read/)
      .waitFor({ state: 'attached' });
    await hand.chat.getByRole('button', { name: 'Emoji', exact: true }).click();
    await hand.chat.getByLabel('Search emoji').waitFor();
    await page.keyboard.press('Escape');
    await hand.chat.getByRole('button', { name: 'Details', exact: true }).click();
    await hand.chat.locator('teatime-details').getByText('Mute').first().waitFor();
    expect(await scriptsRan(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('may be polluted and clobbered: it works all the same', async () => {
    const { username } = await aTarget(['hello'], 'Sender');
    const { page, faults } = await openPage(browser);
    await page.addInitScript(() => {
      // What old libraries do: enumerable extras, and built-ins replaced by their own.
      Object.assign(Object.prototype, { polluted: 'yes' });
      Object.assign(Array.prototype, {
        contains: () => true,
        map(this: unknown[], change: (value: unknown, index: number, all: unknown[]) => unknown) {
          const result = [];
          for (let index = 0; index < this.length; index++) result.push(change(this[index], index, this));
          return result;
        },
      });
      const { parse } = JSON;
      JSON.parse = (text, reviver) => parse(text, reviver) as unknown;
    });
    const body = `
      <form id="teatime" name="teatime"><input name="attributes"><input name="getAttribute"><input name="children"></form>
      <img name="getElementById"><img name="querySelector"><a id="document"></a><a id="customElements"></a>
      <form name="body"></form><form name="documentElement"></form><a id="localStorage"></a><a id="fetch"></a>`;
    await page.goto(await hostPage({ body }));
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation('Sender');
    await hand.say('still here');
    await hand
      .message('still here')
      .getByText(/Sent|Delivered|Read/)
      .waitFor({ state: 'attached' });
    expect(faults).toEqual([]);
  });

  test('cannot make it send anything elsewhere by prototypes that carry the names of settings', async () => {
    const { page } = await openPage(browser);
    await page.addInitScript(() => {
      const evil = 'http://evil.test/';
      const names = [
        'server',
        'socketUrl',
        'url',
        'origin',
        'href',
        'tokenUrl',
        'token',
        'site',
        'headers',
        'body',
        'credentials',
      ];
      for (const name of names) Object.assign(Object.prototype, { [name]: evil });
    });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const url = await hostPage({});
    await page.goto(url, { waitUntil: 'networkidle' });
    expect(asked).toContain(`${server.url}/teatime-chat.js`);
    expect(
      asked.filter((each) => !each.startsWith(server.url) && !each.startsWith(url) && !each.startsWith('data:')),
    ).toEqual([]);
  });

  test('finds no secret in storage, markup, objects or addresses, not even in a call', async () => {
    const { username, attacker } = await aTarget(['hello'], 'Sender');
    const { page } = await openPage(browser, { permissions: ['microphone'] });
    const secrets = gatherSecrets(page);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('websocket', (socket) => addresses.push(socket.url()));
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation('Sender');
    await hand.message('hello').waitFor();
    await hand.chat.evaluate(
      (element, userId) =>
        (element as HTMLElement & { startCall(target: { userId: string }): Promise<void> }).startCall({ userId }),
      attacker.id,
    );
    await hand.chat.locator('teatime-call-stage').waitFor();
    for (const name of ['accessToken', 'ticket', 'credential'])
      await expect.poll(() => [...secrets.values()], { timeout: 20_000 }).toContain(name);
    const reach = await page.evaluate(reachOf);
    // What it looks at is really there to be found.
    expect(reach).toContain('hello');
    expect(reach).toContain('Sender');
    for (const [secret, name] of secrets) {
      expect(reach.includes(secret), `${name} in the page`).toBe(false);
      // A ticket opens one socket once, and is the only thing that PeerJS can carry it in.
      if (name !== 'ticket')
        expect(
          addresses.filter((url) => url.includes(secret)),
          name,
        ).toEqual([]);
    }
    expect(reach).not.toContain(password);
    expect(await page.evaluate(() => document.cookie)).toBe('');
    expect(await hand.chat.locator('input[type=password]').count()).toBe(0);
  });

  test('may be hostile in every attribute: what is no setting is refused or shown as text', async () => {
    const { page, faults } = await openPage(browser);
    await watchScripts(page);
    const html = '"><img src=x onerror=alert(1)>';
    const servers = ['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'ftp://evil.test/', 'http://['];
    await page.route(`${server.url}/attributes.html`, (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: '<!doctype html><title>Host</title><link rel="icon" href="data:,"><script type="module" src="/teatime-chat.js"></script>',
      }),
    );
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${server.url}/attributes.html`);
    const codes = await page.evaluate(
      (all) =>
        Promise.all(
          all.map(
            (value) =>
              new Promise<string>((resolve) => {
                const chat = document.createElement('teatime-chat');
                chat.addEventListener('teatime-error', (event) =>
                  resolve((event as CustomEvent<{ code: string }>).detail.code),
                );
                chat.setAttribute('server', value);
                chat.setAttribute('mode', 'inline');
                document.body.append(chat);
                setTimeout(() => resolve('nothing'), 30_000);
              }),
          ),
        ),
      servers,
    );
    expect(codes).toEqual(servers.map(() => 'configuration'));
    await page.evaluate((value) => {
      document.body.replaceChildren();
      const chat = document.createElement('teatime-chat') as HTMLElement & { strings?: unknown };
      for (const name of ['theme', 'position', 'lang', 'dir', 'conversation', 'with-user', 'storage-consent', 'nonce'])
        chat.setAttribute(name, value);
      chat.setAttribute('features', `-groups ${'-'.repeat(200_000)} ${value}`);
      chat.setAttribute('mode', 'inline');
      chat.strings = { signIn: { title: value }, launcher: { open: value }, nonsense: { deep: [value] } };
      document.body.append(chat);
    }, html);
    const { chat } = inChat(page);
    await chat.getByRole('heading', { name: html }).waitFor();
    await chat.getByLabel(/^User name, e-mail/).waitFor();
    expect(await chat.locator('img').count()).toBe(0);
    expect(asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('data:,'))).toEqual([]);
    expect(await scriptsRan(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test('is not listened to: whatever another window posts, nobody hears it', async () => {
    const { username } = await aTarget(['hello'], 'Sender');
    const { page, faults } = await openPage(browser);
    await page.addInitScript(() => {
      const { addEventListener } = EventTarget.prototype;
      const ran: string[] = [];
      Object.assign(globalThis, { ran });
      EventTarget.prototype.addEventListener = function (type, ...rest) {
        if (type.startsWith('message') && (this ?? window) === window) ran.push('a listener for messages');
        return addEventListener.call(this ?? window, type, ...rest);
      };
    });
    const noise = `<iframe hidden sandbox="allow-scripts" srcdoc="<script>
      for (const type of ['teatime-open', 'call.ended', 'session.ended', 'signed-out', 'hello'])
        for (const data of [type, { type }, JSON.stringify({ type }), { teatime: type, id: 1 }, [type], null])
          parent.postMessage(data, '*');
      parent.postMessage('done', '*');
    </script>"></iframe>`;
    await page.goto(await hostPage({}));
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation('Sender');
    expect(await scriptsRan(page)).toEqual([]);
    await page.evaluate(
      (html) =>
        new Promise<void>((resolve) => {
          window.onmessage = ({ data }) => data === 'done' && resolve();
          document.body.insertAdjacentHTML('beforeend', html);
        }),
      noise,
    );
    await hand.say('undisturbed');
    await hand
      .message('undisturbed')
      .getByText(/Sent|Delivered|Read/)
      .waitFor({ state: 'attached' });
    expect(faults).toEqual([]);
  });
});
