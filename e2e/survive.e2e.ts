import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage, watch, type WatchedPage } from './support/browser.ts';
import { inChat, type ChatHand } from './support/chat.ts';
import { startServer, type TestServer } from './support/server.ts';
import { holdWire } from './support/wire.ts';
import { testify, watchFrames } from './support/witness.ts';

let server: TestServer;
let browser: Browser;
let count = 0;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const start = (page: Page) => page.goto(`${server.url}/examples/page/`);

/** Two people with a direct message open on both sides. `prepare` is called on the first one's page before it is opened. */
const aPair = async (prepare: (page: Page) => Promise<void> = async () => undefined) => {
  count += 1;
  const people = await Promise.all(
    ['Ida', 'Jon'].map(async (first, index) => {
      const watched = await openPage(browser, { viewport: { width: 900, height: 1600 } });
      await watchFrames(watched.page);
      if (index === 0) await prepare(watched.page);
      await start(watched.page);
      const hand = inChat(watched.page);
      const name = `${first} Number${count}`;
      await hand.register({ name, username: `${first}${count}` });
      return { ...watched, ...hand, name };
    }),
  );
  const [ida, jon] = people as [WatchedPage & ChatHand & { name: string }, WatchedPage & ChatHand & { name: string }];
  await ida.writeTo(jon.name);
  await ida.say('first');
  await jon.openConversation(ida.name);
  await jon.message('first').waitFor();
  return { ida, jon };
};

/** Each of these texts is in Postgres once, in this order, with dense changes (I1, I2, I6). */
const expectKept = async (texts: readonly string[]): Promise<void> => {
  const rows = await server.query<{ text: string; seq: string; head: string }>(
    `select m.text, m.seq, c.head_seq as head from messages m join conversations c on c.id = m.conversation_id
     where m.conversation_id = (select conversation_id from messages where text = $1) order by m.seq`,
    [texts[1]],
  );
  expect(rows.map(({ text }) => text)).toEqual(texts);
  expect(rows.map(({ seq }) => Number(seq))).toEqual(texts.map((_, index) => Number(rows[0]?.seq) + index));
  expect(Number(rows.at(-1)?.head)).toBe(Number(rows.at(-1)?.seq));
};

/** Both pages show exactly these messages, in this order, and have never shown one twice or out of order (I3, I4, I5). */
const expectShown = async (pages: readonly Page[], texts: readonly string[]): Promise<void> => {
  for (const page of pages) {
    await expect.poll(async () => (await testify(page)).texts, { timeout: 20_000 }).toEqual(texts);
    expect((await testify(page)).faults).toEqual([]);
  }
};

test('a page that is reloaded before the message left sends it afterwards, once', async () => {
  let wire!: Awaited<ReturnType<typeof holdWire>>;
  const { ida, jon } = await aPair(async (page) => {
    wire = await holdWire(page);
  });
  wire.lose('commands', 'message.send');
  const lost = wire.lost();
  await ida.say('never left, reload 1');
  await lost;
  await ida.message('never left').getByText('Sending').waitFor({ state: 'attached' });
  wire.heal();
  await ida.page.reload();
  // It goes out without anybody opening the conversation again.
  await jon.message('never left').waitFor();
  await ida.openConversation(jon.name);
  await ida
    .message('never left')
    .getByText(/Sent|Delivered|Read/)
    .waitFor({ state: 'attached' });
  await expectKept(['first', 'never left, reload 1']);
  await expectShown([ida.page, jon.page], ['first', 'never left, reload 1']);
});

test('a page that is reloaded before the answer came shows the message as sent, once', async () => {
  let wire!: Awaited<ReturnType<typeof holdWire>>;
  const { ida, jon } = await aPair(async (page) => {
    wire = await holdWire(page);
  });
  wire.lose('answers', 'message.send');
  const lost = wire.lost();
  await ida.say('left without answer');
  await lost;
  await jon.message('left without answer').waitFor();
  wire.heal();
  await ida.page.reload();
  await ida.openConversation(jon.name);
  await ida
    .message('left without answer')
    .getByText(/Sent|Delivered|Read/)
    .waitFor({ state: 'attached' });
  await jon.say('I have it');
  await expectShown([ida.page, jon.page], ['first', 'left without answer', 'I have it']);
  await expectKept(['first', 'left without answer', 'I have it']);
});

