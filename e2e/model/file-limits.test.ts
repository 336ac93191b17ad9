import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { aPerson, until } from './chats.ts';
import { aPixel, aTalk, expectFiles, messagesArrive, someBytes, trayReady, trayShows } from './files.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({
    files: {
      fileBytes: 100_000,
      filesPerMessage: 3,
      filesPerUser: 4,
      types: ['application/octet-stream', 'image/*', 'audio/*'],
    },
  });
}, 60_000);
afterAll(() => server.close());

test('what the server would not take is turned down before it is uploaded, and the rest is taken', async () => {
  const { mia, here } = await aTalk(server);
  expect(mia.$fileLimits.get()).toMatchObject({ fileBytes: 100_000, filesPerMessage: 3 });
  const rejected = await here.attach([
    someBytes('large.bin', 100_001),
    someBytes('empty.bin', 0),
    { name: 'page.html', blob: new Blob(['<p>'], { type: 'text/html;charset=utf-8' }) },
    someBytes('fits.bin', 100_000),
    aPixel(),
    someBytes('third.bin', 10),
    someBytes('fourth.bin', 10),
  ]);
  expect(rejected.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
    'large.bin too_large',
    'empty.bin empty',
    'page.html wrong_type',
    'fourth.bin too_many',
  ]);
  const tray = await trayReady(here, 3);
  expect(tray.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
    'fits.bin file',
    'pixel.png image',
    'third.bin file',
  ]);
  expect((await here.sendFiles([someBytes('none.bin', 0)], { text: 'nothing' })).map(({ reason }) => reason)).toEqual([
    'empty',
  ]);
  expect(here.$timeline.get().items).toEqual([]);
});

test('where files are switched off, each is turned down and none is uploaded', async () => {
  const off = await startTestBackend({ files: { enabled: false } }, { databaseUrl: server.databaseUrl });
  try {
    const { mia, here } = await aTalk(off);
    expect(mia.$fileLimits.get()).toBeUndefined();
    const [rejected] = await here.attach([someBytes('any.bin', 10)]);
    expect(rejected).toMatchObject({ name: 'any.bin', size: 10, reason: 'off' });
    expect(here.$staged.get()).toEqual([]);
  } finally {
    await off.close();
  }
});

test('a file beyond the quota fails with that reason, its message with it, and goes without it when it is taken out', async () => {
  const { noor, here, there } = await aTalk(server);
  const files = Array.from({ length: 5 }, (_, index) => someBytes(`${index}.bin`, 1000 + index));
  await here.sendFiles(files.slice(0, 3), { text: 'three' });
  await messagesArrive(there, 1);
  await here.sendFiles(files.slice(3), { text: 'two' });
  const failed = await until(here.$timeline, ({ items }) => items[1]?.delivery === 'failed', 'the failure');
  const { failure, uploads } = failed.items[1]!;
  expect(failure?.code).toBe('quota_exceeded');
  const over = uploads!.find(({ status }) => status === 'failed')!;
  expect(over.failure).toEqual(failure);
  here.cancelUpload(over.key);
  const items = await messagesArrive(there, 2);
  const kept = files.slice(3).filter(({ name }) => name !== over.name);
  expect(items[1]!.message.text).toBe('two');
  await expectFiles(noor, items[1]!.message.files, kept);
});

test('a file that is not what it says it is fails, and so does a second try', async () => {
  const { here } = await aTalk(server);
  const blob = new Blob([Buffer.from('MZ\x90\0\x03\0\0\0 this program cannot be run'.repeat(4), 'latin1')], {
    type: 'image/png',
  });
  await here.attach([{ name: 'innocent.png', blob }]);
  const isRejected = ([file]: readonly { status: string }[]) => file?.status === 'failed';
  const [file] = await trayShows(here, isRejected, 'the refusal');
  expect(file!.failure?.code).toBe('file_rejected');
  here.retryUpload(file!.key);
  expect(here.$staged.get()[0]?.status).toBe('waiting');
  await trayShows(here, isRejected, 'the second refusal');
  here.cancelUpload(file!.key);
  expect(here.$staged.get()).toEqual([]);
});

test('a message whose file failed goes out when the second try works', async () => {
  const { noor, here, there } = await aTalk(server);
  const filler = Array.from({ length: 4 }, (_, index) => someBytes(`filler ${index}.bin`, 10));
  await here.attach(filler.slice(0, 3));
  const staged = await trayReady(here, 3);
  const file = someBytes('patient.bin', 5000);
  await here.sendFiles([filler[3]!, file], { text: 'patience' });
  const { items } = await until(here.$timeline, (state) => state.items[0]?.delivery === 'failed', 'the failure');
  for (const { key } of staged) here.cancelUpload(key);
  // The server has heard of it when they are gone from there.
  await until(here.$staged, (tray) => tray.length === 0, 'an empty tray');
  await vi.waitFor(async () => {
    const text = `select 1 from files where client_id = any ($1::uuid[]) and state <> 'removed'`;
    expect(await server.db.query('test_left', text, [staged.map(({ key }) => key)])).toEqual([]);
  });
  here.retryUpload(items[0]!.uploads!.find(({ status }) => status === 'failed')!.key);
  const [item] = await messagesArrive(there, 1);
  await expectFiles(noor, item!.message.files, [filler[3]!, file]);
});

