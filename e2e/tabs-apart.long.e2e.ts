import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { inChat, password } from './support/chat.ts';
import { openTabHouse, rolesOf, type TabHouse } from './support/tabs.ts';

let house: TabHouse;

beforeAll(async () => {
  house = await openTabHouse();
});
afterEach(() => house.empty());
afterAll(() => house?.close());

interface Element extends HTMLElement {
  signOut(): Promise<void>;
  tokenProvider: () => Promise<string>;
}

describe('tabs of one browser', () => {
  test('are all signed out when one of them is, whether or not it has the socket, and in again together', async () => {
    const { context, tab, name } = await house.arrive('Ida');
    const tabs = [tab, await house.tab(context), await house.tab(context)];
    for (const { chat } of tabs) await chat.getByText('No conversations yet').waitFor();
    const username = name.replace(' Tab', '');
    for (const who of ['followers', 'leader'] as const) {
      await house.expectSockets(1);
      const roles = await rolesOf(tabs);
      const one = who === 'leader' ? roles.leader : roles.followers[0]!;
      await one.page.evaluate(() => document.querySelector<Element>('teatime-chat')!.signOut());
      for (const { chat } of tabs) await chat.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      await house.expectSockets(0);
      await one.signIn(username);
      for (const { chat } of tabs) await chat.getByText('No conversations yet').waitFor();
    }
    await house.expectSockets(1);
    expect(tabs.flatMap(({ faults }) => faults)).toEqual([]);
  }, 120_000);

  test('keep the sockets of different people apart', async () => {
    const [ida, jon] = await Promise.all([house.arrive('Ida'), house.arrive('Jon')]);
    await jon.tab.writeTo(ida.name);
    await jon.tab.say('for Ida alone');
    const reply = await jon.context.request.post(`${house.server.url}/api/v1/auth/login`, {
      headers: { 'TeaTime-Site': 'default', 'TeaTime-Client': 'test' },
      data: { identifier: jon.name.replace(' Tab', ''), password, refreshIn: 'body' },
    });
    const { accessToken } = (await reply.json()) as { accessToken: string };
    await jon.context.close();
    await house.expectSockets(1);

    // In Ida's browser a page whose owner has signed Jon in, in two tabs.
    const hosted = [await house.tab(ida.context), await house.tab(ida.context)];
    for (const { page } of hosted)
      await page.evaluate((token) => {
        document.querySelector<Element>('teatime-chat')!.tokenProvider = async () => token;
      }, accessToken);
    for (const tab of hosted) await tab.openConversation(ida.name);
    await house.expectSockets(2);
    await ida.tab.openConversation(jon.name);
    await ida.tab.say('for Jon alone');
    for (const tab of hosted) {
      await tab.message('for Jon alone').waitFor();
      expect(await tab.message('for Jon alone').evaluate((row) => row.matches('.own, [own]'))).toBe(false);
    }
    await rolesOf([ida.tab]);
    await rolesOf(hosted);
  }, 120_000);

  test('have a socket each where the browser has no locks', async () => {
    const { context, tab, name } = await house.arrive('Ida');
    await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
    await tab.page.reload();
    const other = await house.tab(context);
    for (const { page } of [tab, other]) await inChat(page).chat.getByText('No conversations yet').waitFor();
    await house.expectSockets(2);
    const jon = await house.arrive('Jon');
    await jon.tab.writeTo(name);
    await jon.tab.say('to both');
    for (const each of [tab, other]) {
      await each.openConversation(jon.name);
      await each.message('to both').waitFor();
    }
    expect([...tab.faults, ...other.faults]).toEqual([]);
  }, 120_000);
});
