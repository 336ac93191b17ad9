import { build } from 'esbuild';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { aDm, aMessage, aUser, type TestUser } from '../backend/testing/people.ts';
import { launchBrowser, openPage, type WatchedPage } from './support/browser.ts';
import { inChat, password } from './support/chat.ts';
import { embed, serveHostPage } from './support/host-page.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;
/** Writes to whoever is looked at. */
let lea: TestUser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  lea = await aUser(server, { displayName: 'Lea Ma' });
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

let count = 0;

/** Somebody with an account to whom Lea has written. */
const aReader = async (): Promise<TestUser & { username: string }> => {
  count += 1;
  const username = `reader${count}`;
  const user = await aUser(server, { username, password, displayName: `Reader ${count}` });
  await aMessage(lea, await aDm(lea, user), 'hello there');
  return { ...user, username };
};

declare global {
  interface Window {
    /** What listens on the page's own objects: type by type, how often. */
    listeners?: Record<string, number>;
    heard?: string[];
    changed?: string[];
    submitted?: number;
  }
}

/** Counts who listens to the window, the document, the viewport and the media queries; from before the page's first script on. */
const watchListeners = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const listeners: Record<string, number> = (window.listeners = {});
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const targets = new Map<EventTarget, string>([
      [window, 'window'],
      [document, 'document'],
      [document.documentElement, 'html'],
    ]);
    if (visualViewport) targets.set(visualViewport, 'viewport');
    const held = new Map<string, Set<unknown>>();
    const keyOf = (target: EventTarget, type: string) =>
      `${targets.get(target) ?? (target instanceof MediaQueryList ? 'media' : '')} ${type}`;
    const counted = (target: EventTarget | undefined) =>
      target === undefined || targets.has(target) || target instanceof MediaQueryList;
    const tell = (key: string) => {
      const size = held.get(key)?.size ?? 0;
      if (size > 0) listeners[key] = size;
      else delete listeners[key];
    };
    EventTarget.prototype.addEventListener = function (type, listener, options) {
      const target = this ?? window;
      if (counted(target) && listener) {
        const key = keyOf(target, type);
        held.set(key, (held.get(key) ?? new Set()).add(listener));
        tell(key);
        if (typeof options === 'object' && options.once)
          addEventListener.call(target, type, () => (held.get(key)?.delete(listener), tell(key)), options);
        const signal = typeof options === 'object' ? options.signal : undefined;
        if (signal)
          addEventListener.call(signal, 'abort', () => {
            held.get(key)?.delete(listener);
            tell(key);
          });
      }
      return addEventListener.call(target, type, listener, options);
    };
    EventTarget.prototype.removeEventListener = function (type, listener, options) {
      const target = this ?? window;
      if (counted(target)) {
        const key = keyOf(target, type);
        held.get(key)?.delete(listener);
        tell(key);
      }
      return removeEventListener.call(target, type, listener, options);
    };
  });

