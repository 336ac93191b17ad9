import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import type { ChatNotice } from '../../widget/model/types.ts';
import { aChat, aPerson, connected, cookieJar, listed, opened, shows, until } from './chats.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

const aPair = async () => {
  const [mia, noor] = await Promise.all([aPerson(server), aPerson(server)]);
  await Promise.all([listed(mia.chat), listed(noor.chat)]);
  const id = await mia.chat.openDirect(noor.id);
  const [here, there] = await Promise.all([opened(mia.chat, id), opened(noor.chat, id)]);
  return { mia, noor, id, here, there };
};

test('two people find each other, and what one writes the other sees', async () => {
  const [mia, noor] = await Promise.all([aPerson(server), aPerson(server)]);
  await listed(noor.chat);
  const [found] = await mia.chat.searchUsers(noor.username);
  expect(found?.id).toBe(noor.id);

  const id = await mia.chat.openDirect(noor.id);
  const here = await opened(mia.chat, id);
  await here.send('Hello, Noor');
  const list = await until(
    noor.chat.$conversations,
    ({ items }) => items[0]?.lastMessage?.text === 'Hello, Noor',
    'the news',
  );
  expect(list.items[0]).toMatchObject({ id, unread: 1, title: 'Person ' + list.items[0]?.peer?.displayName.slice(7) });
  expect(noor.chat.$unread.get()).toBe(1);

  const there = await opened(noor.chat, id);
  const [item] = await shows(there, ['Hello, Noor']);
  expect(item).toMatchObject({ own: false, sender: { id: mia.id } });
  expect(there.$timeline.get().firstUnreadKey).toBe(item?.key);
});

test('a message keeps its key from the first showing on, and is never shown twice', async () => {
  const { here } = await aPair();
  const seen: string[][] = [];
  here.$timeline.listen(({ items }) => seen.push(items.map(({ key, delivery }) => `${key} ${delivery}`)));
  await here.send('one');
  await until(here.$timeline, ({ items }) => items[0]?.message.seq === 1, 'the confirmed message');
  const keys = new Set(seen.flat().map((line) => line.split(' ')[0]));
  expect(keys.size).toBe(1);
  expect(seen.every((lines) => lines.length === 1)).toBe(true);
  expect(seen[0]?.[0]).toMatch(/sending$/);
});

test('ticks follow: sent, delivered, read', async () => {
  const { here, there, mia } = await aPair();
  await here.send('are you there?');
  await until(here.$timeline, ({ items }) => items[0]?.delivery === 'delivered', 'the second tick');
  there.markRead();
  await until(here.$timeline, ({ items }) => items[0]?.delivery === 'read', 'the read mark');
  expect(there.$conversation.get()?.unread).toBe(0);
  expect(mia.chat.$unread.get()).toBe(0);
});

test('edits, reactions and deletions reach the other side', async () => {
  const { here, there, noor } = await aPair();
  await here.send('helo');
  const [mine] = await shows(there, ['helo']);
  const messageId = mine!.message.id;
  await here.edit(messageId, 'hello');
  const [edited] = await shows(there, ['hello']);
  expect(edited?.message.editedAt).toBeDefined();
  await there.react(messageId, '👍', true);
  await until(here.$timeline, ({ items }) => items[0]?.message.reactions[0]?.userIds[0] === noor.id, 'the reaction');
  await there.react(messageId, '👍', false);
  await until(here.$timeline, ({ items }) => items[0]?.message.reactions.length === 0, 'the reaction to go');
  await here.delete(messageId);
  await until(there.$timeline, ({ items }) => items[0]?.message.deletedAt !== undefined, 'the tombstone');
  await expect(there.edit(messageId, 'mine now')).rejects.toMatchObject({ failure: { code: 'forbidden' } });
});

test('a reply carries what it answers, which can be fetched', async () => {
  const { here, there } = await aPair();
  await here.send('tea?');
  const [question] = await shows(there, ['tea?']);
  await there.send('yes', { replyTo: question!.message.id });
  const items = await shows(here, ['tea?', 'yes']);
  expect(items[1]?.message.replyTo).toBe(question!.message.id);
  expect(await here.quoted(question!.message.id)).toMatchObject({ text: 'tea?' });
  expect(await here.quoted('00000000-0000-7000-8000-000000000000')).toBeUndefined();
});

test('who writes is shown, and forgotten when the message comes', async () => {
  const { here, there, mia, noor, id } = await aPair();
  here.typing();
  const [writer] = await until(there.$typing, (users) => users.length > 0, 'somebody to write');
  expect(writer?.id).toBe(mia.id);
  expect(noor.chat.typing(id).get()).toHaveLength(1);
  await here.send('done');
  await until(there.$typing, (users) => users.length === 0, 'the writing to end');
});

