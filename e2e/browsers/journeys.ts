import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composer, handAt, message } from '../support/driver-hand.ts';
import type { Tab } from '../support/driver.ts';
import { faultsOf, loseMessages, type House } from './house.ts';

/** How long a journey may take, in ms: seconds where nothing else is going on. */
const patienceMs = 180_000;

/** What everybody does in a chat, to be shown in one browser after the other. */
export function chatJourneys(house: () => House): void {
  const folder = mkdtempSync(join(tmpdir(), 'teatime-browsers-'));
  const picture = join(folder, 'green tea.png');

  beforeAll(async () => {
    const drawing = sharp({ create: { width: 320, height: 200, channels: 3, background: '#2a7' } });
    await drawing.png().toFile(picture);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test(
    'two people find each other, write, see each other type and read, change what they said, and show a picture',
    async () => {
      const [ada, ben] = await Promise.all([house().arrive('Ada'), house().arrive('Ben')]);
      await ada.writeTo(ben.name);
      await ada.say('Hello Ben, is this **yours**?', 'Hello Ben, is this yours?');
      await ada.sees({ text: 'Delivered', in: message('Hello Ben'), hidden: true });
      await ben.openConversation(ada.name);
      expect((await ben.sees({ tag: 'strong', in: message('Hello Ben') })).text).toBe('yours');
      await ada.sees({ text: 'Read', in: message('Hello Ben'), hidden: true });
      await ada.sees({ text: 'Online', in: { tag: 'teatime-conversation-header' } });

      await ben.fill(composer, 'It is');
      await ada.sees({ text: 'typing…', in: { tag: 'teatime-conversation-header' } });
      await ben.say('It is mine');
      await ada.sees(message('It is mine'));

      await ben.act('It is mine', 'Edit');
      await ben.say('It is mine, thanks');
      await ada.sees({ text: 'edited', in: message('thanks') });
      await ada.act('Hello Ben', 'Delete');
      await ben.sees(message('This message was deleted.'));

      await ada.choose({ tag: 'input', in: { tag: 'teatime-attach-button' } }, picture);
      await ada.sees({ text: 'green tea.png', in: { tag: 'teatime-file-tray' }, hidden: true });
      await ada.say('Look at this');
      await ben.sees({ tag: 'img', in: { tag: 'teatime-message-files', in: message('Look at this') } });

      await ada.createGroup('First flush', ben.name);
      await ada.say('Welcome');
      await ben.openConversation('First flush');
      await ben.sees(message('Welcome'));
      for (const { tab } of [ada, ben]) expect(await faultsOf(tab)).toEqual([]);
    },
    patienceMs,
  );

  test(
    'the launcher opens and closes the chat, dark or light, in the language and the direction of the page',
    async () => {
      const kim = await house().visitor({ mode: 'launcher' });
      await kim.press('Open chat');
      await kim.sees({ role: 'heading', name: 'Good to see you' });
      expect(await lightnessOf(kim.tab)).toBeGreaterThan(200);
      await kim.key('Escape');
      await kim.misses({ tag: 'teatime-panel' });
      await setOnChat(kim.tab, 'theme', 'dark');
      await kim.press('Open chat');
      await kim.sees({ role: 'heading', name: 'Good to see you' });
      expect(await lightnessOf(kim.tab)).toBeLessThan(60);

      await setOnChat(kim.tab, 'lang', 'ar');
      const title = await kim.sees({ role: 'heading', name: 'أهلًا بك' });
      const field = await kim.sees({ role: 'textbox', name: 'كلمة المرور' });
      expect([title.direction, field.direction]).toEqual(['rtl', 'rtl']);
      await setOnChat(kim.tab, 'lang', 'de');
      expect((await kim.sees({ role: 'button', name: 'Anmelden' })).direction).toBe('ltr');
      expect(await faultsOf(kim.tab)).toEqual([]);
    },
    patienceMs,
  );
}

/** What outlives a page: unsent messages, other tabs, and the account. */
export function lastingJourneys(house: () => House): void {
  test(
    'what is sent as the page is reloaded arrives once, a second tab knows all, and who signs out comes back',
    async () => {
      const [eve, jon] = await Promise.all([house().arrive('Eve'), house().arrive('Jon')]);
      await eve.writeTo(jon.name);
      await eve.say('first');
      await jon.openConversation(eve.name);
      await loseMessages(eve.tab);
      await eve.say('never left');
      await eve.sees({ text: 'Sending', in: message('never left'), hidden: true });
      expect(await faultsOf(eve.tab)).toEqual([]);
      await eve.tab.reload();
      await jon.sees(message('never left'));
      await eve.openConversation(jon.name);
      await eve.sees(message('never left'));
      expect(await eve.count(message('never left'))).toBe(1);
      expect(await jon.count(message('never left'))).toBe(1);

      const second = handAt(await eve.tab.another());
      await second.tab.goto(house().page());
      await second.openConversation(jon.name);
      await jon.say('to both');
      await Promise.all([eve, second].map((tab) => tab.sees(message('to both'))));
      await second.say('from the second');
      await Promise.all([eve, jon].map((tab) => tab.sees(message('from the second'))));

      await second.press('Your profile');
      await second.press('Sign out');
      await Promise.all([eve, second].map((tab) => tab.sees({ role: 'button', name: 'Sign in' })));
      await eve.signIn(eve.username);
      await eve.openConversation(jon.name);
      await eve.sees(message('from the second'));
      for (const { tab } of [eve, second, jon]) expect(await faultsOf(tab)).toEqual([]);
    },
    patienceMs,
  );
}

const setOnChat = (tab: Tab, name: string, value: string): Promise<void> =>
  tab.evaluate((attribute, given) => document.querySelector('#chat')?.setAttribute(attribute, given), name, value);

/** How light the panel's ground is, from 0 to 255, whatever the browser calls its colours. */
const lightnessOf = (tab: Tab): Promise<number> =>
  tab.evaluate(() => {
    const panel = document.querySelector('#chat')?.shadowRoot?.querySelector('teatime-panel');
    const canvas = document.createElement('canvas').getContext('2d');
    if (!panel || !canvas) return Number.NaN;
    canvas.fillStyle = getComputedStyle(panel).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3;
  });
