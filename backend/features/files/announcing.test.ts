import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, aFile, anUpload, aUser, putBytes, startTestBackend, type TestBackend } from '../../testing/index.ts';

let t: TestBackend;
beforeAll(async () => {
  t = await startTestBackend();
});
afterAll(() => t.close());

const announced = (more: object = {}) => ({
  body: { clientId: uuidv7(), name: 'tea.txt', size: 5, type: 'text/plain', ...more },
});
const usage = async (server: TestBackend, userId: string) => {
  const [row] = await server.db.query<{ files: number; bytes: number }>(
    'test_usage',
    'select files, bytes from file_usage where user_id = $1',
    [userId],
  );
  return { files: row?.files ?? 0, bytes: row?.bytes ?? 0 };
};

describe('announcing a file', () => {
  test('the same again gives the same file, with its bytes still to come, and counts once', async () => {
    const user = await aUser(t);
    const input = announced();
    const answers = await Promise.all(Array.from({ length: 8 }, () => user.api.request('POST /files', input)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    const bodies = answers.map(({ body }) => body as { fileId: string; upload: Parameters<typeof putBytes>[0] });
    const [first] = bodies;
    expect(new Set(bodies.map(({ fileId }) => fileId)).size).toBe(1);
    expect(await usage(t, user.id)).toEqual({ files: 1, bytes: 5 });
    // Whichever target it was that won: it takes the bytes.
    if (!first) throw new Error('there is no answer');
    await putBytes(first.upload, Buffer.from('hello'), 'text/plain');
    const { file } = await user.api.call('POST /files/:fileId/complete', {
      params: { fileId: first.fileId },
      body: {},
    });
    expect(file).toMatchObject({ id: first.fileId, name: 'tea.txt', size: 5, kind: 'file' });
  });

  test('something else under the same client id is refused', async () => {
    const user = await aUser(t);
    const input = announced();
    await user.api.call('POST /files', input);
    for (const other of [
      { size: 6 },
      { name: 'coffee.txt' },
      { type: 'text/csv' },
      { purpose: 'avatar', type: 'image/png' },
    ]) {
      const refusal = await user.api.refusal('POST /files', { body: { ...input.body, ...other } });
      expect(refusal.code).toBe('idempotency_key_reused');
    }
  });

  test('two people may use the same client id', async () => {
    const input = announced();
    const files = await Promise.all(
      [await aUser(t), await aUser(t)].map((user) => user.api.call('POST /files', input)),
    );
    expect(new Set(files.map(({ fileId }) => fileId)).size).toBe(2);
  });

  test('once all bytes were looked at, whoever has lost track is told that none is missing', async () => {
    const user = await aUser(t);
    const input = announced({ size: 22 });
    const { fileId, upload } = await user.api.call('POST /files', input);
    await putBytes(upload, Buffer.from('Darjeeling, first flush'.slice(0, 22)), 'text/plain');
    await user.api.call('POST /files/:fileId/complete', { params: { fileId }, body: {} });
    const again = await user.api.call('POST /files', input);
    expect(again).toMatchObject({ fileId, upload: { kind: 'parts', parts: [] } });
    const target = await user.api.call('POST /files/:fileId/upload', { params: { fileId } });
    expect(target.upload).toMatchObject({ kind: 'parts', parts: [] });
  });

  test('too large, of a type that is not taken, or for the wrong purpose: each is refused before a byte travels', async () => {
    const strict = await startTestBackend({
      files: { fileBytes: 1000, avatarBytes: 100, types: ['image/*', 'audio/ogg'] },
    });
    const user = await aUser(strict);
    const refusal = async (more: object) => (await user.api.refusal('POST /files', announced(more))).status;
    expect(await refusal({ size: 1001, type: 'image/png' })).toBe(413);
    expect(await refusal({ size: 101, type: 'image/png', purpose: 'avatar' })).toBe(413);
    expect(await refusal({ type: 'text/plain' })).toBe(415);
    expect(await refusal({ type: 'audio/ogg', purpose: 'avatar' })).toBe(415);
    expect(await refusal({ type: 'image/png', purpose: 'voice' })).toBe(415);
    for (const more of [
      { size: 1000, type: 'image/png' },
      { size: 100, type: 'image/webp', purpose: 'avatar' as const },
      { type: 'audio/ogg;codecs=opus', purpose: 'voice' as const },
    ]) {
      await user.api.call('POST /files', announced(more));
    }
    await strict.close();
  });

  test('where files are switched off there are none, and the configuration says so', async () => {
    const without = await startTestBackend({ files: { enabled: false } });
    const user = await aUser(without);
    expect((await user.api.refusal('POST /files', announced())).code).toBe('forbidden');
    const config = await api(without).call('GET /config');
    expect(config.files).toBeUndefined();
    expect(config.features).not.toContain('files');
    await without.close();
  });

  test('the configuration tells the limits', async () => {
    const config = await api(t).call('GET /config');
    expect(config.features).toEqual(expect.arrayContaining(['files', 'voice', 'avatars']));
    expect(config.files).toEqual({
      fileBytes: t.config.files.fileBytes,
      filesPerMessage: t.config.files.filesPerMessage,
      avatarBytes: t.config.files.avatarBytes,
      imagePixels: t.config.files.imagePixels,
      voiceSeconds: t.config.files.voiceSeconds,
    });
  });
});

test('somebody who announces without end is told to wait; others are not', async () => {
  const user = await aUser(t);
  const input = announced();
  const statuses: number[] = [];
  for (let n = 0; n < 41; n++) {
    const answers = await Promise.all(Array.from({ length: 15 }, () => user.api.request('POST /files', input)));
    statuses.push(...answers.map(({ status }) => status));
  }
  expect(statuses.filter((status) => status === 429)).toHaveLength(15);
  expect((await (await aUser(t)).api.request('POST /files', announced())).status).toBe(201);
});

describe('quotas', () => {
  test('twenty at once never take more than there is room for', async () => {
    const small = await startTestBackend({ files: { bytesPerUser: 5000 } });
    const user = await aUser(small);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => user.api.request('POST /files', announced({ size: 700 }))),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(7);
    expect(statuses.filter((status) => status === 403)).toHaveLength(13);
    expect(answers.find(({ status }) => status === 403)?.body).toMatchObject({ code: 'quota_exceeded' });
    expect(await usage(small, user.id)).toEqual({ files: 7, bytes: 4900 });
    const [count] = await small.db.query<{ files: number }>('test_files', 'select count(*) as files from files', []);
    expect(count?.files).toBe(7);
    await small.close();
  });

  test('one file too many is refused, and dropping one makes room', async () => {
    const small = await startTestBackend({ files: { filesPerUser: 3 } });
    const user = await aUser(small);
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await user.api.call('POST /files', announced())).fileId);
    expect((await user.api.refusal('POST /files', announced())).code).toBe('quota_exceeded');
    const [fileId = ''] = ids;
    await user.api.call('DELETE /files/:fileId', { params: { fileId } });
    await user.api.call('POST /files', announced());
    expect((await user.api.refusal('POST /files', announced())).code).toBe('quota_exceeded');
    await small.close();
  });

  test('the whole site has one too, which its people share', async () => {
    const small = await startTestBackend({ files: { bytesPerSite: 1000 } });
    const users = await Promise.all(Array.from({ length: 6 }, () => aUser(small)));
    const answers = await Promise.all(users.map((user) => user.api.request('POST /files', announced({ size: 300 }))));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    await small.close();
  });

  test('what a picture weighs without its metadata is what counts', async () => {
    const user = await aUser(t);
    const file = await aFile(user);
    expect(await usage(t, user.id)).toEqual({ files: 1, bytes: file.size });
  });
});

