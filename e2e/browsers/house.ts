import { afterAll, beforeAll } from 'vitest';
import { openHostPage } from '../support/host-page.ts';
import { handAt, type Hand } from '../support/driver-hand.ts';
import type { DrivenBrowser, Tab } from '../support/driver.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { strictPolicy } from '../support/strict-policy.ts';

/** A server, a page of another origin that embeds its chat under the strictest policy, and a browser for those who come to it. */
export interface House {
  readonly server: TestServer;
  /** The page, with these attributes of the chat in its query. */
  page(attributes?: Readonly<Record<string, string>>): string;
  /** Somebody with a browser of their own, at the page. */
  visitor(attributes?: Readonly<Record<string, string>>): Promise<Hand>;
  /** Somebody who has just made an account. */
  arrive(first: string): Promise<Hand & { readonly name: string; readonly username: string }>;
  close(): Promise<void>;
}

declare global {
  interface Window {
    /** What the page's own script notes and does, see `hostScript`. */
    host: { readonly faults: string[]; losing: boolean };
  }
}

/** For the tests of a file: a house that is opened before the first of them, and closed after the last. */
export function aHouse(launch: () => Promise<DrivenBrowser>): () => House {
  let house: House | undefined;
  beforeAll(async () => {
    house = await openHouse(launch);
  }, 120_000);
  afterAll(() => house?.close());
  return () => {
    if (!house) throw new Error('unable to enter; the house is not open');
    return house;
  };
}

async function openHouse(launch: () => Promise<DrivenBrowser>): Promise<House> {
  const [server, browser] = await Promise.all([startServer(), launch()]);
  const { origin } = new URL(server.url);
  const host = await openHostPage({
    body: '<teatime-chat id="chat"></teatime-chat>',
    head: `<script src="/host.js"></script><script type="module" src="${server.url}/teatime-chat.js"></script>`,
    headers: { 'Content-Security-Policy': strictPolicy(origin) },
    scripts: { '/host.js': `(${hostScript})()` },
  });
  let count = 0;
  const page = (attributes: Readonly<Record<string, string>> = { mode: 'page' }): string =>
    `${host.url}?${new URLSearchParams({ server: server.url, ...attributes })}`;
  const visitor = async (attributes?: Readonly<Record<string, string>>): Promise<Hand> => {
    const tab = await browser.visitor();
    await tab.goto(page(attributes));
    return handAt(tab);
  };
  return {
    server,
    page,
    visitor,
    async arrive(first) {
      count += 1;
      const person = { name: `${first} Leaf${count}`, username: `${first.toLowerCase()}${count}` };
      const hand = await visitor();
      await hand.register(person);
      return { ...hand, ...person };
    },
    async close() {
      await browser.close();
      host.close();
      await server.remove();
    },
  };
}

/** What went wrong in a page since it was loaded: uncaught errors, errors on the console, and breaches of the policy. */
export const faultsOf = (tab: Tab): Promise<readonly string[]> => tab.evaluate(() => window.host.faults);

/** From now on what the page sends of messages is lost on its way, as on a bad line. */
export const loseMessages = (tab: Tab): Promise<void> => tab.evaluate(() => void (window.host.losing = true));

/** The host page's own script, before the chat's: it hands on the attributes of the query, and notes what goes wrong. */
const hostScript = (): void => {
  const faults: string[] = [];
  const host = (window.host = { faults, losing: false });
  addEventListener('error', ({ message }) => faults.push(`uncaught: ${message}`));
  addEventListener('unhandledrejection', ({ reason }) => faults.push(`unhandled: ${String(reason)}`));
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    faults.push(`policy: ${effectiveDirective} ${blockedURI}`),
  );
  console.error = (...what: unknown[]): void => void faults.push(what.map(String).join(' '));

  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (this: WebSocket, data: Parameters<WebSocket['send']>[0]): void {
    if (!host.losing || !String(data).includes('"message.send"')) send.call(this, data);
  };
  const fetch = window.fetch;
  window.fetch = (input, init) =>
    host.losing && init?.method === 'POST' && String(input).endsWith('/messages')
      ? Promise.reject(new TypeError('lost'))
      : fetch(input, init);

  const attributes = [...new URLSearchParams(location.search)];
  addEventListener('DOMContentLoaded', () => {
    for (const [name, value] of attributes) document.querySelector('#chat')?.setAttribute(name, value);
  });
};
