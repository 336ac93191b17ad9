import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { startS3Server, type S3Server } from '../../backend/testing/s3-server.ts';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { shows, until } from './chats.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { aTalk, expectFiles, messagesArrive, someBytes, trayReady, trayShows } from './files.ts';

const megabyte = 1024 * 1024;
const limits = { fileBytes: 100 * megabyte };
let s3: S3Server | undefined;
let onS3: TestBackend | undefined;
let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ files: limits });
}, 60_000);
afterAll(async () => {
  await server.close();
  await onS3?.close();
  await s3?.close();
});

const kinds = ['disk', 's3'] as const;
const serverOn = async (kind: (typeof kinds)[number]): Promise<TestBackend> => {
  if (kind === 'disk') return server;
  onS3 ??= await startTestBackend({ files: { ...limits, storage: (await bucketServer()).config } });
  return onS3;
};
const bucketServer = async (): Promise<S3Server> => (s3 ??= await startS3Server());

test.each(kinds)('ten files at once, one of them cancelled, arrive once and whole (%s)', async (kind) => {
  const server = await serverOn(kind);
  const { noor, here, there } = await aTalk(server);
  const files = Array.from({ length: 10 }, (_, index) => someBytes(`screenshot ${index}.bin`, 200_000 + index));
  expect(await here.attach(files)).toEqual([]);
  const staged = here.$staged.get();
  expect(staged.map(({ name }) => name)).toEqual(files.map(({ name }) => name));
  here.cancelUpload(staged[4]!.key);
  expect(here.$staged.get()).toHaveLength(9);
  await here.send('nine of them');
  expect(here.$staged.get()).toEqual([]);
  const [item] = await messagesArrive(there, 1);
  const left = files.filter((_, index) => index !== 4);
  expect(item!.message.text).toBe('nine of them');
  await expectFiles(noor, item!.message.files, left);
  await shows(here, ['nine of them']);
  // What was cancelled is gone from the server, or never came there.
  const names = await server.db.query<{ name: string }>('test_names', `select name from files where name = $1`, [
    files[4]!.name,
  ]);
  expect(names).toEqual([]);
});

test.each(kinds)(
  'a line that is cut in the middle of files costs time only (%s)',
  async (kind) => {
    // The bucket has a line of its own, which is cut as well.
    const bucket = kind === 's3' ? await startFaultProxy({ url: (await bucketServer()).config.endpoint! }) : undefined;
    const storage = bucket && { ...s3!.config, endpoint: bucket.url };
    const far = storage ? await startTestBackend({ files: { ...limits, storage } }) : server;
    const proxy = await startFaultProxy(far);
    const { noor, here, there } = await aTalk(proxy, {}, far);
    const files = [someBytes('large.bin', 40 * megabyte), someBytes('small.bin', 1000), someBytes('none.bin', 3)];
    await here.attach(files);
    await here.send('files');
    const progress = () => here.$timeline.get().items[0]?.uploads?.[0]?.progress ?? 0;
    await until(here.$timeline, () => progress() > 0, 'the first bytes to arrive');
    proxy.refuse();
    bucket?.refuse();
    await until(here.$timeline, ({ items }) => items[0]?.uploads?.[0]?.status === 'waiting', 'the loss to show');
    await here.send('text overtakes nothing while there is no line');
    proxy.pass();
    bucket?.pass();
    const items = await messagesArrive(there, 2, 30_000);
    const withFiles = items.find(({ message }) => message.text === 'files')!;
    await expectFiles(noor, withFiles.message.files, files);
    if (far !== server) await far.close();
  },
  60_000,
);

test('text does not wait for files that were sent before it', async () => {
  const proxy = await startFaultProxy(server);
  const { noor, here, there } = await aTalk(proxy, {}, server);
  const file = someBytes('slow.bin', 60 * megabyte);
  await here.attach([file]);
  await here.send('with a file');
  expect(here.$timeline.get().items.at(-1)?.uploads?.[0]?.name).toBe('slow.bin');
  await here.send('without');
  const items = await messagesArrive(there, 2, 30_000);
  expect(items.map(({ message }) => message.text)).toEqual(['without', 'with a file']);
  await expectFiles(noor, items[1]!.message.files, [file]);
  const mine = await shows(here, ['without', 'with a file']);
  expect(mine[1]!.uploads).toBeUndefined();
}, 60_000);

test('an upload whose target has ended while the line was away goes on with a new one', async () => {
  const proxy = await startFaultProxy(server);
  const { noor, here, there } = await aTalk(proxy, {}, server);
  const file = someBytes('long.bin', 40 * megabyte);
  await here.attach([file]);
  const [begun] = await trayShows(here, ([one]) => one!.progress > 0, 'the first bytes to arrive');
  expect(begun!.progress).toBeLessThan(1);
  proxy.refuse();
  await trayShows(here, ([one]) => one!.status === 'waiting', 'the loss to show');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11 * 60_000 });
  onTestFinished(() => void vi.useRealTimers());
  proxy.pass();
  await trayReady(here, 1);
  await here.send('');
  vi.useRealTimers();
  const [item] = await messagesArrive(there, 1);
  await expectFiles(noor, item!.message.files, [file]);
}, 60_000);

test('files that the server has dropped before they were sent are brought again', async () => {
  const { noor, here, there } = await aTalk(server);
  const files = [someBytes('stays.bin', 1000), someBytes('goes.bin', 2000)];
  await here.attach(files);
  const [, goes] = await trayReady(here, 2);
  await server.db.query('test_drop', `update files set state = 'removed' where client_id = $1`, [goes!.key]);
  await here.send('both');
  const [item] = await messagesArrive(there, 1);
  await expectFiles(noor, item!.message.files, files);
});

test('an upload whose bytes the server has lost is begun anew', async () => {
  const proxy = await startFaultProxy(server);
  const { noor, here, there } = await aTalk(proxy, {}, server);
  const file = someBytes('unlucky.bin', 40 * megabyte);
  await here.attach([file]);
  await trayShows(here, ([one]) => one!.progress > 0, 'the first bytes to arrive');
  proxy.refuse();
  await trayShows(here, ([one]) => one!.status === 'waiting', 'the loss to show');
  const { storage } = server.config.files;
  if (storage.kind !== 'disk') throw new Error('unable to lose bytes; they are not on the disk');
  await rm(join(storage.dir, '.uploads'), { recursive: true });
  proxy.pass();
  await trayReady(here, 1);
  await here.send('');
  const [item] = await messagesArrive(there, 1);
  await expectFiles(noor, item!.message.files, [file]);
}, 60_000);

test('files of a message that is dropped, and of a tray that is emptied, leave the server', async () => {
  const proxy = await startFaultProxy(server);
  const { here } = await aTalk(proxy, {}, server);
  const files = [someBytes('first.bin', 60 * megabyte), someBytes('second.bin', 60 * megabyte)];
  await here.attach(files);
  await trayShows(here, (tray) => tray.every(({ progress }) => progress > 0), 'both to begin');
  await here.send('');
  const { items } = here.$timeline.get();
  const [first, second] = items[0]!.uploads!;
  here.cancelUpload(first!.key);
  await until(here.$timeline, (state) => state.items[0]?.uploads?.length === 1, 'one file to go');
  here.cancelUpload(second!.key);
  await until(here.$timeline, (state) => state.items.length === 0, 'the message to go');
  await vi.waitFor(async () => {
    const text = `select name from files where client_id = any ($1::uuid[]) and state <> 'removed'`;
    expect(await server.db.query('test_left', text, [[first!.key, second!.key]])).toEqual([]);
  });
}, 30_000);
