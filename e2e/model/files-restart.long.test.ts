import { afterAll, beforeAll, expect, test } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';
import { connected, until } from './chats.ts';
import { aTalk, expectFiles, messagesArrive, someBytes } from './files.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ MAX_FILE_MB: '100' });
}, 60_000);
afterAll(() => server.remove());

const megabyte = 1024 * 1024;

test.each([
  ['killed', () => server.crash()],
  ['stopped', () => server.terminate()],
])(
  'a server that is %s in the middle of files and started again gets each once and whole',
  async (_, end) => {
    const { mia, noor, here, there } = await aTalk(server);
    const files = [
      someBytes('first.bin', 60 * megabyte),
      someBytes('second.bin', 30 * megabyte),
      someBytes('3.bin', 7),
    ];
    await here.attach(files);
    await here.send('files');
    const uploads = () => here.$timeline.get().items[0]?.uploads ?? [];
    await until(here.$timeline, () => (uploads()[0]?.progress ?? 0) > 0, 'the first bytes to arrive');
    expect(uploads()[0]!.progress).toBeLessThan(1);
    await end();
    await until(here.$timeline, () => uploads()[0]?.status === 'waiting', 'the loss to show');
    await server.start();
    for (const chat of [mia, noor]) {
      chat.reconnectNow();
      await connected(chat, 30_000);
    }
    // A process that was killed while it looked at a file keeps others from looking for a minute.
    const [item] = await messagesArrive(there, 1, 90_000);
    await expectFiles(noor, item!.message.files, files);
    const counts = await server.query(
      `select count(*)::int as files, count(distinct message_id)::int as messages from files where message_id = $1`,
      [item!.message.id],
    );
    expect(counts).toEqual([{ files: 3, messages: 1 }]);
  },
  150_000,
);