test('a recording arrives with its length and its waveform', async () => {
  const { here, there } = await aTalk(server);
  const wave = Buffer.alloc(44 + 8000, 128);
  wave.write(
    'RIFF\x64\x1f\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x40\x1f\0\0',
    'latin1',
  );
  const blob = new Blob([wave], { type: 'audio/wav' });
  await here.sendFiles([{ name: 'voice.wav', blob, voice: { durationMs: 999.7, waveform: [0, 50.2, 100] } }]);
  const [unsent] = here.$timeline.get().items[0]!.uploads!;
  expect(unsent).toMatchObject({ kind: 'voice', durationMs: 1000, waveform: [0, 50, 100] });
  const [item] = await messagesArrive(there, 1);
  expect(item!.message.files).toMatchObject([{ kind: 'voice', durationMs: 1000, waveform: [0, 50, 100] }]);
});

test('a picture of oneself and of a group has a full address that anybody can load, until it is taken away', async () => {
  const [mia, noor] = await Promise.all([aPerson(server), aPerson(server)]);
  const picture = aPixel().blob;
  await mia.chat.setAvatar(picture);
  const session = mia.chat.$session.get();
  const url = session.status === 'signed-in' ? session.user.avatarUrl : undefined;
  expect(url).toMatch(new RegExp(`^${server.url}/avatars/`));
  expect((await fetch(url!)).headers.get('content-type')).toBe('image/webp');
  const [found] = await noor.chat.searchUsers(mia.username);
  expect(found?.avatarUrl).toBe(url);

  const id = await mia.chat.createGroup('Painters', [noor.id]);
  await mia.chat.setGroupAvatar(id, picture);
  const pictured = (value: { items: readonly { id: string; avatarUrl?: string }[] }) =>
    value.items.find((item) => item.id === id)?.avatarUrl;
  const groupUrl = pictured(mia.chat.$conversations.get())!;
  expect((await fetch(groupUrl)).status).toBe(200);
  await until(noor.chat.$conversations, (list) => pictured(list) === groupUrl, 'the picture at the other side');
  const open = noor.chat.open(id);
  await until(
    open.$conversation,
    (group) => group?.members.find(({ userId }) => userId === mia.id)?.user.avatarUrl === url,
    'the picture of a member',
  );

  await mia.chat.setAvatar(undefined);
  await mia.chat.setGroupAvatar(id, undefined);
  expect(pictured(mia.chat.$conversations.get())).toBeUndefined();
  const after = mia.chat.$session.get();
  expect(after.status === 'signed-in' && after.user.avatarUrl).toBeUndefined();
});

test('addresses that are wanted together are asked for at once, kept while they are good, and refused to strangers', async () => {
  const asked: string[][] = [];
  const watch: typeof fetch = (input, init) => {
    if (String(input).endsWith('/files/links'))
      asked.push((JSON.parse(String(init?.body)) as { fileIds: string[] }).fileIds);
    return fetch(input, init);
  };
  const { noor, here, there, id } = await aTalk(server);
  const files = [someBytes('a.bin', 10), someBytes('b.bin', 20)];
  await here.sendFiles(files);
  const [item] = await messagesArrive(there, 1);
  const ids = item!.message.files.map((file) => file.id);
  expect((await here.sharedFiles('file')).files.map(({ file }) => file.name).sort()).toEqual(['a.bin', 'b.bin']);
  expect(await here.sharedFiles('media')).toEqual({ files: [], hasMore: false });
  expect(noor.$conversations.get().items.find((one) => one.id === id)?.lastMessage?.files).toHaveLength(2);

  const stranger = await aPerson(server, { fetch: watch });
  await expect(stranger.chat.fileAddress(ids[0]!)).rejects.toMatchObject({ failure: { code: 'not_found' } });
  expect(asked).toEqual([[ids[0]]]);

  const talk = await aTalk(server, { fetch: watch });
  await talk.here.sendFiles([someBytes('c.bin', 10), someBytes('d.bin', 20)]);
  const [mine] = await messagesArrive(talk.there, 1);
  const [c, d] = mine!.message.files.map((file) => file.id);
  asked.length = 0;
  const [one, two, again] = await Promise.all([c!, d!, c!].map((fileId) => talk.mia.fileAddress(fileId)));
  expect(asked).toEqual([[c, d]]);
  expect(again).toBe(one);
  expect(two!.url).not.toBe(one!.url);
  expect(await talk.mia.fileAddress(d!)).toBe(two);
  expect(asked).toHaveLength(1);
  expect(one!.expiresAt - Date.now()).toBeGreaterThan(60_000);
  expect(one!.expiresAt - Date.now()).toBeLessThanOrEqual(300_000);
});
