import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SitePolicy } from '../../../protocol/sites.ts';
import { aFile, anUpload, aUser, startTestBackend, type TestBackend, type TestUser } from '../../testing/index.ts';

let server: TestBackend;
let anna: TestUser;
beforeAll(async () => {
  server = await startTestBackend({ files: { fileBytes: 10_000, types: ['image/*', 'text/plain'] } });
  anna = await aUser(server);
});
afterAll(() => server.close());

const decide = (files: SitePolicy['files']) =>
  server.db.pool.query(`update sites set policy = $1 where key = 'default'`, [JSON.stringify({ files })]);
const announce = (more: object) =>
  anna.api.request('POST /files', {
    body: { clientId: uuidv7(), name: 'tea.txt', size: 5, type: 'text/plain', ...more },
  });
const limits = async () => (await anna.api.call('GET /config')).files;

describe('what a site says of files', () => {
  test('can switch them off, pictures of people too, and those that were announced before can be completed', async () => {
    await decide({});
    const fileId = await anUpload(anna);
    await decide({ allowed: false });
    for (const purpose of ['message', 'voice', 'avatar']) {
      expect((await announce({ purpose, type: 'image/png' })).body).toMatchObject({ code: 'forbidden' });
    }
    const config = await anna.api.call('GET /config');
    expect([config.files, config.features.includes('avatars')]).toEqual([undefined, false]);
    expect((await anna.api.call('POST /files/:fileId/complete', { params: { fileId }, body: {} })).file.id).toBe(
      fileId,
    );
  });

  test('can take smaller ones alone, but none larger than the installation does', async () => {
    await decide({ fileBytes: 100 });
    expect([(await announce({ size: 101 })).status, (await announce({ size: 100 })).status]).toEqual([413, 201]);
    expect(await limits()).toMatchObject({ fileBytes: 100, avatarBytes: 100 });
    await decide({ fileBytes: 1_000_000 });
    expect([(await announce({ size: 10_001 })).status, (await limits())?.fileBytes]).toEqual([413, 10_000]);
  });

  test('can give each person less room', async () => {
    await decide({});
    const before = await announce({ size: 9_000 });
    expect(before.status).toBe(201);
    await decide({ bytesPerPerson: 9_500 });
    expect((await announce({ size: 600 })).body).toMatchObject({ code: 'quota_exceeded' });
    const ben = await aUser(server);
    expect((await aFile(ben)).name).not.toBe('');
  });

  test('can take fewer kinds, of those that the installation takes', async () => {
    await decide({ types: ['image/png', 'text/*', 'video/*'] });
    expect((await limits())?.types).toEqual(['image/png', 'text/plain']);
    const statuses = [];
    for (const type of ['image/png', 'text/plain', 'image/jpeg', 'text/csv', 'video/mp4'])
      statuses.push((await announce({ type, size: 10 })).status);
    expect(statuses).toEqual([201, 201, 415, 415, 415]);
    // What the bytes say counts, not what was announced.
    await decide({});
    const html = { name: 'a.txt', type: 'text/plain', body: Buffer.from('hello') };
    const fileId = await anUpload(anna, html);
    await decide({ types: ['image/png'] });
    const answer = await anna.api.request('POST /files/:fileId/complete', { params: { fileId }, body: {} });
    expect(answer.body).toMatchObject({ code: 'file_rejected' });
  });
});
