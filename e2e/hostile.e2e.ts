import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { aDm, aGroup, aUser } from '../backend/testing/people.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat, password } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
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

/** A page of another origin, with the policy and the markup given, that embeds the chat as its owner would. */
const hostPage = async ({ body = '', policy }: { body?: string; policy?: string }): Promise<string> => {
  const host = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    if (policy !== undefined) response.setHeader('Content-Security-Policy', policy);
    response.end(`<!doctype html><html lang="en"><head><title>Host</title>
      <link rel="icon" href="data:," /><script type="module" src="${server.url}/teatime-chat.js"></script></head>
      <body>${body}<teatime-chat server="${server.url}" mode="page"></teatime-chat></body></html>`);
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void host.close());
  return `http://localhost:${(host.address() as AddressInfo).port}/`;
};

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
  return { username };
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

describe('the page around it', () => {
  test('may forbid everything but the chat server, inline styles and unsafe sinks included', async () => {
    const { username } = await aTarget(['hello'], 'Sender');
    const { page, faults } = await openPage(browser);
    const origin = new URL(server.url).origin;
    const policy = [
      "default-src 'none'",
      'img-src data:',
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

  test('finds no secret in storage, markup or globals', async () => {
    const { username } = await aTarget(['hello'], 'Sender');
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/examples/page/`);
    const hand = inChat(page);
    await hand.signIn(username);
    await hand.openConversation('Sender');
    await hand.message('hello').waitFor();
    const found = await page.evaluate(async () => {
      const markup = (root: ShadowRoot | Document): string =>
        [...root.querySelectorAll('*')]
          .map((element) => element.cloneNode(false) as Element)
          .map((element) => element.outerHTML)
          .join('') +
        [...root.querySelectorAll('*')]
          .map((element) => (element.shadowRoot ? markup(element.shadowRoot) : ''))
          .join('');
      const databases = (await indexedDB.databases()).map(({ name }) => name);
      return {
        kept: JSON.stringify({ ...localStorage, ...sessionStorage }),
        databases,
        cookie: document.cookie,
        markup: markup(document),
      };
    });
    const text = JSON.stringify(found);
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    expect(text).not.toContain(password);
    expect(found.cookie).toBe('');
    expect(await hand.chat.locator('input[type=password]').count()).toBe(0);
  });
});
