import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { aPerson, connected, listed, opened, until } from './chats.ts';
import { watchShown } from './shown.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.remove());

test.each([
  ['killed', () => server.crash()],
  ['stopped', () => server.terminate()],
])(
  'a server that is %s in mid-conversation and started again loses, doubles and reorders nothing',
  async (_, end) => {
    const [mia, noor] = await Promise.all([aPerson(server), aPerson(server)]);
    await Promise.all([listed(mia.chat), listed(noor.chat)]);
    const id = await mia.chat.openDirect(noor.id);
    const [here, there] = await Promise.all([opened(mia.chat, id), opened(noor.chat, id)]);
    const shown = [watchShown(here), watchShown(there)];
    const mine: string[] = [];
    const theirs: string[] = [];
    const talk = async (from: number, to: number) => {
      for (let index = from; index < to; index++) {
        mine.push(`mine ${index}`);
        theirs.push(`theirs ${index}`);
        await Promise.all([here.send(`mine ${index}`), there.send(`theirs ${index}`)]);
      }
    };
    await talk(0, 8);
    const ending = end();
    await talk(8, 12);
    await ending;
    await until(mia.chat.$connection, ({ status }) => status !== 'connected', 'the loss');
    await talk(12, 16);
    await server.start();
    for (const { chat } of [mia, noor]) {
      chat.reconnectNow();
      await connected(chat, 30_000);
    }
    for (const open of [here, there]) {
      const { items } = await until(
        open.$timeline,
        (state) => state.items.filter(({ message }) => message.seq !== Infinity).length === 32,
        'all messages',
        30_000,
      );
      const texts = items.map(({ message }) => message.text);
      expect(texts.filter((text) => text.startsWith('mine'))).toEqual(mine);
      expect(texts.filter((text) => text.startsWith('theirs'))).toEqual(theirs);
      expect(items.map(({ message }) => message.seq)).toEqual(Array.from({ length: 32 }, (_, index) => index + 1));
    }
    for (const one of shown) one.check();
  },
  90_000,
);