test('presence follows who is connected', async () => {
  const { mia, noor } = await aPair();
  await until(mia.chat.presence(noor.id), (presence) => presence === 'online', 'Noor online');
  noor.chat.destroy();
  await until(mia.chat.presence(noor.id), (presence) => presence === 'offline', 'Noor offline');
  await until(mia.chat.lastSeen(noor.id), (at) => at !== undefined, 'when Noor was last seen');
});

test('a message is announced to whoever has not opened its conversation', async () => {
  const { here, there, noor } = await aPair();
  const notices: ChatNotice[] = [];
  noor.chat.onNotice((notice) => notices.push(notice));
  there.close();
  await here.send('psst');
  await until(noor.chat.$unread, (unread) => unread === 1, 'the unread message');
  expect(notices).toMatchObject([{ type: 'message', open: false, message: { text: 'psst' } }]);
});

test('a group can be made, renamed, joined and left, and its members know', async () => {
  const [owner, guest, late] = await Promise.all([aPerson(server), aPerson(server), aPerson(server)]);
  await Promise.all([owner, guest, late].map(({ chat }) => listed(chat)));
  const id = await owner.chat.createGroup('Tea', [guest.id]);
  await until(guest.chat.$conversations, ({ items }) => items.some((item) => item.id === id), 'the group');
  await owner.chat.renameGroup(id, 'Green tea');
  await until(guest.chat.$conversations, ({ items }) => items[0]?.title === 'Green tea', 'the new title');
  await owner.chat.addMembers(id, [late.id]);
  await until(guest.chat.$conversations, ({ items }) => items[0]?.memberCount === 3, 'the third member');
  await until(late.chat.$conversations, ({ items }) => items[0]?.id === id, 'the group');
  await owner.chat.setRole(id, guest.id, 'admin');
  await until(guest.chat.$conversations, ({ items }) => items[0]?.myRole === 'admin', 'the role');
  await guest.chat.leave(id);
  await until(guest.chat.$conversations, ({ items }) => items.length === 0, 'the group to go');
  await until(owner.chat.$conversations, ({ items }) => items[0]?.memberCount === 2, 'one member less');
  await owner.chat.removeMember(id, late.id);
  await until(late.chat.$conversations, ({ items }) => items.length === 0, 'the group to go');
});

test('a page that is loaded again finds its session, and signing out ends it for good', async () => {
  const fetch = cookieJar();
  const { chat, id } = await aPerson(server, { fetch });
  chat.destroy();
  const again = aChat(server, { fetch });
  await again.start();
  expect(again.$session.get()).toMatchObject({ status: 'signed-in', user: { id } });
  await connected(again);
  await again.signOut();
  expect(again.$session.get()).toEqual({ status: 'signed-out' });
  const third = aChat(server, { fetch });
  await third.start();
  expect(third.$session.get()).toEqual({ status: 'signed-out' });
});

test('a wrong password is said to be one', async () => {
  const { username } = await aPerson(server);
  const chat = aChat(server);
  await chat.start();
  await expect(chat.signIn(username, 'not the right one')).rejects.toMatchObject({ failure: { code: 'unauthorized' } });
  expect(chat.$session.get().status).toBe('signed-out');
});

test('a host page can hand out the tokens, and is asked again when one is refused', async () => {
  const { id, username, password } = await aPerson(server);
  const login = async () => {
    const response = await fetch(`${server.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ identifier: username, password, refreshIn: 'body' }),
    });
    return ((await response.json()) as { accessToken: string }).accessToken;
  };
  const reasons: string[] = [];
  const good = await login();
  const chat = aChat(server, {
    tokenProvider: async ({ reason }) => {
      reasons.push(reason);
      return good;
    },
  });
  await chat.start();
  expect(chat.$session.get()).toMatchObject({ status: 'signed-in', user: { id } });
  await connected(chat);
  expect(reasons).toEqual(['start']);
  await server.db.query(
    'revoke_all',
    "update sessions set revoked_at = now(), revoked_reason = 'test' where user_id = $1",
    [id],
  );
  const sessionIds = await server.db.query<{ id: string }>(
    'sessions_of',
    'select id from sessions where user_id = $1',
    [id],
  );
  for (const session of sessionIds) server.backend.hub.closeSession(session.id, 'session_revoked');
  await until(chat.$connection, ({ status }) => status === 'stopped', 'the end');
  expect(reasons).toContain('unauthorized');
});

test('blocking somebody hides their presence and refuses their messages', async () => {
  const { mia, noor, here, there } = await aPair();
  await until(mia.chat.presence(noor.id), (presence) => presence === 'online', 'Noor online');
  await mia.chat.block(noor.id, true);
  expect(mia.chat.$blocked.get().has(noor.id)).toBe(true);
  expect(mia.chat.presence(noor.id).get()).toBeUndefined();
  await there.send('let me in');
  const { items } = await until(there.$timeline, (state) => state.items[0]?.delivery === 'failed', 'the refusal');
  expect(items[0]?.failure?.code).toBe('blocked');
  await mia.chat.block(noor.id, false);
  there.retry(items[0]!.key);
  await shows(here, ['let me in']);
});
