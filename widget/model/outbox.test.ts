import { expect, onTestFinished, test } from 'vitest';
import type { Message } from '../../protocol/messages.ts';
import { ChatError, type Failure } from '../client/failure.ts';
import { newClientId } from './client-id.ts';
import { createMemoryStore, type DeviceStore, type OutboxEntry } from './device-store.ts';
import { createOutbox, type Outbox, type OutboxOptions } from './outbox.ts';

const entryOf = (text: string, conversationId = 'c'): OutboxEntry => ({
  clientId: newClientId(),
  conversationId,
  text,
  createdAt: new Date(0).toISOString(),
});

let seq = 0;
const accept = ({ clientId, conversationId, text }: OutboxEntry): Message => {
  seq++;
  return {
    id: `m${seq}`,
    conversationId,
    senderId: 'me',
    clientId,
    seq,
    changedSeq: seq,
    text,
    mentions: [],
    reactions: [],
    files: [],
    createdAt: new Date(0).toISOString(),
  };
};

const refuse = (failure: Partial<Failure> & Pick<Failure, 'code'>, closeCode?: number) =>
  new ChatError({ message: 'no', ...failure }, closeCode === undefined ? {} : { closeCode });

type Send = OutboxOptions['send'];

/** An outbox with a line that the test cuts and mends, and a way to wait for what it shows. */
const anOutbox = (
  send: Send,
  options: { store?: DeviceStore; scope?: string; filesLost?: OutboxOptions['filesLost'] } = {},
) => {
  const line = { connected: true, failures: 0 };
  const tried: string[] = [];
  const sent: string[] = [];
  const waiting = new Set<() => void>();
  const look = () => {
    for (const one of waiting) one();
  };
  const outbox: Outbox = createOutbox({
    opening: Promise.resolve(options.store ?? createMemoryStore()),
    scope: options.scope ?? newClientId(),
    newClientId,
    connected: () => line.connected,
    send(entry, door) {
      tried.push(`${entry.text} ${door}`);
      return send(entry, door).finally(() => queueMicrotask(look));
    },
    sent({ text }) {
      sent.push(text);
      look();
    },
    changed: look,
    storeFailed: () => line.failures++,
    ...(options.filesLost && { filesLost: options.filesLost }),
  });
  onTestFinished(() => outbox.close());
  const until = (test: () => boolean) =>
    new Promise<void>((resolve) => {
      const one = () => {
        if (!test()) return;
        waiting.delete(one);
        resolve();
      };
      waiting.add(one);
      one();
    });
  const states = (conversationId = 'c') =>
    outbox.of(conversationId).map(({ entry, state }) => `${entry.text} ${state}`);
  return { outbox, line, tried, sent, until, states };
};

test('messages of a conversation go out one after the other, in the order of writing', async () => {
  let inFlight = 0;
  const { outbox, sent, until } = anOutbox(async (entry) => {
    expect(++inFlight).toBe(1);
    await Promise.resolve();
    inFlight--;
    return accept(entry);
  });
  const texts = ['a', 'b', 'c', 'd'];
  for (const text of texts) void outbox.add(entryOf(text));
  await until(() => outbox.of('c').every(({ state }) => state === 'sent'));
  expect(sent).toEqual(texts);
});

test('when told to slow down it waits, and keeps the order', async () => {
  let refusals = 2;
  let refusedAt = 0;
  const { outbox, sent, tried, until } = anOutbox(async (entry) => {
    if (refusals-- > 0) {
      refusedAt = performance.now();
      throw refuse({ code: 'rate_limited', retryAfterMs: 60 });
    }
    if (refusals === -1) expect(performance.now() - refusedAt).toBeGreaterThanOrEqual(58);
    return accept(entry);
  });
  void outbox.add(entryOf('a'));
  void outbox.add(entryOf('b'));
  await until(() => outbox.of('c').every(({ state }) => state === 'sent'));
  expect(sent).toEqual(['a', 'b']);
  expect(tried).toEqual(['a socket', 'a socket', 'a socket', 'b socket']);
});

test.each(['validation_failed', 'payload_too_large', 'blocked', 'not_found', 'idempotency_key_reused'] as const)(
  'a message refused with %s fails with that reason, and those behind it go on',
  async (code) => {
    const { outbox, until, states } = anOutbox(async (entry) => {
      if (entry.text === 'bad') throw refuse({ code });
      return accept(entry);
    });
    void outbox.add(entryOf('bad'));
    void outbox.add(entryOf('good'));
    await until(() => states().join() === 'bad failed,good sent');
    expect(outbox.of('c')[0]?.entry.failure?.code).toBe(code);
  },
);

