import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TeatimeChat } from '../widget/element.ts';
import { projectRoot } from '../backend/project-root.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

interface Named {
  readonly name: string;
}

interface Described {
  readonly attributes: readonly (Named & { fieldName: string; type: { text: string }; default?: string })[];
  readonly members: readonly (Named & { kind: 'field' | 'method'; static?: boolean })[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssStates: readonly Named[];
  readonly cssProperties: readonly Named[];
}

const dist = join(projectRoot, 'dist');
const described: Described = JSON.parse(readFileSync(join(dist, 'custom-elements.json'), 'utf8')).modules[0]
  .declarations[0];
const namesOf = (list: readonly Named[]): string[] => list.map(({ name }) => name).sort();
/** All scripts of the built widget. */
const bundle = readdirSync(join(dist, 'widget'))
  .filter((name) => /^teatime-chat\..*\.js$/.test(name))
  .map((name) => readFileSync(join(dist, 'widget', name), 'utf8'))
  .join('\n');

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const switches = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
  [server, browser] = await Promise.all([startServer(), launchBrowser(switches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

/** The parts that a page can style now, through however many shadow roots. */
const partsOn = (page: Page): Promise<string[]> =>
  page.locator('teatime-chat').evaluate((host) => {
    const exposed = (root: ShadowRoot): Set<string> => {
      const names = new Set<string>();
      for (const element of root.querySelectorAll('*')) {
        for (const name of element.part) names.add(name);
        const inner = element.shadowRoot && exposed(element.shadowRoot);
        for (const pair of element.getAttribute('exportparts')?.split(',') ?? []) {
          const [from = '', to = from] = pair.split(':').map((name) => name.trim());
          if (inner?.has(from)) names.add(to);
        }
      }
      return names;
    };
    return [...exposed(host.shadowRoot!)];
  });

const isIn = (page: Page, state: string): Promise<boolean> =>
  page.locator('teatime-chat').evaluate((host, name) => host.matches(`:state(${name})`), state);

test('what the docs name is there, and what is there is named: attributes, properties, methods, events, tokens', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${server.url}/examples/page/`);
  // The tokens come with the chat.
  await inChat(page)
    .chat.getByLabel(/^User name, e-mail/)
    .waitFor();
  const found = await page.evaluate(() => {
    const element = customElements.get('teatime-chat') as typeof TeatimeChat;
    const ofLife = ['constructor', 'connectedCallback', 'disconnectedCallback', 'attributeChangedCallback'];
    const ofClass = ['length', 'name', 'prototype', 'observedAttributes'];
    const members = Object.entries(Object.getOwnPropertyDescriptors(element.prototype));
    return {
      attributes: [...element.observedAttributes],
      fields: members.filter(([, { get }]) => get).map(([name]) => name),
      methods: members.filter(([name, { value }]) => value && !ofLife.includes(name)).map(([name]) => name),
      statics: Object.getOwnPropertyNames(element).filter((name) => !ofClass.includes(name)),
      tokens: [document.querySelector('teatime-chat')!.shadowRoot!]
        .flatMap((root) => [...root.adoptedStyleSheets])
        .flatMap((sheet) => [...sheet.cssRules].flatMap(({ cssText }) => cssText.match(/--teatime-[a-z-]+/g) ?? [])),
    };
  });
  // These three every element has; language and direction are watched for on whatever is around it too.
  const ofAll = ['lang', 'dir', 'nonce'];
  expect(namesOf(described.attributes)).toEqual([...new Set([...found.attributes, ...ofAll])].sort());
  const fields = described.members.filter(({ kind, static: ofClass }) => kind === 'field' && !ofClass);
  expect(namesOf(fields)).toEqual(found.fields.sort());
  expect(namesOf(described.members.filter(({ kind }) => kind === 'method'))).toEqual(found.methods.sort());
  // A static field is not there before the page sets it.
  const statics = namesOf(described.members.filter((member) => member.static));
  expect(found.statics.filter((name) => !statics.includes(name))).toEqual([]);
  expect(statics.filter((name) => !new RegExp(`\\b${name}\\b`).test(bundle))).toEqual([]);
  const sent = [...bundle.matchAll(/super\(["'`](teatime-[a-z-]+)["'`]/g)].map(([, name]) => name);
  expect(namesOf(described.events)).toEqual([...new Set(sent)].sort());
  expect(namesOf(described.cssProperties)).toEqual([...new Set(found.tokens)].sort());
  const elsewhere = bundle.match(/--teatime-[a-z]+(?:-[a-z]+)*/g) ?? [];
  expect(elsewhere.filter((name) => !namesOf(described.cssProperties).includes(name))).toEqual([]);
});

test('each attribute is a property, and takes the values that the docs name', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${server.url}/examples/page/`);
  await page.waitForFunction(() => customElements.get('teatime-chat'));
  const faults = await page.evaluate(
    (attributes) =>
      attributes.flatMap(({ name, fieldName, type, default: fallback }) => {
        const chat = document.createElement('teatime-chat') as unknown as HTMLElement & Record<string, unknown>;
        const values = type.text.match(/(?<=')[^']+/g)?.filter((value) => !value.includes('|')) ?? [];
        const wrong: string[] = [];
        if (!(fieldName in chat)) wrong.push(`${name} has no property ${fieldName}`);
        if (type.text === 'boolean') {
          chat.setAttribute(name, '');
          if (chat[fieldName] !== true) wrong.push(`${name} is not on`);
          return wrong;
        }
        for (const value of values.length > 0 ? values : ['x']) {
          chat.setAttribute(name, value);
          if (chat[fieldName] !== value && name !== 'dir') wrong.push(`${name}="${value}" is "${chat[fieldName]}"`);
        }
        if (fallback) {
          chat.setAttribute(name, 'nonsense');
          if (chat[fieldName] !== fallback) wrong.push(`${name} falls back to "${chat[fieldName]}"`);
        }
        return wrong;
      }),
    described.attributes.map((attribute) => ({ ...attribute })),
  );
  expect(faults).toEqual([]);
});

test('parts, slots and states are those that the docs name', { timeout: 120_000 }, async () => {
  const [one, other] = await Promise.all([openPage(browser), openPage(browser)]);
  await Promise.all([one, other].map(({ page }) => page.goto(`${server.url}/examples/page/`)));
  const { page } = one;
  const [ada, ben] = [inChat(page), inChat(other.page)];
  const parts = new Set<string>();
  const look = async (): Promise<void> => {
    for (const name of await partsOn(page)) parts.add(name);
  };
  const shown = new Set<string>();
  /** Which of the slots show what the page puts into them now; an empty one is taken away again. */
  const lookForSlots = async (): Promise<void> => {
    const names = namesOf(described.slots).filter((name) => !shown.has(name));
    const taken = await page.locator('teatime-chat').evaluate(async (host, all) => {
      const fill = all.map((name) => Object.assign(document.createElement('b'), { slot: name, textContent: name }));
      host.append(...fill);
      // The element learns of its children after this task, and draws after the next.
      for (let frame = 0; frame < 5; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
      const isShown = (element: HTMLElement): boolean =>
        element.slot === 'launcher' ? element.assignedSlot !== null : element.checkVisibility();
      const visible = fill.filter(isShown).map(({ slot }) => slot);
      for (const element of fill) element.remove();
      return visible;
    }, names);
    for (const name of taken) shown.add(name);
  };

  await ada.chat.getByLabel(/^User name, e-mail/).waitFor();
  await look();
  await lookForSlots();
  await Promise.all([
    ada.register({ name: 'Ada Byron', username: 'ada' }),
    ben.register({ name: 'Ben Okri', username: 'ben' }),
  ]);
  await look();
  await lookForSlots();
  await ada.writeTo('Ben Okri');
  await ada.say('Hello');
  await ada.message('Hello').waitFor();
  await ben.openConversation('Ada Byron');
  await look();
  await lookForSlots();

  for (const name of namesOf(described.cssStates)) expect([name, await isIn(page, name)]).toEqual([name, false]);
  const userId = await ben.chat.evaluate((host) => (host as unknown as TeatimeChat).user!.id);
  await ada.chat.evaluate((host, id) => (host as unknown as TeatimeChat).startCall({ userId: id }), userId);
  await expect.poll(() => isIn(page, 'in-call')).toBe(true);
  await ada.chat.locator('[part~=call-stage]').waitFor();
  await look();
  expect([...parts].sort()).toEqual(namesOf(described.cssParts));
  expect([...shown].sort()).toEqual(namesOf(described.slots));
  const source = readFileSync(join(projectRoot, 'widget/elements/teatime-panel/teatime-panel.ts'), 'utf8');
  const [, list = ''] = /panelSlots = \[([^\]]+)\]/.exec(source) ?? [];
  expect(namesOf(described.slots)).toEqual(
    ['launcher', ...[...list.matchAll(/'([a-z-]+)'/g)].map(([, name]) => name)].sort(),
  );

  await ada.chat.evaluate((host) => (host as unknown as TeatimeChat).hangUp());
  await expect.poll(() => isIn(page, 'in-call')).toBe(false);
  await ada.chat.evaluate((host) => (host as unknown as TeatimeChat).show());
  await expect.poll(() => isIn(page, 'open')).toBe(true);
  await server.terminate();
  await expect.poll(() => isIn(page, 'offline'), { timeout: 30_000 }).toBe(true);
  expect(namesOf(described.cssStates)).toEqual(['in-call', 'offline', 'open']);
});
