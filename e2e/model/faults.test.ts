import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import { aSocket, aUser, startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { aChat, aPerson, connected, cookieJar, listed, opened, shows, until } from './chats.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { watchShown } from './shown.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({
    limits: {
      messagesPerSecond: 10_000,
      messageBurst: 10_000,
      heartbeatMs: 400,
      commandsPerSecond: 10_000,
      commandBurst: 10_000,
    },
  });
});
afterAll(() => server.close());

/** Mia is behind the proxy, Noor is not; both have their direct message open. */
const aPairBehindProxy = async () => {
  const proxy = await startFaultProxy(server);
  const [mia, noor] = await Promise.all([aPerson(proxy), aPerson(server)]);
  await Promise.all([listed(mia.chat), listed(noor.chat)]);
  const id = await mia.chat.openDirect(noor.id);
  const [here, there] = await Promise.all([opened(mia.chat, id), opened(noor.chat, id)]);
  return { proxy, mia, noor, id, here, there };
};

test('who was away gets all of it on return, edits and deletions included', async () => {
  const { proxy, mia, here, there } = await aPairBehindProxy();
  for (const text of ['one', 'two', 'three']) await there.send(text);
  const [first, second] = await shows(here, ['one', 'two', 'three']);
  const shown = watchShown(here);
  proxy.refuse();
  await until(mia.chat.$connection, ({ status }) => status === 'waiting', 'the loss');
  await there.edit(first!.message.id, 'one, edited');
  await there.delete(second!.message.id);
  await there.react(first!.message.id, '🍵', true);
  await there.send('four');
  await shows(there, ['one, edited', '', 'three', 'four']);
  proxy.pass();
  mia.chat.reconnectNow();
  const items = await shows(here, ['one, edited', '', 'three', 'four']);
  expect(items[0]?.message.reactions[0]?.emoji).toBe('🍵');
  expect(items[1]?.message.deletedAt).toBeDefined();
  shown.check();
});

test('what is written without a line goes out in order when it is back', async () => {
  const { proxy, mia, here, there } = await aPairBehindProxy();
  proxy.refuse();
  await until(mia.chat.$connection, ({ status }) => status === 'waiting', 'the loss');
  const texts = Array.from({ length: 10 }, (_, index) => `line ${index}`);
  for (const text of texts) await here.send(text);
  expect(here.$timeline.get().items.every(({ delivery }) => delivery === 'sending')).toBe(true);
  const shown = watchShown(there);
  proxy.pass();
  mia.chat.reconnectNow();
  await shows(there, texts);
  await until(here.$timeline, ({ items }) => items.every(({ delivery }) => delivery !== 'sending'), 'the ticks');
  await shows(here, texts);
  shown.check();
});

test('a line that dies in silence is noticed within two heartbeats, and what was missed is fetched', async () => {
  const { proxy, mia, here, there } = await aPairBehindProxy();
  const before = performance.now();
  proxy.swallow();
  await there.send('can you hear me?');
  await until(mia.chat.$connection, ({ status }) => status !== 'connected', 'the client to notice');
  expect(performance.now() - before).toBeLessThan(2 * 400 + 500);
  await connected(mia.chat);
  await shows(here, ['can you hear me?']);
});

test('an event that was lost on a living line is found by the next heartbeat', async () => {
  const { here, there, id } = await aPairBehindProxy();
  await there.send('heard');
  await shows(here, ['heard']);
  // Written past the hub, as if its event had been lost on the way.
  await server.db.query(
    'lose_one',
    `with c as (update conversations set head_seq = head_seq + 1, last_message_seq = head_seq + 1 where id = $1 returning id, head_seq)
     insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, draft_hash)
     select m.site_id, c.id, gen_random_uuid(), m.sender_id, gen_random_uuid(), c.head_seq, c.head_seq, 'lost', m.draft_hash
     from c join messages m on m.conversation_id = c.id limit 1`,
    [id],
  );
  await shows(here, ['heard', 'lost'], 3000);
});

test('while every connection is reset the tries stay few and spread, and the first that passes is enough', async () => {
  const { proxy, mia } = await aPairBehindProxy();
  const began = performance.now();
  proxy.refuse();
  await until(mia.chat.$connection, ({ status }) => status === 'waiting', 'the loss');
  const count = proxy.arrivals.length;
  // Five seconds of resets: by the clock of the policy some five tries, and never two at once.
  await until(
    mia.chat.$connection,
    (state) => state.status === 'waiting' && performance.now() - began > 5000,
    'five seconds',
    45_000,
  );
  const tries = proxy.arrivals.slice(count);
  expect(tries.length).toBeGreaterThan(0);
  expect(tries.length).toBeLessThanOrEqual(12);
  const gaps = tries.slice(1).map((at, index) => at - tries[index]!);
  expect(gaps.every((gap) => gap >= 240)).toBe(true);
  proxy.pass();
  mia.chat.reconnectNow();
  await connected(mia.chat);
}, 60_000);

