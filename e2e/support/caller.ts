import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openPage } from './browser.ts';
import { keepLinks, openLinks, type CallLink } from './call-links.ts';
import { inChat, type ChatHand } from './chat.ts';

/** What a Chromium needs to make calls on a machine without devices, and without any network but loopback. */
export const callSwitches = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--allow-loopback-in-peer-connection',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Somebody with a browser of their own who can call and be called. */
export interface Caller extends ChatHand {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in their page. */
  readonly faults: string[];
  readonly stage: Locator;
  button(label: string | RegExp): Locator;
  /** The link to each of the others. */
  links(): Promise<CallLink[]>;
}

/** Makes an account in a browser of its own; `allowed` are the devices and so on that the person has let the page have for good. */
export async function arrive(
  browser: Browser,
  url: string,
  { name, allowed = [] }: { readonly name: string; readonly allowed?: readonly string[] },
): Promise<Caller> {
  const { page, context, faults } = await openPage(browser, allowed.length > 0 ? { permissions: [...allowed] } : {});
  await context.addInitScript(keepLinks);
  await page.goto(`${url}/examples/page/`);
  const hand = inChat(page);
  await hand.register({ name, username: name.replace(/\W/g, '').toLowerCase() });
  return { page, context, faults, ...hand, ...inCalls(page, hand.chat) };
}

/** What a person sees of calls in a page. */
export function inCalls(page: Page, chat: Locator): Pick<Caller, 'stage' | 'button' | 'links'> {
  return {
    stage: chat.locator('teatime-call-stage'),
    button: (label) => chat.getByRole('button', { name: label, exact: true }),
    links: () => page.evaluate(openLinks),
  };
}

/** Waits until each of a person's `count` links has decoded pictures and heard sound, more than it had so far. */
export async function mediaFlows({ links }: Pick<Caller, 'links'>, count: number): Promise<void> {
  const before = await links();
  await expect
    .poll(
      async () => {
        const now = await links();
        const more = now.filter(({ id, frames, energy }) => {
          const was = before.find((link) => link.id === id);
          return frames > (was?.frames ?? 0) + 5 && energy > (was?.energy ?? 0) + 0.0005;
        });
        return [now.length, more.length];
      },
      { timeout: 45_000 },
    )
    .toEqual([count, count]);
}