test('what was in flight when the line broke is asked for again by REST, and after a planned close by the socket', async () => {
  let script = [refuse({ code: 'network' }, 1006)];
  const { outbox, line, tried, until } = anOutbox(async (entry) => {
    const failure = script.shift();
    if (!failure) return accept(entry);
    line.connected = false;
    throw failure;
  });
  const again = async () => {
    line.connected = true;
    outbox.resume();
    await until(() => outbox.of('c').every(({ state }) => state === 'sent'));
  };
  await outbox.add(entryOf('a'));
  await until(() => !line.connected);
  await again();
  script = [refuse({ code: 'network' }, 4000)];
  await outbox.add(entryOf('b'));
  await until(() => !line.connected);
  await again();
  expect(tried).toEqual(['a socket', 'a rest', 'b socket', 'b socket']);
});

test('a message that keeps breaking connections is given up, and those behind it go out', async () => {
  const { outbox, line, tried, until, states } = anOutbox(async (entry) => {
    if (entry.text !== 'poison') return accept(entry);
    queueMicrotask(() => outbox.resume());
    throw refuse({ code: 'network', retryAfterMs: 1 }, 1006);
  });
  void outbox.add(entryOf('poison'));
  void outbox.add(entryOf('fine'));
  await until(() => states().join() === 'poison failed,fine sent');
  expect(tried.filter((text) => text === 'poison socket')).toHaveLength(1);
  expect(tried.length).toBeLessThanOrEqual(6);
  expect(line.connected).toBe(true);
});

test('nothing goes out without a line, and all of it when the line is there', async () => {
  const { outbox, line, tried, sent, until } = anOutbox(async (entry) => accept(entry));
  line.connected = false;
  await outbox.add(entryOf('a'));
  await outbox.add(entryOf('b', 'd'));
  expect(tried).toEqual([]);
  line.connected = true;
  outbox.resume();
  await until(() => sent.length === 2 && outbox.of('d')[0]?.state === 'sent');
  expect([...sent].sort()).toEqual(['a', 'b']);
});

test('a message is kept before it goes out', async () => {
  const order: string[] = [];
  const store: DeviceStore = {
    ...createMemoryStore(),
    async put() {
      await Promise.resolve();
      order.push('kept');
    },
  };
  const { outbox, until, states } = anOutbox(
    async (entry) => {
      order.push('sent');
      return accept(entry);
    },
    { store },
  );
  await outbox.add(entryOf('a'));
  await until(() => states().join() === 'a sent');
  expect(order).toEqual(['kept', 'sent']);
});

test('what the device has kept from before goes out', async () => {
  const store: DeviceStore = {
    ...createMemoryStore(),
    entries: async () => [
      { ...entryOf('failed before'), failure: { code: 'blocked', message: '' } },
      entryOf('unsent before'),
    ],
  };
  const { until, states } = anOutbox(async (entry) => accept(entry), { store });
  await until(() => states().join() === 'failed before failed,unsent before sent');
});

test('a device that refuses to keep a message is reported, and the message goes out all the same', async () => {
  const store: DeviceStore = {
    ...createMemoryStore(),
    shared: true,
    put: () => Promise.reject(new Error('quota')),
    has: async () => false,
  };
  const { outbox, line, until, states } = anOutbox(async (entry) => accept(entry), { store });
  await outbox.add(entryOf('a'));
  await until(() => states().join() === 'a sent');
  expect(line.failures).toBe(1);
});

test('a failed message can be tried again, or dropped', async () => {
  let open = false;
  const { outbox, until, states } = anOutbox(async (entry) => {
    if (!open) throw refuse({ code: 'blocked' });
    return accept(entry);
  });
  const [one, two] = [entryOf('one'), entryOf('two')];
  await outbox.add(one);
  await outbox.add(two);
  await until(() => states().join() === 'one failed,two failed');
  open = true;
  outbox.discard(two.clientId);
  outbox.retry(one.clientId);
  await until(() => states().join() === 'one sent');
});

