import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cutOffIn, lookerAt, type Looker } from './support/accessible.ts';
import { launchBrowser, openPage } from './support/browser.ts';
import { callSwitches, inCalls, type Caller } from './support/caller.ts';
import { inChat } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ MAX_FILE_MB: '3' }), launchBrowser(callSwitches)]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

type Person = Caller & { readonly looker: Looker };

/** Somebody at the sign-in form, whose views are looked at. */
const come = async (options: BrowserContextOptions = {}): Promise<Person> => {
  const { page, context, faults } = await openPage(browser, options);
  await page.goto(`${server.url}/examples/page/`);
  const hand = inChat(page);
  await hand.chat.getByLabel(/^User name, e-mail/).waitFor();
  return {
    page,
    context,
    faults,
    ...hand,
    ...inCalls(page, hand.chat),
    looker: await lookerAt(page, hand.chat),
  };
};

const choose = async (page: Page, press: () => Promise<void>, files: readonly Upload[]): Promise<void> => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press()]);
  await chooser.setFiles([...files]);
};

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

const aPicture = async (name: string, background: string): Promise<Upload> => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 480, height: 320, channels: 3, background } })
    .png()
    .toBuffer(),
});

describe('every view', () => {
  test(
    'is accessible in light, dark and from right to left, and still when stillness is asked for',
    { timeout: 300_000 },
    async () => {
      const pictures = await Promise.all([aPicture('leaf.png', '#2a6'), aPicture('cup.png', '#a62')]);
      const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('steep for four minutes') };
      const ann = await come();
      const { page, chat, button, composer, looker, message } = ann;
      const { look } = looker;

      await look('sign-in');
      await chat.getByLabel(/^User name, e-mail/).fill('nobody');
      await chat.getByLabel('Password', { exact: true }).fill('not the one');
      await button('Sign in').click();
      await chat.getByText("That name and password don't match.").waitFor();
      await look('sign-in refused');
      await button(/^New here/).click();
      await button('Make account').click();
      await look('registration with faults');
      await button(/^Have an account/).click();
      await ann.register({ name: 'Ann Ames', username: 'ann' });
      await look('empty list');

      const ben = await come();
      await ben.register({ name: 'Ben Bold', username: 'ben' });

      // People: profile, picture, search, group.
      await button('Your profile').click();
      await button('Sign out').waitFor();
      await look('profile');
      await button('Add a picture').click();
      await choose(page, () => button('Choose a picture').click(), pictures.slice(0, 1));
      await chat.getByRole('slider', { name: 'Zoom' }).waitFor();
      await look('avatar editor');
      await chat.locator('teatime-avatar-editor').getByRole('button', { name: 'Cancel' }).click();
      await button('Back').click();
      await button('New message').first().click();
      await chat.getByRole('combobox').fill('Ben');
      await chat.getByRole('option', { name: 'Ben Bold' }).waitFor();
      await look('search for people');
      await chat.getByRole('combobox').fill('zzzz');
      await chat.getByText('Nobody found for “zzzz”.').waitFor();
      await look('nobody found');
      await button('Back').click();
      await ann.createGroup('Tea tasting', ['Ben Bold']);
      await look('new group');
      await button('Details').click();
      await button('Add people').waitFor();
      await look('details of a group');
      await button('Manage Ben Bold').click();
      await chat.getByRole('menuitem').first().waitFor();
      await look('menu of a member');
      await page.keyboard.press('Escape');
      await button('Close details').click();

      // A conversation with all that a message can be.
      await ann.writeTo('Ben Bold');
      await chat.getByPlaceholder('Message Ben Bold').waitFor();
      await ann.say('A *first* cup with `milk`, see https://example.com/tea');
      await ben.openConversation('Ann Ames');
      await ben.message('A first cup').waitFor();
      await ben.act('A first cup', 'Reply');
      await ben.say('Two, please');
      await ben.act('A first cup', 'Add a reaction');
      await ben.chat.getByRole('dialog', { name: 'Emoji' }).locator('.grid button').first().click();
      await message('Two, please').waitFor();
      await chat.locator('.reaction').waitFor();
      await ann.say('gone soon');
      await ann.act('gone soon', 'Delete');
      await chat.getByText('You deleted this message.').first().waitFor();
      await look('conversation');
      await page.mouse.move(5, 5);
      await message('A first cup').focus();
      await chat.getByRole('toolbar').waitFor();
      await look('message actions');
      await button('More').click();
      await chat.getByRole('menuitem', { name: 'Delete' }).waitFor();
      await look('menu of a message');
      await chat.getByRole('menuitem', { name: 'Delete' }).click();
      await chat.getByText('Delete this message for everybody?').waitFor();
      await look('question before a message is deleted');
      await page.keyboard.press('Escape');
      await button('Add a reaction').click();
      await chat.getByRole('dialog', { name: 'Emoji' }).waitFor();
      await look('emoji picker');
      await page.keyboard.press('Escape');
      await ann.act('A first cup', 'Edit');
      await chat.getByText('Editing your message').waitFor();
      await look('editing');
      await page.keyboard.press('Escape');

      // Files and sound.
      await choose(page, () => button('Attach files').click(), [
        ...pictures,
        notes,
        { ...notes, name: 'large.bin', buffer: Buffer.alloc(3_200_000, 1) },
      ]);
      await expect.poll(() => chat.locator('teatime-file-tray').getByRole('listitem').count()).toBe(3);
      await chat.getByText(/^large\.bin is/).waitFor();
      await look('files tray');
      await ann.say('What we drank');
      await message('What we drank')
        .getByText(/Delivered|Read/)
        .waitFor({ state: 'attached' });
      await button('Record a voice message').click();
      await button('Stop and listen').waitFor();
      await look('recorder');
      await button('Stop and listen').click();
      await chat.getByRole('slider', { name: 'Position' }).waitFor();
      await look('recording to listen to');
      await button('Send the recording').click();
      await chat.locator('teatime-message teatime-voice-player').waitFor();
      await look('messages with files and sound');
      await button(/^Open: Picture leaf\.png/).click();
      await chat.getByRole('dialog', { name: 'Pictures and videos' }).getByText('1 of 2').first().waitFor();
      await look('lightbox');
      await page.keyboard.press('Escape');

      await button('Details').click();
      await button('Block Ben Bold').click();
      await chat.getByRole('group', { name: /^Block Ben Bold\?/ }).waitFor();
      await look('details of a person');
      await page.keyboard.press('Escape');
      await button('Media, files and audio').click();
      await chat
        .locator('teatime-shared-files')
        .getByRole('tab')
        .or(chat.locator('teatime-shared-files button'))
        .first()
        .waitFor();
      await look('shared files');
      await button('Close details').click();

      // The list with all marks, and one that finds nothing.
      await ann.openConversation('Tea tasting');
      await ben.say('Unread as yet');
      await chat.locator('teatime-conversation-item .pill').waitFor();
      await look('list');
      await chat.getByRole('searchbox').fill('zzzz');
      await chat.getByText('Nothing matches “zzzz”.').waitFor();
      await look('list without a match');
      await button('Clear search').click();
      await ann.openConversation('Ben Bold');

      // Calls.
      // A right click leads to a look at oneself first, also where the devices are allowed already.
      await ben.button('Video call').click({ button: 'right' });
      await ben.chat.getByRole('dialog', { name: 'Call Ann Ames' }).waitFor();
      await ben.looker.look('set-up of a call');
      await ben.button('Call with video').click();
      await chat.getByRole('alertdialog', { name: 'Ben Bold' }).waitFor();
      await look('incoming call');
      await button('Accept with video').click();
      await ann.stage.locator('.tile:not(.own) video').waitFor();
      await look('call stage');
      await button('Devices').click();
      await ann.stage.getByRole('combobox', { name: 'Camera', exact: true }).waitFor();
      await look('devices of a call');
      await button('Devices').click();
      await button('Fold the call').click();
      await button('Back to the call with Ben Bold').waitFor();
      await look('folded call');
      await button('Leave the call').click();
      await ben.chat.getByText('The call has ended.').waitFor();
      await ben.looker.look('call that is over');
      await composer.waitFor();

      // In the launcher's panel.
      await chat.evaluate((element) => element.setAttribute('mode', 'launcher'));
      await button('Open chat').waitFor();
      await look('launcher');
      await button('Open chat').click();
      await composer.waitFor();
      await look('panel of the launcher');

      // Without a line to the server.
      await server.crash();
      await chat.locator('teatime-notices .notice').waitFor();
      await ann.say('when I am back');
      await look('notice');
      await server.start();

      expect([...looker.faults, ...ben.looker.faults]).toEqual([]);
      expect([...ann.faults, ...ben.faults]).toEqual([]);
      expect(looker.views.length + ben.looker.views.length).toBe(35);
    },
  );
});

