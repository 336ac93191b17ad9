import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Conversation } from '../../../protocol/conversations.ts';
import type { File } from '../../../protocol/files.ts';
import {
  aDm,
  aFile,
  aGroup,
  aMessage,
  anAvatar,
  anUpload,
  aPicture,
  aSocket,
  aUser,
  CommandRefused,
  startTestBackend,
  type TestBackend,
  type TestUser,
} from '../../testing/index.ts';

const send = 'POST /conversations/:conversationId/messages';
const list = 'GET /conversations/:conversationId/messages';
const edit = 'PATCH /conversations/:conversationId/messages/:messageId';
const remove = 'DELETE /conversations/:conversationId/messages/:messageId';

let t: TestBackend;
let ann: TestUser;
let bob: TestUser;
let group: Conversation;
beforeAll(async () => {
  t = await startTestBackend({ limits: { messagesPerSecond: 10_000, messageBurst: 100_000 } });
  [ann, bob] = [await aUser(t), await aUser(t)];
});
beforeEach(async () => {
  group = await aGroup(ann, [bob]);
});
afterAll(() => t.close());

const here = () => ({ conversationId: group.id });
const draft = (files: readonly { id: string }[], more: { text?: string; clientId?: string } = {}) => ({
  params: here(),
  body: { clientId: uuidv7(), text: '', fileIds: files.map(({ id }) => id), ...more },
});
const someFiles = (count: number, owner = ann): Promise<File[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => aFile(owner, { name: `${n}.txt`, body: `leaf ${n}` })));
const head = async () =>
  (await ann.api.call('GET /conversations/:conversationId', { params: here() })).conversation.head;

describe('a message with files', () => {
  test('carries them in the order of the draft: in the answer, the event, the timeline, the list and the changes', async () => {
    const [one, two, three] = (await someFiles(3)) as [File, File, File];
    const picture = await aFile(ann, { body: await aPicture(), name: 'cup.png', type: 'image/png' });
    const files = [three, picture, one, two];
    const socket = await aSocket(t, bob);
    const { message, replayed } = await ann.api.call(send, draft(files, { text: 'look' }));
    expect(replayed).toBe(false);
    expect(message.files).toEqual(files);
    const event = await socket.next('message.created');
    expect(event).toMatchObject({ seq: message.seq, conversationId: group.id });
    expect(event.data.message).toEqual(message);
    expect((await bob.api.call(list, { params: here() })).messages).toEqual([message]);
    const { conversations } = await bob.api.call('GET /conversations');
    expect(conversations.find(({ id }) => id === group.id)?.lastMessage).toEqual(message);
    const changes = await bob.api.call('GET /conversations/:conversationId/changes', {
      params: here(),
      query: { after: 0 },
    });
    expect(changes.messages).toEqual([message]);
    await socket.close();
  });

  test('may say nothing; one with neither is refused', async () => {
    const [file] = await someFiles(1);
    const socket = await aSocket(t, ann);
    const { message } = await socket.command('message.send', {
      conversationId: group.id,
      clientId: uuidv7(),
      text: '',
      fileIds: [file?.id ?? ''],
    });
    expect(message).toMatchObject({ text: '', files: [file] });
    const refusal = await ann.api.refusal(send, { params: here(), body: { clientId: uuidv7(), text: '' } });
    expect(refusal.issues).toMatchObject([{ path: 'text' }]);
    const empty = { conversationId: group.id, clientId: uuidv7(), text: '' };
    await expect(socket.command('message.send', empty)).rejects.toMatchObject({ code: 'validation_failed' });
    await socket.close();
  });

  test('sent again is the same message, over either door; with other files it is another draft', async () => {
    const files = await someFiles(2);
    const input = draft(files, { text: 'once' });
    const socket = await aSocket(t, ann);
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => ann.api.call(send, input)),
      ...Array.from({ length: 5 }, () => socket.command('message.send', { ...here(), ...input.body })),
    ]);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    for (const { message } of answers) expect(message).toEqual(answers[0]?.message);
    expect(await head()).toBe(1);
    for (const fileIds of [input.body.fileIds.toReversed(), input.body.fileIds.slice(1), undefined]) {
      const { fileIds: _, ...body } = input.body;
      const other = { ...input, body: fileIds ? { ...body, fileIds } : body };
      expect((await ann.api.refusal(send, other)).code).toBe('idempotency_key_reused');
    }
    await socket.close();
  });

  test('takes its place between messages without', async () => {
    const files = await someFiles(10);
    const sends = files.flatMap((file, n) => [
      () => aMessage(ann, group, `text ${n}`),
      () => aMessage(ann, group, `file ${n}`, [file]),
    ]);
    const socket = await aSocket(t, bob);
    const messages = await Promise.all(sends.map((start) => start()));
    expect(messages.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(messages.map((_, n) => n + 1));
    await socket.next('message.created', ({ seq }) => seq === messages.length);
    const seen = socket.events.flatMap((event) => (event.type === 'message.created' ? event.seq : []));
    expect(seen).toEqual(messages.map((_, n) => n + 1));
    await socket.close();
  });
});

