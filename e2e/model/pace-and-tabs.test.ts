import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { aChat, aPerson, connected, cookieJar, listed, opened, shows, until } from './chats.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 20, messageBurst: 5 } });
});
afterAll(() => server.close());

test('faster than the server allows, messages wait their turn and keep their order', async () => {
  const [mia, noor] = await Promise.all([aPerson(server), aPerson(server)]);
  const id = await mia.chat.openDirect(noor.id);
  const [here, there] = await Promise.all([opened(mia.chat, id), opened(noor.chat, id)]);
  const texts = Array.from({ length: 25 }, (_, index) => `line ${index}`);
  const began = performance.now();
  await Promise.all(texts.map((text) => here.send(text)));
  await shows(there, texts, 20_000);
  // Five at once, then twenty a second: without the wait it would be over much sooner.
  expect(performance.now() - began).toBeGreaterThan(900);
  const { items } = await until(
    here.$timeline,
    (state) => state.items.every(({ delivery }) => delivery !== 'sending'),
    'the ticks',
  );
  expect(items.map(({ message }) => message.text)).toEqual(texts);
});

/** A second page of the same person: same profile, same session. */
const aTwin = async (person: { fetch: typeof fetch }) => {
  const chat = aChat(server, { fetch: person.fetch });
  await chat.start();
  await connected(chat);
  await listed(chat);
  return chat;
};

test('two pages of one person agree on messages and on what is read', async () => {
  const fetch = cookieJar();
  const [mia, noor] = await Promise.all([aPerson(server, { fetch }), aPerson(server)]);
  const twin = await aTwin({ fetch });
  const id = await mia.chat.openDirect(noor.id);
  const [here, also, there] = await Promise.all([opened(mia.chat, id), opened(twin, id), opened(noor.chat, id)]);
  await here.send('from one page');
  const [one] = await shows(also, ['from one page']);
  expect(one?.own).toBe(true);
  await there.send('an answer');
  await until(twin.$unread, (unread) => unread === 1, 'the unread message');
  await until(mia.chat.$unread, (unread) => unread === 1, 'the unread message');
  await shows(here, ['from one page', 'an answer']);
  here.markRead();
  await until(twin.$unread, (unread) => unread === 0, 'the other page to agree');
  await twin.setMuted(id, true);
  await until(mia.chat.$conversations, ({ items }) => items[0]?.muted === true, 'the mute');
});

test('ten pages that refresh at once keep the session', async () => {
  const fetch = cookieJar();
  const mia = await aPerson(server, { fetch });
  const twins = Array.from({ length: 10 }, () => aChat(server, { fetch }));
  await Promise.all(twins.map((twin) => twin.start()));
  for (const twin of twins) expect(twin.$session.get()).toMatchObject({ status: 'signed-in', user: { id: mia.id } });
  await Promise.all(twins.map((twin) => connected(twin)));
});

test('signing out on one page signs out the other', async () => {
  const fetch = cookieJar();
  const mia = await aPerson(server, { fetch });
  const twin = await aTwin({ fetch });
  await mia.chat.signOut();
  const state = await until(twin.$session, ({ status }) => status === 'signed-out', 'the end');
  expect(state).toEqual({ status: 'signed-out', reason: 'ended' });
  expect(twin.$conversations.get().items).toEqual([]);
});

test('when somebody else signs in on another page, this one becomes theirs with its next refresh, and shows nothing of before', async () => {
  const fetch = cookieJar();
  const [mia, noor] = await Promise.all([aPerson(server, { fetch }), aPerson(server)]);
  const id = await mia.chat.openDirect(noor.id);
  await (await opened(mia.chat, id)).send('mine');
  const other = aChat(server, { fetch });
  await other.start();
  const guest = await aPerson(server);
  await other.signIn(guest.username, guest.password);
  await server.db.query(
    'end_session',
    "update sessions set revoked_at = now(), revoked_reason = 'test' where user_id = $1",
    [mia.id],
  );
  server.backend.hub.closeUser(mia.id, 'session_revoked');
  await until(
    mia.chat.$session,
    (state) => state.status === 'signed-in' && state.user.id === guest.id,
    'the other person',
  );
  await listed(mia.chat);
  expect(mia.chat.$conversations.get().items).toEqual([]);
});

test('who signs out while the server is away is signed out, also after a reload, and the server is told as soon as it is there', async () => {
  // Node has no storage; a page's outlives its reload.
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  const jar = cookieJar();
  let away = false;
  const line: typeof fetch = (...request) =>
    away ? Promise.reject(new TypeError('the line is cut')) : jar(...request);
  const mia = await aPerson(server, { fetch: line });
  away = true;
  await mia.chat.signOut();
  expect(mia.chat.$session.get().status).toBe('signed-out');
  mia.chat.destroy();
  expect(kept.size).toBe(1);

  away = false;
  const reloaded = aChat(server, { fetch: line });
  await reloaded.start();
  expect(reloaded.$session.get().status).toBe('signed-out');
  const [row] = await server.db.query<{ revoked: boolean }>(
    'test_revoked',
    'select bool_and(revoked_at is not null) as revoked from sessions where user_id = $1',
    [mia.id],
  );
  expect(row?.revoked).toBe(true);
  expect(kept.size).toBe(0);
  vi.unstubAllGlobals();
});