test('a message whose name is taken is tried again under a new one', async () => {
  const taken = entryOf('a');
  const { outbox, until, states } = anOutbox(async (entry) => {
    if (entry.clientId === taken.clientId) throw refuse({ code: 'idempotency_key_reused' });
    return accept(entry);
  });
  await outbox.add(taken);
  await until(() => states().join() === 'a failed');
  outbox.retry(taken.clientId);
  await until(() => states().join() === 'a sent');
  expect(outbox.of('c')[0]?.entry.clientId).not.toBe(taken.clientId);
});

test('a message that is seen in the conversation needs no answer any more', async () => {
  const { outbox, line, tried, until, states } = anOutbox(async () => {
    line.connected = false;
    throw refuse({ code: 'network' }, 1006);
  });
  const entry = entryOf('a');
  await outbox.add(entry);
  await until(() => !line.connected);
  outbox.confirm(accept(entry));
  expect(states()).toEqual(['a sent']);
  line.connected = true;
  outbox.resume();
  outbox.settle('c', (clientId) => clientId === entry.clientId);
  expect(outbox.of('c')).toEqual([]);
  expect(tried).toEqual(['a socket']);
});

test('another tab shows a message while it is on its way, and knows when it is sent', async () => {
  const kept = new Map<string, OutboxEntry>();
  const store: DeviceStore = {
    ...createMemoryStore(),
    shared: true,
    put: async (entry) => void kept.set(entry.clientId, entry),
    remove: async (clientId) => void kept.delete(clientId),
    has: async (clientId) => kept.has(clientId),
  };
  const scope = newClientId();
  let release = () => {};
  const gate = new Promise<void>((resolve) => (release = resolve));
  const here = anOutbox(
    async (entry) => {
      await gate;
      return accept(entry);
    },
    { store, scope },
  );
  const there = anOutbox(async (entry) => accept(entry), { store, scope });
  await here.outbox.add(entryOf('a'));
  await there.until(() => there.states().join() === 'a sending');
  release();
  await there.until(() => there.states().join() === 'a sent');
  expect(there.tried).toEqual([]);
  expect(kept.size).toBe(0);
});

const upload = (key: string): NonNullable<OutboxEntry['uploads']>[number] => ({
  key,
  name: key,
  size: 1,
  type: 'text/plain',
  kind: 'file',
  status: 'waiting',
  progress: 0,
});

test('a message waits for its files, and holds up none behind it', async () => {
  const { outbox, sent, until, states } = anOutbox(async (entry) => accept(entry));
  const waiting = { ...entryOf('with files'), uploads: [upload('a')] };
  void outbox.add(waiting);
  void outbox.add(entryOf('without'));
  await until(() => sent.length === 1);
  expect(states()).toEqual(['with files sending', 'without sent']);
  void outbox.add({ ...waiting, fileIds: ['f'] });
  await until(() => sent.length === 2);
  expect(sent).toEqual(['without', 'with files']);
});

test('a message that waits for its files can be dropped, and one that may be under way cannot', async () => {
  const { outbox, line, states } = anOutbox(async (entry) => accept(entry));
  line.connected = false;
  const waiting = { ...entryOf('waits'), uploads: [upload('a')] };
  const goes = { ...entryOf('goes'), uploads: [upload('b')], fileIds: ['f'] };
  await Promise.all([outbox.add(waiting), outbox.add(goes)]);
  outbox.discard(waiting.clientId);
  outbox.discard(goes.clientId);
  expect(states()).toEqual(['goes sending']);
});

test.each([
  ['brought again when that is why', true, ['with files sending']],
  ['failed when it is not', false, ['with files failed']],
  ['failed when nobody can tell', 'unknown', ['with files failed']],
] as const)('a message with files that the server refused is %s', async (_, lost, shown) => {
  const asked: string[] = [];
  const { outbox, until, states } = anOutbox(
    async () => {
      throw refuse({ code: 'not_found' });
    },
    {
      async filesLost(entry) {
        asked.push(entry.text);
        if (lost === 'unknown') throw new Error('no line');
        const { fileIds: __, ...rest } = entry;
        if (lost) void outbox.add(rest);
        return lost;
      },
    },
  );
  void outbox.add({ ...entryOf('with files'), uploads: [upload('a')], fileIds: ['f'] });
  await until(() => asked.length === 1 && states().join() === shown.join());
  await new Promise((resolve) => setTimeout(resolve));
  expect(states()).toEqual(shown);
});
