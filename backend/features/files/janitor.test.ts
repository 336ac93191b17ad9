import { randomUUID } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '../../log.ts';
import {
  aDm,
  aFile,
  aMessage,
  anAvatar,
  anUpload,
  aPicture,
  aUser,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';
import { createDisposal } from './disposal.ts';
import { createJanitor } from './janitor.ts';

let t: TestBackend;
let user: TestUser;
beforeAll(async () => {
  t = await startTestBackend();
});
beforeEach(async () => {
  user = await aUser(t);
});
afterAll(() => t.close());

/** A janitor of another process that has the same database and storage. */
const aJanitor = (storage = t.storage) => {
  const parts = { config: t.config, db: t.db, storage, log: createLog({ logLevel: 'silent' }) };
  return createJanitor(parts, createDisposal(parts));
};
const age = (hours: number) =>
  t.db.query(
    'test_age',
    `update files set created_at = created_at - $2 * interval '1 hour', completed_at = completed_at - $2 * interval '1 hour'
     where owner_id = $1`,
    [user.id, hours],
  );
const rows = () =>
  t.db.query<{ id: string; key: string; thumbnail_key: string | null }>(
    'test_rows',
    'select id, key, thumbnail_key from files where owner_id = $1',
    [user.id],
  );
const ids = async () => (await rows()).map(({ id }) => id).sort();
const usage = async () => {
  const [sums] = await t.db.query('test_usage', 'select files, bytes from file_usage where user_id = $1', [user.id]);
  return sums ?? { files: 0, bytes: 0 };
};
const isThere = (key: string) =>
  t.storage.read(key).then(
    (stream) => (stream.destroy(), true),
    () => false,
  );
/** Everything in the storage of this person's site, uploads as well. */
const keys = async (): Promise<string[]> => {
  const found: string[] = [];
  for await (const key of t.storage.list(new Date(Date.now() + 60_000))) found.push(key);
  return found;
};

test('uploads that were never completed and files that were never sent go with their bytes, and give their room back', async () => {
  await anUpload(user);
  await aFile(user);
  await aFile(user, { body: await aPicture(), name: 'cup.png', type: 'image/png' });
  await anAvatar(user);
  const bad = await anUpload(user, { body: 'no picture', name: 'a.png', type: 'image/png' });
  await user.api.refusal('POST /files/:fileId/complete', { params: { fileId: bad }, body: {} });
  const stored = (await rows()).flatMap(({ key, thumbnail_key }) => [
    key,
    ...(thumbnail_key === null ? [] : [thumbnail_key]),
  ]);
  expect(await ids()).toHaveLength(5);

  await age(t.config.files.unsentHours - 1);
  await aJanitor().run();
  expect(await ids()).toHaveLength(5);

  await age(2);
  await aJanitor().run();
  expect(await ids()).toEqual([]);
  const left = await keys();
  expect(stored.filter((key) => left.includes(key))).toEqual([]);
  expect(await usage()).toEqual({ files: 0, bytes: 0 });
});

test('what was sent, what is somebody’s picture, and what is being looked at stay', async () => {
  const dm = await aDm(user, await aUser(t));
  const sent = await aFile(user);
  await aMessage(user, dm, '', [sent]);
  const avatar = await anAvatar(user);
  await user.api.call('POST /me/avatar', { body: { fileId: avatar.id } });
  const looked = await anUpload(user);
  await t.db.query('test_hold', `update files set inspected_until = now() + interval '1 minute' where id = $1`, [
    looked,
  ]);
  await age(1000);
  await aJanitor().run();
  expect(await ids()).toEqual([sent.id, avatar.id, looked].sort());
  for (const { key } of await rows()) expect(await keys()).toContain(key);
});

test('a file whose age counts from its completion, after a long upload, is given its time', async () => {
  const file = await aFile(user);
  await t.db.query('test_old', `update files set created_at = created_at - interval '30 hours' where id = $1`, [
    file.id,
  ]);
  await aJanitor().run();
  expect(await ids()).toEqual([file.id]);
});

test('objects that no file names go when they are old, of this installation’s sites only', async () => {
  const [site] = await t.db.query<{ id: string }>('test_site_id', `select id from sites where key = 'default'`, []);
  const orphan = `${site?.id}/2026/${randomUUID()}`;
  const fresh = `${site?.id}/2026/${randomUUID()}`;
  const foreign = `${randomUUID()}/2026/${randomUUID()}`;
  for (const key of [orphan, fresh, foreign]) await t.storage.write(key, Buffer.from('tea'), 'text/plain');
  const kept = await aFile(user);
  const [row] = await rows();
  const { storage } = t.config.files;
  if (storage.kind !== 'disk') throw new Error('the tests keep their files on disk');
  const longAgo = new Date(Date.now() - (t.config.files.unsentHours + 1) * 60 * 60_000);
  for (const key of [orphan, foreign, row?.key ?? '']) await utimes(join(storage.dir, key), longAgo, longAgo);

  await aJanitor().run();
  expect(await Promise.all([orphan, fresh, foreign, row?.key ?? ''].map(isThere))).toEqual([false, true, true, true]);
  expect(await ids()).toEqual([kept.id]);
});

test('several at once do each other no harm', async () => {
  await Promise.all(Array.from({ length: 20 }, () => aFile(user)));
  await age(25);
  await Promise.all([aJanitor(), aJanitor(), aJanitor()].map((janitor) => janitor.run()));
  expect(await ids()).toEqual([]);
  expect(await usage()).toEqual({ files: 0, bytes: 0 });
});

test('what the storage will not let go of is tried again, and does not keep the others', async () => {
  const [stuck, other] = [await aFile(user), await aFile(user)];
  const key = (await rows()).find(({ id }) => id === stuck.id)?.key ?? '';
  await age(25);
  let away = true;
  const storage = {
    ...t.storage,
    remove: (some: readonly string[]) =>
      away && some.includes(key) ? Promise.reject(new Error('the disk is busy')) : t.storage.remove(some),
  };
  const janitor = aJanitor(storage);
  await janitor.run();
  expect(await ids()).toEqual([stuck.id]);
  expect(await isThere(key)).toBe(true);
  expect(other.id).not.toBe(stuck.id);
  away = false;
  await janitor.run();
  expect(await ids()).toEqual([]);
  expect(await isThere(key)).toBe(false);
});

test('a server begins to tidy up when it starts', async () => {
  await aFile(user);
  await age(25);
  const second = await startTestBackend({}, { databaseUrl: t.databaseUrl, storage: t.storage });
  await expect.poll(ids).toEqual([]);
  await second.close();
});