test('nothing is lost, shown twice or out of order when the server is killed and started in mid-conversation', async () => {
  const { ida, jon } = await aPair();
  const said = ['first'];
  const talk = async (round: string): Promise<void> => {
    // Both write at the same time; the order between them is the server's to say.
    await Promise.all(
      [ida, jon].map(async (person) => {
        for (let index = 0; index < 4; index++) await person.say(`${round}-${person === ida ? 'ida' : 'jon'}-${index}`);
      }),
    );
    said.push(...['ida', 'jon'].flatMap((name) => [0, 1, 2, 3].map((index) => `${round}-${name}-${index}`)));
  };
  await talk('before');
  for (const round of ['crash1', 'crash2']) {
    const talking = talk(round);
    await server.crash();
    await talking;
    await talk(`${round}down`);
    await server.start();
    for (const [person, text] of [
      [ida, `${round}down-jon-3`],
      [jon, `${round}down-ida-3`],
    ] as const) {
      // Waits grow while the line keeps breaking; who does not want to wait need not, unless the line is back already.
      const tryNow = person.chat.getByRole('button', { name: 'Try now' });
      await tryNow.click({ timeout: 1000 }).catch(() => undefined);
      await person.message(text).waitFor();
    }
  }
  await talk('after');

  await expect.poll(async () => (await testify(ida.page)).texts.length, { timeout: 30_000 }).toBe(said.length);
  const shown = (await testify(ida.page)).texts;
  expect([...shown].sort()).toEqual([...said].sort());
  // Each one's own messages are in the order in which they were written.
  for (const name of ['ida', 'jon'])
    expect(shown.filter((text) => text.includes(`-${name}-`))).toEqual(
      said.filter((text) => text.includes(`-${name}-`)),
    );
  await expectShown([ida.page, jon.page], shown);
  await expectKept(shown);
}, 120_000);

test('two tabs of one person send each message once, and agree on what is read', async () => {
  const { ida, jon } = await aPair();
  const second = watch(await jon.context.newPage());
  await watchFrames(second.page);
  await start(second.page);
  const other = inChat(second.page);
  await other.openConversation(ida.name);
  await other.message('first').waitFor();

  await jon.context.setOffline(true);
  await jon.say('from tab one');
  await other.say('from tab two');
  await jon.context.setOffline(false);
  await ida.message('from tab one').waitFor();
  await ida.message('from tab two').waitFor();
  const texts = (await testify(ida.page)).texts;
  expect([...texts].sort()).toEqual(['first', 'from tab one', 'from tab two']);
  await expectShown([ida.page, jon.page, second.page], texts);
  await expectKept(texts);

  // The first tab looks elsewhere: it hears of a message, and that it was read in the other one.
  await jon.page.reload();
  await start(jon.page);
  const item = jon.chat.getByRole('option').filter({ hasText: ida.name });
  await item.waitFor();
  await ida.say('read me anywhere');
  await other.message('read me anywhere').waitFor();
  await second.page.bringToFront();
  await item.getByText('read me anywhere').waitFor();
  await item.getByText('unread').waitFor({ state: 'detached' });
  expect([...ida.faults, ...jon.faults, ...second.faults]).toEqual([]);
});

test('without IndexedDB it works in memory, and says so once', async () => {
  const { ida, jon } = await aPair(async (page) => {
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      };
    });
  });
  await ida.chat.getByText("This browser can't keep unsent messages.").waitFor();
  await ida.chat.getByRole('button', { name: 'Dismiss' }).click();
  await ida.say('kept in mind only');
  await jon.message('kept in mind only').waitFor();
  expect(await ida.chat.getByText("This browser can't keep").count()).toBe(0);
  expect(ida.faults).toEqual([]);
});