test('nothing is lost, doubled or out of order while the line is cut again and again under traffic', async () => {
  const { proxy, mia, here, there } = await aPairBehindProxy();
  const shown = [watchShown(here), watchShown(there)];
  const mine: string[] = [];
  const theirs: string[] = [];
  for (let round = 0; round < 8; round++) {
    for (let index = 0; index < 8; index++) {
      mine.push(`mine ${round}/${index}`);
      theirs.push(`theirs ${round}/${index}`);
      await Promise.all([here.send(mine.at(-1)!), there.send(theirs.at(-1)!)]);
      if (index === round) proxy.cut();
    }
    mia.chat.reconnectNow();
    await connected(mia.chat);
  }
  const all = mine.length + theirs.length;
  for (const open of [here, there]) {
    const { items } = await until(
      open.$timeline,
      (state) => state.items.filter(({ message }) => message.seq !== Infinity).length === all,
      'all messages',
      15_000,
    );
    const texts = items.map(({ message }) => message.text);
    expect(new Set(texts).size).toBe(all);
    expect(texts.filter((text) => text.startsWith('mine'))).toEqual(mine);
    expect(texts.filter((text) => text.startsWith('theirs'))).toEqual(theirs);
    expect(items.map(({ message }) => message.seq)).toEqual(Array.from({ length: all }, (_, index) => index + 1));
  }
  for (const one of shown) one.check();
}, 60_000);

test('more than a page of changes is caught up without a skip, and far more begins anew with the newest page', async () => {
  const proxy = await startFaultProxy(server);
  const [mia, noor] = await Promise.all([aPerson(proxy), aUser(server)]);
  await listed(mia.chat);
  const socket = await aSocket(server, noor);
  const id = await mia.chat.openDirect(noor.id);
  const here = await opened(mia.chat, id);
  const say = async (texts: readonly string[]) => {
    for (let from = 0; from < texts.length; from += 30) {
      const some = texts.slice(from, from + 30);
      await Promise.all(
        some.map((text) => socket.command('message.send', { conversationId: id, clientId: uuidv7(), text })),
      );
    }
  };
  await say(['first']);
  await shows(here, ['first']);
  let head = 1;
  for (const count of [1200, 2500]) {
    proxy.refuse();
    await until(mia.chat.$connection, ({ status }) => status === 'waiting', 'the loss');
    await say(Array.from({ length: count }, (_, index) => `${count}/${index}`));
    head += count;
    proxy.pass();
    mia.chat.reconnectNow();
    const { items } = await until(
      here.$timeline,
      (state) => state.items.at(-1)?.message.seq === head,
      'the newest message',
      30_000,
    );
    const seqs = items.map(({ message }) => message.seq);
    expect(seqs).toEqual(seqs.map((_, index) => seqs[0]! + index));
    expect(seqs.length).toBe(count === 1200 ? 1201 : 50);
  }
  await here.loadOlder();
  expect(here.$timeline.get().items).toHaveLength(100);
  expect(mia.chat.$conversations.get().items.find((item) => item.id === id)?.unread).toBe(999);
}, 60_000);

test('a page that is loaded again before the answer came sends its message once', async () => {
  const values = new Map<string, string>();
  // A tab's storage, which outlives the page that wrote it.
  const tab: Storage = {
    get length() {
      return values.size;
    },
    key: (index) => [...values.keys()][index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    clear: () => values.clear(),
  };
  Object.defineProperty(globalThis, 'sessionStorage', { value: tab, configurable: true });
  const proxy = await startFaultProxy(server);
  const fetch = cookieJar();
  const [mia, noor] = await Promise.all([aPerson(proxy, { fetch, storage: 'session' }), aPerson(server)]);
  const id = await mia.chat.openDirect(noor.id);
  const [here, there] = await Promise.all([opened(mia.chat, id), opened(noor.chat, id)]);
  here.setDraft({ text: 'half a thought' });
  // The server gets it, and its answer is lost with the page.
  await here.send('in mid-send');
  await shows(there, ['in mid-send']);
  proxy.refuse();
  await here.send('never left');
  mia.chat.destroy();
  proxy.pass();

  const again = aChat(proxy, { fetch, storage: 'session' });
  void again.start();
  await until(again.$session, ({ status }) => status === 'signed-in', 'the session');
  const back = again.open(id);
  await shows(there, ['in mid-send', 'never left']);
  const items = await shows(back, ['in mid-send', 'never left']);
  await until(back.$timeline, (state) => state.items.every(({ delivery }) => delivery === 'delivered'), 'the ticks');
  expect(items.every(({ own }) => own)).toBe(true);
  expect(back.$draft.get().text).toBe('half a thought');
  await again.signOut({ forget: true });
  expect(values.size).toBe(0);
});

test('a poisoned message fails with its reason, and those behind it go on', async () => {
  const { here, there } = await aPairBehindProxy();
  await here.send('x'.repeat(8001));
  await here.send('fine');
  await shows(there, ['fine']);
  const { items } = await until(
    here.$timeline,
    (state) => state.items.some(({ delivery }) => delivery === 'failed'),
    'the refusal',
  );
  const failed = items.find(({ delivery }) => delivery === 'failed');
  expect(failed?.failure?.code).toBe('validation_failed');
  here.discard(failed!.key);
  await shows(here, ['fine']);
});

test('a message whose frame would be too large for the socket goes by REST', async () => {
  const { here, there } = await aPairBehindProxy();
  // Escaped, each control character takes six bytes of JSON: the text is allowed, its frame is not.
  const mentions = Array.from({ length: 450 }, () => uuidv7());
  const text = '\u0001'.repeat(8000);
  expect(JSON.stringify({ text, mentions }).length).toBeGreaterThan(65_536);
  // Nobody of these is here, which only the server can say, so that it must have seen it.
  await here.send(text, { mentions });
  const { items } = await until(here.$timeline, (state) => state.items[0]?.delivery === 'failed', 'the answer');
  expect(items[0]?.failure?.code).toBe('validation_failed');
  await here.send('still connected');
  await shows(there, ['still connected']);
});
