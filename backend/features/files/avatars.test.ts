import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  aDm,
  aFile,
  aGroup,
  anAvatar,
  anUpload,
  aSocket,
  aUser,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

const groupAvatar = 'PUT /conversations/:conversationId/avatar';
const noGroupAvatar = 'DELETE /conversations/:conversationId/avatar';

let t: TestBackend;
let ann: TestUser;
let bob: TestUser;
beforeAll(async () => {
  t = await startTestBackend();
  [ann, bob] = [await aUser(t), await aUser(t)];
});
afterAll(() => t.close());

const give = async (user: TestUser, fileId: string): Promise<string> =>
  (await user.api.call('POST /me/avatar', { body: { fileId } })).user.avatarUrl ?? '';
const load = (path: string, init?: RequestInit) => fetch(`${t.url}${path}`, init);

describe('somebody’s picture', () => {
  test('is a small square that every page may show and keep for good', async () => {
    const path = await give(ann, (await anAvatar(ann)).id);
    expect(path).toMatch(/^\/avatars\/[0-9a-f]{32}\.webp$/);
    const answer = await load(path);
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    });
    const body = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-length')).toBe(String(body.length));
    expect(await sharp(body).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 });

    const etag = answer.headers.get('etag') ?? '';
    // Named, or fetch would ask for a fresh one.
    const again = await load(path, { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } });
    expect(again.status).toBe(304);
    const head = await load(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(body.length)]);
    for (const other of ['/avatars/x.webp', path.replace(/.{5}\.webp/, '00000.webp'), '/avatars/', `${path}/..`]) {
      expect((await load(other)).status).toBe(404);
    }
  });

  test('is seen wherever they are', async () => {
    const user = await aUser(t);
    const avatarUrl = await give(user, (await anAvatar(user)).id);
    const group = await aGroup(bob, []);
    const socket = await aSocket(t, user);
    const { conversation } = await bob.api.call('POST /conversations/:conversationId/members', {
      params: { conversationId: group.id },
      body: { userIds: [user.id] },
    });
    const dm = await aDm(bob, user);
    const seen = [
      (await user.api.call('GET /auth/me')).user,
      (await bob.api.call('GET /users/:userId', { params: { userId: user.id } })).user,
      (await bob.api.call('GET /users', { query: { search: user.user.username } })).users[0],
      (await bob.api.call('GET /conversations')).conversations
        .find(({ id }) => id === dm.id)
        ?.members.find(({ userId }) => userId === user.id)?.user,
      conversation.members.find(({ userId }) => userId === user.id)?.user,
      (
        await bob.api.call('GET /conversations/:conversationId/changes', {
          params: { conversationId: group.id },
          query: { after: 0 },
        })
      ).members.find(({ userId }) => userId === user.id)?.user,
      (await socket.next('member.changed')).data.member.user,
      socket.welcome.user,
    ];
    expect(seen.map((one) => one?.avatarUrl)).toEqual(seen.map(() => avatarUrl));
    await socket.close();
  });

  test('gives way to the next one, and to none; the old address is dead', async () => {
    const user = await aUser(t);
    const [first, second] = [await anAvatar(user, '#aa3344'), await anAvatar(user, '#3344aa')];
    const one = await give(user, first.id);
    expect(await give(user, first.id)).toBe(one);
    const two = await give(user, second.id);
    expect(two).not.toBe(one);
    expect((await load(one)).status).toBe(404);
    expect((await load(two)).status).toBe(200);
    expect((await user.api.refusal('POST /me/avatar', { body: { fileId: first.id } })).status).toBe(404);
    const none = await user.api.call('DELETE /me/avatar');
    expect(none.user.avatarUrl).toBeUndefined();
    expect((await load(two)).status).toBe(404);
    expect((await user.api.call('DELETE /me/avatar')).user).toEqual(none.user);
    await expect
      .poll(() => t.db.query('test_usage', 'select files, bytes from file_usage where user_id = $1', [user.id]))
      .toEqual([{ files: 0, bytes: 0 }]);
    await expect.poll(() => t.db.query('test_left', 'select id from files where owner_id = $1', [user.id])).toEqual([]);
  });

  test('two changes at once leave one picture and no other', async () => {
    const user = await aUser(t);
    const files = await Promise.all(['#111111', '#222222', '#333333'].map((color) => anAvatar(user, color)));
    await Promise.all(files.map(({ id }) => give(user, id)));
    const shown = (await user.api.call('GET /auth/me')).user.avatarUrl ?? '';
    expect((await load(shown)).status).toBe(200);
    const rows = await t.db.query<{ avatar_key: string }>(
      'test_shown',
      `select avatar_key from files where owner_id = $1 and state = 'ready'`,
      [user.id],
    );
    expect(rows.map(({ avatar_key }) => `/avatars/${avatar_key}.webp`)).toEqual([shown]);
  });

  test('is one’s own, uploaded for that, and complete', async () => {
    const refusal = async (fileId: string) => (await ann.api.refusal('POST /me/avatar', { body: { fileId } })).code;
    expect(await refusal((await anAvatar(bob)).id)).toBe('not_found');
    expect(await refusal((await aFile(ann)).id)).toBe('validation_failed');
    const unfinished = await anUpload(ann, { body: 'x', name: 'a.png', type: 'image/png', purpose: 'avatar' });
    expect(await refusal(unfinished)).toBe('conflict');
    const used = await anAvatar(ann);
    const group = await aGroup(ann, []);
    await ann.api.call(groupAvatar, { params: { conversationId: group.id }, body: { fileId: used.id } });
    expect(await refusal(used.id)).toBe('conflict');
  });

  test('has an absolute address where the server knows its own', async () => {
    const known = await startTestBackend({ publicUrl: 'https://chat.example/tea' });
    const user = await aUser(known);
    const { fileId, upload } = await user.api.call('POST /files', {
      body: { clientId: crypto.randomUUID(), name: 'a.png', type: 'image/png', size: 1, purpose: 'avatar' },
    });
    expect(upload).toMatchObject({ url: expect.stringMatching(/^https:\/\/chat\.example\/tea\//) as string });
    // The address leads to the proxy that is not there: the picture is put in place by hand.
    const avatarKey = '0123456789abcdef'.repeat(2);
    await known.db.query('test_avatar', 'update users set avatar_key = $2 where id = $1', [user.id, avatarKey]);
    expect((await user.api.call('GET /auth/me')).user.avatarUrl).toBe(
      `https://chat.example/tea/avatars/${avatarKey}.webp`,
    );
    await user.api.request('DELETE /files/:fileId', { params: { fileId } });
    await known.close();
  });
});

describe('the picture of a group', () => {
  test('is changed by its admins, for everybody, with a seq', async () => {
    const group = await aGroup(ann, [bob]);
    const params = { conversationId: group.id };
    const socket = await aSocket(t, bob);
    const file = await anAvatar(ann);
    const { conversation } = await ann.api.call(groupAvatar, { params, body: { fileId: file.id } });
    expect(conversation).toMatchObject({ head: 1, changedSeq: 1 });
    const { avatarUrl = '' } = conversation;
    expect((await load(avatarUrl)).status).toBe(200);
    const event = await socket.next('conversation.changed');
    expect(event).toMatchObject({ seq: 1, data: { conversation: { id: group.id, title: 'A group', avatarUrl } } });
    // The same again changes nothing; a new name keeps the picture.
    await ann.api.call(groupAvatar, { params, body: { fileId: file.id } });
    await ann.api.call('PATCH /conversations/:conversationId', { params, body: { title: 'Tea' } });
    const renamed = await socket.next('conversation.changed');
    expect(renamed).toMatchObject({ seq: 2, data: { conversation: { title: 'Tea', avatarUrl } } });
    const changes = await bob.api.call('GET /conversations/:conversationId/changes', { params, query: { after: 0 } });
    expect(changes.conversation).toMatchObject({ title: 'Tea', avatarUrl });

    const none = await ann.api.call(noGroupAvatar, { params });
    expect(none.conversation.avatarUrl).toBeUndefined();
    expect((await socket.next('conversation.changed')).data.conversation).not.toHaveProperty('avatarUrl');
    expect((await load(avatarUrl)).status).toBe(404);
    await ann.api.call(noGroupAvatar, { params });
    expect((await ann.api.call('GET /conversations/:conversationId', { params })).conversation.head).toBe(3);
    await socket.close();
  });

  test('is nothing for plain members, and a direct message has none', async () => {
    const group = await aGroup(ann, [bob]);
    const dm = await aDm(ann, bob);
    const body = { fileId: (await anAvatar(bob)).id };
    for (const { id } of [group, dm]) {
      const params = { conversationId: id };
      expect((await bob.api.refusal(groupAvatar, { params, body })).status).toBe(403);
      expect((await bob.api.refusal(noGroupAvatar, { params })).status).toBe(403);
    }
    // It was not used up.
    await give(bob, body.fileId);
  });

  test('one admin’s gives way to another’s', async () => {
    const group = await aGroup(ann, [bob]);
    const params = { conversationId: group.id };
    await ann.api.call('PATCH /conversations/:conversationId/members/:userId', {
      params: { ...params, userId: bob.id },
      body: { role: 'admin' },
    });
    const first = await ann.api.call(groupAvatar, { params, body: { fileId: (await anAvatar(ann)).id } });
    const second = await bob.api.call(groupAvatar, { params, body: { fileId: (await anAvatar(bob)).id } });
    expect((await load(first.conversation.avatarUrl ?? '')).status).toBe(404);
    expect((await load(second.conversation.avatarUrl ?? '')).status).toBe(200);
  });
});