/** How many sockets of the page are open; has to be asked for before they are. */
const openSockets = (page: Page): (() => number) => {
  let open = 0;
  page.on('websocket', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  return () => open;
};

/** A page on another port of the chat server's own site, so that its cookie is none of a third party. */
const openOwnPage = async (
  body: string,
  { scripts = {}, ...options }: { readonly scripts?: Readonly<Record<string, string>> } & BrowserContextOptions = {},
): Promise<WatchedPage & { url: string }> => {
  const watched = await openPage(browser, options);
  onTestFinished(() => watched.context.close());
  const url = await serveHostPage({ body, scripts, head: '<meta name="viewport" content="width=device-width">' });
  return { ...watched, url };
};

describe('a framework', () => {
  test('may mount everything twice, as React does in strict mode, and anew by key: one session, one socket', async () => {
    const reader = await aReader();
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { StrictMode, createElement as h, useEffect, useRef, useState } from 'react';
          import { createRoot } from 'react-dom/client';
          const Made = () => {
            const box = useRef(null);
            useEffect(() => {
              globalThis.mounts = (globalThis.mounts ?? 0) + 1;
              const chat = document.createElement('teatime-chat');
              chat.setAttribute('mode', 'inline');
              chat.setAttribute('server', '${server.url}');
              chat.id = 'made';
              box.current.append(chat);
              return () => chat.remove();
            }, []);
            return h('div', { ref: box });
          };
          const App = () => {
            const [key, setKey] = useState(0);
            return h('main', null,
              h('button', { onClick: () => setKey(key + 1) }, 'Again'),
              h(Made, { key }),
              h('teatime-chat', { key: 'own' + key, mode: 'inline', server: '${server.url}', id: 'written' }));
          };
          createRoot(document.querySelector('#app')).render(h(StrictMode, null, h(App)));`,
        resolveDir: import.meta.dirname,
      },
      bundle: true,
      write: false,
      format: 'esm',
      define: { 'process.env.NODE_ENV': '"development"' },
    });
    const { page, url, faults } = await openOwnPage(
      `<div id="app"></div><script type="module" src="${server.url}/teatime-chat.js"></script><script type="module" src="/app.js"></script>`,
      { scripts: { '/app.js': outputFiles[0]!.text } },
    );
    const sockets = openSockets(page);
    await page.goto(url);
    const [made, written] = [inChat(page, '#made'), inChat(page, '#written')];
    await made.signIn(reader.username);
    await written.openConversation('Lea Ma');
    expect(await page.evaluate(() => (globalThis as { mounts?: number }).mounts)).toBe(2);
    await written.composer.fill('half a thought');
    await page.getByRole('button', { name: 'Again' }).click();
    await made.openConversation('Lea Ma');
    await made.say('from the second life');
    await written.openConversation('Lea Ma');
    await written.message('from the second life').waitFor();
    await expect.poll(sockets).toBe(1);
    expect(await page.locator('teatime-chat').count()).toBe(2);
    expect(faults).toEqual([]);
  });

  test('may swap the body for a copy and bring it back, as Turbo does: signed in again, and nothing is left behind', async () => {
    const reader = await aReader();
    const { page, url, faults } = await openOwnPage(
      `<h1>One</h1><script type="module" src="${server.url}/teatime-chat.js"></script>`,
    );
    await watchListeners(page);
    const sockets = openSockets(page);
    await page.goto(url);
    const before = await page.evaluate(() => ({ ...window.listeners }));
    const hand = inChat(page);
    const visit = (html?: string) =>
      page.evaluate(
        ([next, url]) => {
          const kept = window as { kept?: HTMLElement };
          const body = next === undefined ? kept.kept! : document.createElement('body');
          if (next !== undefined) {
            kept.kept = document.body.cloneNode(true) as HTMLElement;
            for (const [index, part] of next.entries()) {
              const made = document.createElement(part);
              if (index === 0) made.textContent = 'Next';
              else
                for (const [name, value] of Object.entries({ mode: 'inline', server: url }))
                  made.setAttribute(name, value);
              body.append(made);
            }
          }
          document.body.replaceWith(body);
        },
        [html?.split(' '), server.url] as const,
      );
    await visit('h1 teatime-chat');
    await hand.signIn(reader.username);
    await hand.openConversation('Lea Ma');
    await hand.message('hello there').waitFor();
    for (let round = 0; round < 5; round++) {
      await visit('h1 teatime-chat');
      await hand.chat.getByRole('region').first().waitFor();
      await visit();
    }
    // The copy carries the attribute that names the conversation.
    await hand.composer.waitFor();
    await hand.say('still here');
    await hand
      .message('still here')
      .getByText(/Sent|Delivered|Read/)
      .waitFor({ state: 'attached' });
    await expect.poll(sockets).toBe(1);
    // A page without a chat: all of it ends. Coming back, the cookie signs in.
    await visit('h1');
    await expect.poll(sockets, { timeout: 20_000 }).toBe(0);
    await expect.poll(() => page.evaluate(() => window.listeners), { timeout: 20_000 }).toEqual(before);
    await visit();
    await hand.message('still here').waitFor();
    expect(faults).toEqual([]);
  });
});

describe('the page around it', () => {
  test('may have the script twice, from two places, and another copy of another version', async () => {
    const reader = await aReader();
    const { page, url, faults } = await openOwnPage(
      `${embed(server.url, 'mode="inline"')}
       ${['/old/teatime-chat.js', '/teatime-chat.js?v=2'].map((path) => `<script type="module" src="${server.url}${path}"></script>`).join('')}
       <script src="${server.url}/loader.js" crossorigin></script>`,
    );
    await page.route(`${server.url}/old/**`, async (route) =>
      route.fulfill({ response: await route.fetch({ url: route.request().url().replace('/old/', '/') }) }),
    );
    const sockets = openSockets(page);
    await page.goto(url, { waitUntil: 'networkidle' });
    const hand = inChat(page);
    await hand.signIn(reader.username);
    await hand.openConversation('Lea Ma');
    await hand.say('one of many');
    await hand
      .message('one of many')
      .getByText(/Sent|Delivered|Read/)
      .waitFor({ state: 'attached' });
    expect(sockets()).toBe(1);
    expect(faults).toEqual([]);
  });

  test('may seat two people: what one sees, does and ends is none of the other', async () => {
    const [one, other] = await Promise.all([aReader(), aReader()]);
    const url = await serveHostPage({
      body: `${embed(server.url, 'mode="inline" id="one"')}${embed(server.url, 'mode="inline" id="other"')}`,
    });
    const { page, faults } = await openPage(browser, { viewport: { width: 900, height: 1400 } });
    const sockets = openSockets(page);
    await page.goto(url);
    await page.evaluate(
      ([one, other]) => {
        for (const [id, token] of [
          ['one', one],
          ['other', other],
        ] as const)
          Object.assign(document.getElementById(id)!, { tokenProvider: () => Promise.resolve(token) });
      },
      [one.accessToken, other.accessToken] as const,
    );
    const [first, second] = [inChat(page, '#one'), inChat(page, '#other')];
    await first.openConversation('Lea Ma');
    await second.openConversation('Lea Ma');
    expect(
      await page
        .locator('teatime-chat')
        .evaluateAll((all) => all.map((each) => (each as HTMLElement & { user: { id: string } }).user.id)),
    ).toEqual([one.id, other.id]);
    await first.say('from the first');
    await first
      .message('from the first')
      .getByText(/Sent|Delivered|Read/)
      .waitFor({ state: 'attached' });
    expect(await second.message('from the first').count()).toBe(0);
    expect(sockets()).toBe(2);
    await first.chat.evaluate((element) => (element as HTMLElement & { signOut(): Promise<void> }).signOut());
    await expect.poll(sockets).toBe(1);
    await aMessage(lea, await aDm(lea, other), 'only for the other');
    await second.message('only for the other').waitFor();
    expect(faults).toEqual([]);
  });

  test('may be a form: Enter and buttons never submit it, and its data are its own', async () => {
    const reader = await aReader();
    const url = await serveHostPage({
      body: `<form id="host" action="/gone"><input name="mine" value="1">${embed(server.url, 'mode="inline"')}<button>Send</button></form>`,
    });
    const { page, faults } = await openPage(browser);
    await page.goto(url);
    await page.evaluate(() => {
      window.submitted = 0;
      document.addEventListener('submit', (event) => {
        window.submitted! += 1;
        event.preventDefault();
      });
    });
    const hand = inChat(page);
    await hand.chat.getByLabel(/^User name, e-mail/).fill(reader.username);
    await hand.chat.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await hand.openConversation('Lea Ma');
    await hand.say('in a form');
    await hand.message('in a form').waitFor();
    for (const name of ['Emoji', 'Details']) {
      await hand.chat.getByRole('button', { name, exact: true }).click();
      await page.keyboard.press('Escape');
    }
    const data = () =>
      page.evaluate(() => [...new FormData(document.querySelector<HTMLFormElement>('#host')!).entries()]);
    expect(await data()).toEqual([['mine', '1']]);
    expect(await page.evaluate(() => document.querySelector<HTMLFormElement>('#host')!.elements.length)).toBe(2);
    expect(await page.evaluate(() => window.submitted)).toBe(0);
    expect(page.url()).toBe(url);
    // The form itself still works.
    await page.getByRole('button', { name: 'Send', exact: true }).and(page.locator('#host > button')).click();
    expect(await page.evaluate(() => window.submitted)).toBe(1);
    expect(faults).toEqual([]);
  });

  test('keeps its keyboard shortcuts, and hears nothing of what is typed into the chat', async () => {
    const reader = await aReader();
    const { page, url, faults } = await openOwnPage(`${embed(server.url, '')}<p>Page</p>`);
    await page.goto(url);
    await page.evaluate(() => {
      const heard: string[] = (window.heard = []);
      for (const type of ['keydown', 'keypress', 'keyup'])
        document.addEventListener(type, (event) => {
          const { key } = event as KeyboardEvent;
          heard.push(`${type} ${key}${event.defaultPrevented ? ' taken' : ''}`);
        });
    });
    const heard = () => page.evaluate(() => window.heard!.splice(0));
    await page.locator('body > p').click();
    await page.keyboard.press('/');
    await page.keyboard.press('Escape');
    expect(await heard()).toEqual(['keydown /', 'keypress /', 'keyup /', 'keydown Escape', 'keyup Escape']);
    const hand = inChat(page);
    await hand.chat.getByRole('button', { name: 'Open chat' }).click();
    await hand.signIn(reader.username);
    await hand.openConversation('Lea Ma');
    await heard();
    await hand.composer.click();
    await page.keyboard.type('k/?j g');
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Enter');
    await hand.message('k/?j g').waitFor();
    await hand.chat.getByRole('button', { name: 'Emoji', exact: true }).click();
    await hand.chat.getByLabel('Search emoji').fill('');
    await page.keyboard.type('s/');
    // `keyup` of a key that closed the field it went down in goes where the focus is by then.
    expect(await heard()).toEqual([]);
    await page.keyboard.press('Escape');
    await hand.chat.getByLabel('Search emoji').waitFor({ state: 'hidden' });
    expect((await heard()).filter((each) => each.startsWith('keydown'))).toEqual([]);
    await page.locator('body > p').click();
    await page.keyboard.press('j');
    expect(await heard()).toEqual(['keydown j', 'keypress j', 'keyup j']);
    expect(faults).toEqual([]);
  });

  test('stays as it was: nothing of it is touched but its scrolling on phones, which is given back', async () => {
    const reader = await aReader();
    const { page, url, faults } = await openOwnPage(
      `<div id="cover"></div><script>load = () => import('${server.url}/teatime-chat.js').then(() => undefined)</script>
       <teatime-chat server="${server.url}"></teatime-chat>`,
      { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
    );
    await page.goto(url);
    const globals = await page.evaluate(() => {
      const changed: string[] = (window.changed = []);
      const cover = document.querySelector<HTMLElement>('#cover')!;
      cover.style.cssText = 'position:fixed;inset:0 0 80px;z-index:2147483647;background:#fff';
      new MutationObserver((records) => {
        for (const { type, target, attributeName } of records)
          if (!(target as Element).closest('teatime-chat'))
            changed.push(`${type} ${target.nodeName} ${attributeName ?? ''}`);
      }).observe(document, { attributes: true, childList: true, characterData: true, subtree: true });
      return Object.keys(window);
    });
    await page.evaluate('load()');
    const hand = inChat(page);
    const root = () =>
      page.evaluate(() => ({
        changed: [...new Set(window.changed!.splice(0))],
        overflow: document.documentElement.style.overflow,
      }));
    await hand.chat.getByRole('button', { name: 'Open chat' }).tap();
    await hand.signIn(reader.username);
    await hand.openConversation('Lea Ma');
    // Above whatever the page has put on top.
    expect(await page.evaluate(() => document.elementFromPoint(180, 200)?.localName)).toBe('teatime-chat');
    expect(await root()).toEqual({ changed: ['attributes HTML style'], overflow: 'hidden' });
    // Taken out while it is open, as a page does that goes on to the next view.
    await hand.chat.evaluate((element) => element.remove());
    await expect.poll(root).toEqual({ changed: expect.any(Array), overflow: '' });
    const mine = await page.evaluate((known) => Object.keys(window).filter((name) => !known.includes(name)), globals);
    expect(mine.filter((name) => !/^(?:litPropertyMetadata|nanostoresGlobal)$/.test(name))).toEqual([]);
    expect(await page.evaluate(() => document.adoptedStyleSheets.length)).toBe(0);
    expect(faults).toEqual([]);
  });

  test('may style everything there is: what crosses into the chat by inheritance changes nothing in it', async () => {
    const reader = await aReader();
    const plain = await openOwnPage(embed(server.url));
    await plain.page.goto(plain.url);
    const hand = inChat(plain.page);
    await hand.signIn(reader.username);
    await hand.openConversation('Lea Ma');
    await hand.message('hello there').waitFor();
    // What is fetched after the first picture is there too.
    for (const name of ['Video call', 'Record a voice message'])
      await hand.chat.getByRole('button', { name, exact: true }).waitFor();
    await plain.page.waitForLoadState('networkidle');
    const look = () =>
      plain.page.evaluate(() => {
        const shown: Record<string, string> = {};
        const collect = (root: ParentNode, path: string): void => {
          for (const [index, element] of [...root.querySelectorAll('*')].entries()) {
            if (!element.checkVisibility()) continue;
            const { x, y, width, height } = element.getBoundingClientRect();
            const style = getComputedStyle(element);
            const name = `${path} ${element.localName}${index}`;
            shown[name] = JSON.stringify([
              [x, y, width, height].map(Math.round),
              ...['color', 'font', 'direction', 'textTransform', 'letterSpacing', 'wordSpacing', 'textIndent'].map(
                (property) =>
                  style.getPropertyValue(property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
              ),
            ]);
            if (element.shadowRoot) collect(element.shadowRoot, name);
          }
        };
        collect(document.querySelector('teatime-chat')!.shadowRoot!, '');
        return shown;
      });
    const before = await look();
    expect(Object.keys(before).length).toBeGreaterThan(40);
    await plain.page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`* { font: italic 900 31px/3 fantasy !important; letter-spacing: .6em !important; word-spacing: 2em !important;
        text-transform: uppercase !important; text-align: right !important; text-indent: 4em !important; white-space: pre !important;
        direction: rtl !important; color: red !important; cursor: wait !important; text-shadow: 2px 2px red !important; tab-size: 40 !important;
        word-break: break-all !important; hyphens: auto !important; line-break: anywhere !important; font-variant-caps: small-caps !important;
        list-style: square !important; user-select: none !important; -webkit-text-fill-color: red !important; quotes: "x" "y" !important;
        box-sizing: content-box !important; text-underline-offset: 1em !important; caret-color: red !important; border-spacing: 9px !important;
        text-wrap: nowrap !important; overflow-wrap: normal !important; -webkit-text-stroke: 2px red !important; text-rendering: geometricPrecision !important }
        button, input, textarea, svg, dialog { padding: 40px !important; fill: red !important; stroke: red !important }`);
      document.adoptedStyleSheets = [sheet];
    });
    await expect.poll(look, { timeout: 20_000 }).toEqual(before);
    // What a page hides is hidden.
    await hand.chat.evaluate((element) => element.toggleAttribute('hidden', true));
    expect(await hand.composer.isVisible()).toBe(false);
    await hand.chat.evaluate((element) => element.toggleAttribute('hidden', false));
    await hand.composer.waitFor();
    await hand.chat.evaluate((element) => (element.style.visibility = 'hidden'));
    expect(await hand.composer.isVisible()).toBe(false);
    expect(plain.faults).toEqual([]);
  });
});