/** Somebody whose chat with a long-winded friend is open. */
const inTalk = async (names: readonly [string, string], options: BrowserContextOptions = {}): Promise<Person> => {
  const [one, other] = await Promise.all([come(options), come()]);
  await one.register({ name: `${names[0]} Ames`, username: names[0].toLowerCase() });
  await other.register({ name: `${names[1]} Fitzgerald-Montgomery`, username: names[1].toLowerCase() });
  await one.writeTo(names[1]);
  await one.say('Some words, and a `piece of code that goes on for quite some while without a break` in them');
  await other.openConversation(names[0]);
  await other.message('Some words').waitFor();
  await other.say('Donaudampfschifffahrtsgesellschaftskapitaen');
  await one.message('Donau').waitFor();
  await other.context.close();
  return one;
};

describe('large letters', () => {
  // 1280 x 900 at 200 % (WCAG 1.4.4) and 1280 x 1024 at 400 % (WCAG 1.4.10), and letters alone at twice their size.
  for (const [what, viewport, letters, names] of [
    ['zoomed to 200 %', { width: 640, height: 450 }, '', ['Cid', 'Dot']],
    ['zoomed to 400 %', { width: 320, height: 256 }, '', ['Eve', 'Fay']],
    ['of twice the size', { width: 1280, height: 900 }, '30px', ['Gus', 'Hal']],
    ['of twice the size on a phone', { width: 360, height: 640 }, '30px', ['Ivo', 'Jim']],
  ] as const)
    test(`${what} are all to be read, without scrolling to the side`, { timeout: 120_000 }, async () => {
      const { page, chat, button, composer, faults } = await inTalk(names);
      await page.setViewportSize(viewport);
      const folder = process.env['SCREENSHOTS'];
      await chat.evaluate((element, size) => size && element.style.setProperty('--teatime-font-size', size), letters);
      const look = async (view: string): Promise<void> => {
        if (folder) await page.screenshot({ path: `${folder}/letters-${what}-${view}.png`.replaceAll(' ', '-') });
        const found = await cutOffIn(page);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect({ view, found, sideways }).toEqual({ view, found: [], sideways: 0 });
      };
      await composer.waitFor();
      await look('conversation');
      await button('Details').click();
      await button('Close details').waitFor();
      await look('details');
      await button('Close details').click();
      const back = button('Back to conversations');
      if (await back.isVisible()) await back.click();
      await button('Your profile').click();
      await button('Sign out').scrollIntoViewIfNeeded();
      await look('profile');
      await button('Sign out').click();
      await button('Sign in').waitFor();
      await look('sign-in');
      expect(faults).toEqual([]);
    });
});

