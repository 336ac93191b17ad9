import { atom } from 'nanostores';
import { expect, test } from 'vitest';
import type { Conversation } from '../../protocol/conversations.ts';
import { createConversations } from './conversations.ts';
import { createPeople } from './people.ts';
import { createSync, type Request, type Sync } from './sync.ts';
import type { ConversationsState } from './types.ts';

const me = 'me';

const conversation = (id: string): Conversation => ({
  id,
  kind: 'group',
  title: id,
  head: 1,
  changedSeq: 1,
  unread: 0,
  members: [],
  memberCount: 0,
  lastActivityAt: '2026-01-01T00:00:00.000Z',
  muted: false,
  pinned: false,
  createdAt: '2026-01-01T00:00:00.000Z',
});

const server = 'https://chat.example/talk/';

/** A list whose pages come when the test says so. */
const someList = () => {
  const asked: ((page: { conversations: Conversation[]; nextCursor?: string }) => void)[] = [];
  const request = (() => new Promise((resolve) => asked.push(resolve))) as unknown as Request;
  const $conversations = atom<ConversationsState>({ status: 'loading', items: [], hasMore: false });
  const people = createPeople({ server, fetchUser: () => new Promise(() => {}), changed: () => {} });
  const makeSync = (): Sync =>
    createSync({
      meId: me,
      request,
      connected: () => true,
      open: () => false,
      met: people.note,
      changed: () => {},
      removed: () => {},
      epoch: () => true,
    });
  let sync = makeSync();
  const conversations = createConversations({ $conversations, meId: me, server, people, request, sync: () => sync });
  const answer = async (page: Parameters<(typeof asked)[number]>[0]) => {
    asked.shift()?.(page);
    await new Promise((resolve) => setTimeout(resolve));
  };
  const ids = () => $conversations.get().items.map(({ id }) => id);
  return { conversations, $conversations, answer, ids, restart: () => (sync = makeSync()) };
};

test('a list that comes after its reader has left is shown to nobody', async () => {
  const { conversations, $conversations, answer } = someList();
  const none = $conversations.get();
  void conversations.load();
  conversations.close();
  await answer({ conversations: [conversation('secret')] });
  expect($conversations.get()).toBe(none);
});

test('a list that was on its way when all began anew is loaded anew', async () => {
  const { conversations, $conversations, answer, ids, restart } = someList();
  void conversations.load();
  restart();
  const loaded = conversations.load();
  await answer({ conversations: [conversation('of the old database')] });
  await answer({ conversations: [conversation('of the new one')] });
  await loaded;
  expect(ids()).toEqual(['of the new one']);
  expect($conversations.get().status).toBe('ready');
});
