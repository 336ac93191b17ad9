import type { Locator, Page } from 'playwright-core';

/** What a person does in a `<teatime-chat>`, by what they can see of it. */
export interface ChatHand {
  /** The element. */
  readonly chat: Locator;
  register(person: { name: string; username: string; password?: string }): Promise<void>;
  signIn(username: string, password?: string): Promise<void>;
  /** Finds somebody and opens the direct message with them. */
  writeTo(name: string): Promise<void>;
  createGroup(title: string, names: readonly string[]): Promise<void>;
  openConversation(title: string): Promise<void>;
  back(): Promise<void>;
  /** Types a message and sends it by Enter. */
  say(text: string): Promise<void>;
  /** The message with that text. */
  message(text: string | RegExp): Locator;
  /** Does something with a message by its action bar; `delete` is confirmed. */
  act(text: string, action: 'Add a reaction' | 'Reply' | 'Edit' | 'Delete'): Promise<void>;
  readonly composer: Locator;
}

/** The password of everybody who did not choose one. */
export const password = 'two sugars, no milk';

/** The chat of a page, or the one that `selector` names. */
export function inChat(page: Page, selector = 'teatime-chat'): ChatHand {
  const chat = page.locator(selector);
  const button = (name: string | RegExp) => chat.getByRole('button', { name, exact: typeof name === 'string' });
  const composer = chat.locator('teatime-composer').getByRole('textbox');
  const message = (text: string | RegExp) =>
    chat.getByRole('article').filter({ has: chat.page().locator('.text', { hasText: text }) });

  return {
    chat,
    composer,
    message,
    async register({ name, username, password: secret = password }) {
      await button(/^New here/).click();
      await chat.getByLabel('Your name', { exact: true }).fill(name);
      await chat.getByLabel('User name', { exact: true }).fill(username);
      await chat.getByLabel('Password', { exact: true }).fill(secret);
      await button('Make account').click();
      await chat.getByText('No conversations yet').waitFor();
    },
    async signIn(username, secret = password) {
      await chat.getByLabel(/^User name, e-mail/).fill(username);
      await chat.getByLabel('Password', { exact: true }).fill(secret);
      await button('Sign in').click();
      await chat.locator('teatime-conversation-list').waitFor();
    },
    async writeTo(name) {
      await button('New message').first().click();
      await chat.getByRole('combobox').fill(name);
      await chat.getByRole('option', { name }).click();
      await composer.waitFor();
    },
    async createGroup(title, names) {
      await button('New message').first().click();
      await button(/^New group/).click();
      await chat.getByLabel('Group name').fill(title);
      for (const name of names) {
        await chat.getByRole('combobox').fill(name);
        await chat.getByRole('option', { name }).click();
      }
      await button(/^Create group/).click();
      await composer.waitFor();
    },
    async openConversation(title) {
      await chat.locator('teatime-conversation-item').filter({ hasText: title }).click();
      await composer.waitFor();
    },
    async back() {
      await chat.getByRole('button', { name: 'Back to conversations' }).click();
    },
    async say(text) {
      await composer.fill(text);
      await composer.press('Enter');
    },
    async act(text, action) {
      const target = message(text);
      await target.hover();
      if (action === 'Edit' || action === 'Delete') {
        await target.getByRole('button', { name: 'More', exact: true }).click();
        await target.getByRole('menuitem', { name: action }).click();
        if (action === 'Delete') await target.getByRole('button', { name: 'Delete', exact: true }).last().click();
      } else {
        await target.getByRole('button', { name: action, exact: true }).click();
      }
    },
  };
}