describe('files that cannot be sent', () => {
  const refusal = async (input: object) => {
    const { status, code } = await ann.api.refusal(send, input);
    return [status, code];
  };

  test('somebody else’s, unknown ones, and those that were dropped do not exist', async () => {
    const [mine, dropped] = (await someFiles(2)) as [File, File];
    const [theirs] = (await someFiles(1, bob)) as [File];
    await ann.api.call('DELETE /files/:fileId', { params: { fileId: dropped.id } });
    for (const bad of [theirs, { id: uuidv7() }, dropped]) {
      expect(await refusal(draft([mine, bad]))).toEqual([404, 'not_found']);
    }
    // Nothing came of it: no seq was taken, and what is one's own can still be sent.
    expect(await head()).toBe(0);
    expect((await ann.api.call(send, draft([mine]))).message.seq).toBe(1);
  });

  test('one that was sent stays with its message, here and in another conversation, also for who received it', async () => {
    const [file] = (await someFiles(1)) as [File];
    await ann.api.call(send, draft([file]));
    expect(await refusal(draft([file]))).toEqual([409, 'conflict']);
    const dm = await aDm(ann, bob);
    expect(await refusal({ ...draft([file]), params: { conversationId: dm.id } })).toEqual([409, 'conflict']);
    expect((await bob.api.refusal(send, draft([file]))).status).toBe(404);
    expect((await ann.api.refusal('DELETE /files/:fileId', { params: { fileId: file.id } })).code).toBe('conflict');
  });

  test('of two messages that want the same file at once, in two conversations, one has it', async () => {
    const files = await someFiles(4);
    const dm = await aDm(ann, bob);
    const answers = await Promise.all(
      [group.id, dm.id].map((conversationId, n) =>
        ann.api.request(send, { ...draft(n === 0 ? files : files.toReversed()), params: { conversationId } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  test('an unfinished upload, somebody’s picture, too many at once, one twice', async () => {
    expect(await refusal(draft([{ id: await anUpload(ann) }]))).toEqual([409, 'conflict']);
    expect(await refusal(draft([await anAvatar(ann)]))).toEqual([400, 'validation_failed']);
    const many = await someFiles(t.config.files.filesPerMessage + 1);
    expect(await refusal(draft(many))).toEqual([400, 'validation_failed']);
    expect(await refusal(draft([many[0] as File, many[0] as File]))).toEqual([400, 'validation_failed']);
    await ann.api.call(send, draft(many.slice(1)));
  });

  test('by who is no member, or blocked: the files stay unsent', async () => {
    const stranger = await aUser(t);
    const [file] = (await someFiles(1, stranger)) as [File];
    expect((await stranger.api.refusal(send, draft([file]))).status).toBe(404);
    const dm = await aDm(stranger, bob);
    await bob.api.call('PUT /blocks/:userId', { params: { userId: stranger.id } });
    const socket = await aSocket(t, stranger);
    const blocked = socket.command('message.send', {
      conversationId: dm.id,
      clientId: uuidv7(),
      text: '',
      fileIds: [file.id],
    });
    await expect(blocked).rejects.toBeInstanceOf(CommandRefused);
    await expect(blocked).rejects.toMatchObject({ code: 'blocked' });
    await bob.api.call('DELETE /blocks/:userId', { params: { userId: stranger.id } });
    await aMessage(stranger, dm, '', [file]);
    await socket.close();
  });
});

describe('changing a message with files', () => {
  test('its text may be emptied; of one without, it may not', async () => {
    const [file] = (await someFiles(1)) as [File];
    const { message } = await ann.api.call(send, draft([file], { text: 'look' }));
    const at = { ...here(), messageId: message.id };
    const { message: edited } = await ann.api.call(edit, { params: at, body: { text: '' } });
    expect(edited).toMatchObject({ text: '', files: [file], changedSeq: 2 });
    const plain = await aMessage(ann, group, 'only words');
    const refusal = await ann.api.refusal(edit, { params: { ...here(), messageId: plain.id }, body: { text: '' } });
    expect(refusal.issues).toMatchObject([{ path: 'text' }]);
  });

  test('deleting it takes its files away, for everybody, with their bytes, and gives back the room', async () => {
    const user = await aUser(t);
    const shared = await aGroup(ann, [user]);
    const picture = await aFile(user, { body: await aPicture(), name: 'cup.png', type: 'image/png' });
    const message = await aMessage(user, shared, 'look', [picture, await aFile(user)]);
    const keys = (
      await t.db.query<{ key: string; thumbnail_key: string | null }>(
        'test_keys',
        'select key, thumbnail_key from files where message_id = $1',
        [message.id],
      )
    ).flatMap(({ key, thumbnail_key }) => (thumbnail_key === null ? key : [key, thumbnail_key]));
    expect(keys).toHaveLength(3);
    const socket = await aSocket(t, user);
    // As the owner of the group.
    const at = { conversationId: shared.id, messageId: message.id };
    const { message: gone } = await ann.api.call(remove, { params: at });
    expect(gone.files).toEqual([]);
    expect((await socket.next('message.changed')).data.message.files).toEqual([]);
    expect((await user.api.refusal('GET /files/:fileId', { params: { fileId: picture.id } })).status).toBe(404);
    const { files } = await ann.api.call('GET /conversations/:conversationId/files', {
      params: { conversationId: shared.id },
    });
    expect(files).toEqual([]);
    for (const key of keys) {
      await expect
        .poll(() =>
          t.storage.read(key).then(
            // It may go between being found and being opened.
            (found) => (found.on('error', () => undefined).destroy(), 'there'),
            (error: { code: string }) => error.code,
          ),
        )
        .toBe('not_found');
    }
    await expect
      .poll(() => t.db.query('test_rows', 'select id from files where message_id = $1', [message.id]))
      .toEqual([]);
    const [usage] = await t.db.query('test_usage', 'select files, bytes from file_usage where user_id = $1', [user.id]);
    expect(usage).toEqual({ files: 0, bytes: 0 });
    await socket.close();
  });
});

describe('what was shared in a conversation', () => {
  const shared = async (query: object = {}) =>
    bob.api.call('GET /conversations/:conversationId/files', { params: here(), query: query as { limit: number } });

  test('comes newest first, by kind, with the message of each', async () => {
    const picture = await aFile(ann, { body: await aPicture(), name: 'cup.png', type: 'image/png' });
    const text = await aFile(bob);
    const first = await aMessage(ann, group, 'look', [picture]);
    const second = await aMessage(bob, group, '', [text]);
    const items = [
      { file: text, messageId: second.id, senderId: bob.id, seq: 2, createdAt: second.createdAt },
      { file: picture, messageId: first.id, senderId: ann.id, seq: 1, createdAt: first.createdAt },
    ];
    expect(await shared()).toEqual({ files: items, hasMore: false });
    expect(await shared({ kind: 'media' })).toEqual({ files: items.slice(1), hasMore: false });
    expect(await shared({ kind: 'file' })).toEqual({ files: items.slice(0, 1), hasMore: false });
    expect(await shared({ kind: 'audio' })).toEqual({ files: [], hasMore: false });
  });

  test('pages never split a message, and together they are everything once', async () => {
    const files = await someFiles(14);
    const sizes = [1, 4, 2, 3, 1, 3];
    let taken = 0;
    for (const size of sizes) await aMessage(ann, group, '', files.slice(taken, (taken += size)));
    for (const limit of [1, 2, 3, 5, 14, 100]) {
      const seen: { id: string; seq: number }[] = [];
      let before: number | undefined;
      for (;;) {
        const page = await shared({ limit, ...(before !== undefined && { before }) });
        seen.push(...page.files.map(({ file, seq }) => ({ id: file.id, seq })));
        before = page.files.at(-1)?.seq;
        if (!page.hasMore) break;
        expect(page.files.length).toBeGreaterThanOrEqual(limit);
      }
      const all = sizes.flatMap((size, n) => {
        const start = sizes.slice(0, n).reduce((sum, more) => sum + more, 0);
        return [files.slice(start, start + size).map(({ id }) => ({ id, seq: n + 1 }))];
      });
      expect(seen).toEqual(all.toReversed().flat());
    }
  });

  test('goes by the index, however much there is', async () => {
    const [file] = (await someFiles(1)) as [File];
    const { message } = await ann.api.call(send, draft([file]));
    const { rows } = await t.db.pool.query<{ 'QUERY PLAN': string }>({
      text: `explain select seq from files f
             where f.conversation_id = $1 and f.state = 'ready' and f.shelf = 'media' and f.seq < $2 order by f.seq desc, f.position limit 50`,
      values: [group.id, message.seq],
    });
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index/);
    expect(plan).not.toMatch(/Sort/);
  });
});

describe('who was removed', () => {
  test('gets no new address for what was shared, not even for their own', async () => {
    const user = await aUser(t);
    await ann.api.call('POST /conversations/:conversationId/members', { params: here(), body: { userIds: [user.id] } });
    const [own, other] = [await aFile(user), await aFile(ann)];
    await aMessage(user, group, '', [own]);
    await aMessage(ann, group, '', [other]);
    const ids = { fileIds: [own.id, other.id] };
    expect((await user.api.call('POST /files/links', { body: ids })).links).toHaveLength(2);
    await ann.api.call('DELETE /conversations/:conversationId/members/:userId', {
      params: { ...here(), userId: user.id },
    });
    expect((await user.api.call('POST /files/links', { body: ids })).links).toEqual([]);
    for (const fileId of ids.fileIds) {
      expect((await user.api.refusal('GET /files/:fileId', { params: { fileId } })).status).toBe(404);
    }
  });
});