describe('dropping a file', () => {
  test('ends its upload: what comes later is refused', async () => {
    const user = await aUser(t);
    const { fileId, upload } = await user.api.call('POST /files', announced());
    expect((await user.api.request('DELETE /files/:fileId', { params: { fileId } })).status).toBe(204);
    await expect
      .poll(() => putBytes(upload, Buffer.from('hello'), 'text/plain').catch(() => 'refused'))
      .toBe('refused');
    const refusal = await user.api.refusal('POST /files/:fileId/complete', { params: { fileId }, body: {} });
    expect(refusal.status).toBe(404);
    expect(await usage(t, user.id)).toEqual({ files: 0, bytes: 0 });
  });

  test('takes the bytes of one that is ready out of the storage', async () => {
    const user = await aUser(t);
    const fileId = await anUpload(user);
    await user.api.call('POST /files/:fileId/complete', { params: { fileId }, body: {} });
    const [row] = await t.db.query<{ key: string }>('test_key', 'select key from files where id = $1', [fileId]);
    const { link } = await user.api.call('GET /files/:fileId', { params: { fileId } });
    expect((await fetch(link.url)).status).toBe(200);
    await user.api.call('DELETE /files/:fileId', { params: { fileId } });
    await expect
      .poll(() => t.storage.read(row?.key ?? '').catch((error: Error) => error.message))
      .toMatch(/unable to find/);
    expect((await fetch(link.url)).status).toBe(404);
  });
});