describe('forced colours', () => {
  test('leave nothing without an edge that had its colour alone', { timeout: 120_000 }, async () => {
    const { page, chat, button, faults, message } = await inTalk(['Kim', 'Lou'], { forcedColors: 'active' });
    const folder = process.env['SCREENSHOTS'];
    const look = async (view: string, ...edged: string[]): Promise<void> => {
      if (folder) await page.screenshot({ path: `${folder}/forced-${view}.png`.replaceAll(' ', '-') });
      for (const selector of edged) {
        const bare = await chat.locator(selector).evaluateAll((all) =>
          all
            .filter((one) => {
              const { borderTopStyle, borderTopWidth, outlineStyle, forcedColorAdjust } = getComputedStyle(one);
              const isEdged = borderTopStyle !== 'none' && parseFloat(borderTopWidth) > 0;
              return one.checkVisibility() && !isEdged && outlineStyle === 'none' && forcedColorAdjust !== 'none';
            })
            .map(({ localName, className, ariaLabel }) => `${localName}.${className} ${ariaLabel ?? ''}`),
        );
        expect({ view, bare }).toEqual({ view, bare: [] });
      }
    };
    await look('conversation', 'teatime-message .bubble', '[role=option][aria-selected=true]', 'teatime-composer .box');
    await message('Some words').hover();
    await button('More').click();
    await chat.getByRole('menuitem').first().waitFor();
    await look('menu', 'teatime-message-actions .bar', 'teatime-message-actions [popover]');
    await page.keyboard.press('Escape');
    await button('Details').click();
    await button('Close details').waitFor();
    await look('details', '[role=switch] .switch');
    await button('Close details').click();
    await button('Your profile').click();
    await button('Sign out').waitFor();
    await look('profile', '.input', '.button');
    await button('Sign out').click();
    await button('Sign in').waitFor();
    await look('sign-in', '.input', '.button');
    expect(faults).toEqual([]);
  });
});
