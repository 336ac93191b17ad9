import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inSite } from '../../database/wall.ts';
import { createLog } from '../../log.ts';
import {
  aFile,
  aGroup,
  aMessage,
  aSocket,
  someUsers,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';
import { createDisposal } from '../files/index.ts';
import { createLanes } from '../messages/index.ts';
import { countOld, createRetention, type Retention } from './index.ts';

let server: TestBackend;
let siteId: string;
let anna: TestUser;
let ben: TestUser;
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 1000, messageBurst: 1000 } });
  [anna, ben] = (await someUsers(server, 2)) as [TestUser, TestUser];
  const { rows } = await server.db.pool.query<{ id: string }>(`select id from sites where key = 'default'`);
  siteId = rows[0]?.id ?? '';
});
afterAll(async () => {
  await Promise.all(ends.map((end) => end()));
  await server.close();
});
beforeEach(() => keep({ retention: { messageDays: 30 } }));

const keep = (policy: unknown) =>
  server.db.pool.query(`update sites set policy = $1 where key = 'default'`, [JSON.stringify(policy)]);
/** Makes messages older than they are. */
const age = (days: number, ids: readonly string[]) =>
  server.db.pool.query('update messages set created_at = now() - make_interval(days => $1) where id = any ($2)', [
    days,
    ids,
  ]);
/** As another process of the same installation has it. */
const aRetention = (): Retention => {
  const { db, storage } = server;
  const parts = { db, storage, hub: server.backend.hub, log: createLog({ logLevel: 'silent' }) };
  const [lanes, disposal] = [createLanes(parts), createDisposal(parts)];
  const retention = createRetention(parts, lanes, disposal);
  ends.push(async () => {
    await retention.close?.();
    await Promise.all([disposal.close(), lanes.close()]);
  });
  return retention;
};
const pageOf = (user: TestUser, group: { id: string }) =>
  user.api.call('GET /conversations/:conversationId/messages', { params: { conversationId: group.id } });

describe('messages that are older than the site keeps them', () => {
  test('become tombstones that everybody is told of, their files and reactions gone; younger ones stay', async () => {
    const group = await aGroup(anna, [ben]);
    const params = { conversationId: group.id };
    const file = await aFile(anna);
    const [one, two] = [await aMessage(anna, group, 'one', [file]), await aMessage(ben, group, 'two')];
    const young = await aMessage(anna, group, 'three');
    await ben.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
      params: { ...params, messageId: one.id, emoji: '👍' },
    });
    await age(31, [one.id, two.id]);
    await age(29, [young.id]);
    expect(await inSite(siteId, () => countOld(server.db, siteId, 30))).toEqual({ messages: 2, files: 1 });
    const { head } = (await ben.api.call('GET /conversations/:conversationId', { params })).conversation;
    const socket = await aSocket(server, ben);

    expect(await aRetention().sweep()).toBe(2);
    const told = [
      await socket.next('message.changed', undefined, 20_000),
      await socket.next('message.changed', undefined, 20_000),
    ];
    expect(told.map(({ seq, data }) => [seq, data.message.id])).toEqual([
      [head + 1, one.id],
      [head + 2, two.id],
    ]);
    const { messages } = await pageOf(ben, group);
    expect(
      messages.map(({ text, deletedAt, reactions, files }) => [text, deletedAt !== undefined, reactions, files]),
    ).toEqual([
      ['', true, [], []],
      ['', true, [], []],
      ['three', false, [], []],
    ]);
    // Who was away catches up with them.
    const changes = await ben.api.call('GET /conversations/:conversationId/changes', {
      params,
      query: { after: head },
    });
    expect(changes.messages.map(({ id }) => id)).toEqual([one.id, two.id]);
    expect((await ben.api.refusal('GET /files/:fileId', { params: { fileId: file.id } })).code).toBe('not_found');
    await expect
      .poll(async () => (await server.db.pool.query('select 1 from files where id = $1', [file.id])).rowCount, {
        timeout: 20_000,
      })
      .toBe(0);
    expect(await inSite(siteId, () => countOld(server.db, siteId, 30))).toEqual({ messages: 0, files: 0 });
    await socket.close();
  });

  test('go once, step by step, however many processes are at it', async () => {
    const group = await aGroup(anna, [ben]);
    const ids: string[] = [];
    for (let sent = 0; sent < 130; sent += 10)
      ids.push(
        ...(await Promise.all(Array.from({ length: 10 }, () => aMessage(anna, group, 'old')))).map(({ id }) => id),
      );
    const { head } = (
      await anna.api.call('GET /conversations/:conversationId', { params: { conversationId: group.id } })
    ).conversation;
    await age(40, ids);
    const counts = await Promise.all([aRetention().sweep(), aRetention().sweep()]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(130);
    const view = await anna.api.call('GET /conversations/:conversationId', { params: { conversationId: group.id } });
    expect(view.conversation.head).toBe(head + 130);
    expect(await aRetention().sweep()).toBe(0);
  });

  test('stay where the site keeps everything, or its policy cannot be read', async () => {
    const group = await aGroup(anna, [ben]);
    const { id } = await aMessage(anna, group, 'kept');
    await age(4000, [id]);
    for (const policy of [
      {},
      { retention: {} },
      { retention: { messageDays: '30' } },
      { retention: { messageDays: 30 }, more: 1 },
    ]) {
      await keep(policy);
      expect(await aRetention().sweep()).toBe(0);
    }
    expect((await pageOf(anna, group)).messages[0]?.text).toBe('kept');
    await keep({ retention: { messageDays: 3999 } });
    expect(await aRetention().sweep()).toBe(1);
  });
});
