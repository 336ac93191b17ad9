import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Database } from '../../database/connect.ts';
import { inSite } from '../../database/wall.ts';
import { createLog } from '../../log.ts';
import { Problem } from '../../problem.ts';
import { loosely } from '../../testing/loosely.ts';
import { cloneDatabase, dropDatabase, sharedTemplate } from '../../testing/postgres.ts';
import type { Send, SendOutcome } from './batch.ts';
import { takeSeqs } from './membership.ts';
import { createLanes, type Lanes } from './lanes.ts';

/** What a process that serves conversations has: its own pool and lanes, and what it published, in that order. */
interface Process {
  readonly db: Database;
  readonly lanes: Lanes;
  readonly published: { conversationId: string; seq: number }[];
  send(conversation: Conversation, given?: Partial<Send>): Promise<SendOutcome>;
}

interface Conversation {
  readonly id: string;
  readonly userIds: readonly string[];
}

let url: string;
let one: Process;
let two: Process;
const siteId = uuidv7();

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();

const aProcess = (): Process => {
  const db = connect(url);
  const made = createLanes({ db, log: createLog({ logLevel: 'silent' }) });
  const lanes: Lanes = {
    ...made,
    send: (send, sent) => inSite(siteId, () => made.send(send, sent)),
    run: (conversationId, work) => inSite(siteId, () => made.run(conversationId, work)),
  };
  const published: { conversationId: string; seq: number }[] = [];
  return {
    db: loosely(db),
    lanes,
    published,
    send({ id: conversationId, userIds }, given = {}) {
      const text = given.text ?? 'hello';
      const [senderId = ''] = userIds;
      const send = { senderId, id: uuidv7(), clientId: uuidv7(), text, replyTo: undefined, mentions: [] };
      return lanes.send({ ...send, conversationId, hash: hashOf(text), ...given }, ({ seq }) =>
        published.push({ conversationId, seq }),
      );
    },
  };
};

const aConversation = async (size = 2): Promise<Conversation> => {
  const id = uuidv7();
  const userIds = Array.from({ length: size }, () => uuidv7());
  await one.db.query(
    'test_users',
    `insert into users (id, site_id, username, username_key, display_name, search_text, avatar_color)
     select id, $1, id, id, 'Somebody', '', 'leaf' from unnest($2::uuid[]) as u (id)`,
    [siteId, userIds],
  );
  await one.db.query(
    'test_conversation',
    `insert into conversations (id, site_id, kind, title, created_by) values ($1, $2, 'group', 'Test', $3)`,
    [id, siteId, userIds[0]],
  );
  await one.db.query(
    'test_members',
    `insert into members (conversation_id, site_id, user_id, role, joined_seq, changed_seq)
     select $1, $2, id, 'member', 0, 0 from unnest($3::uuid[]) as u (id)`,
    [id, siteId, userIds],
  );
  return { id, userIds };
};

/** The counter and the messages' seqs, as the database has them. */
const stateOf = async ({ id }: Conversation): Promise<{ head: number; seqs: number[] }> => {
  const [row] = await one.db.query<{ head: number; seqs: number[] }>(
    'test_state',
    `select head_seq::int as head, array(select seq::int from messages m where m.conversation_id = c.id order by seq) as seqs
     from conversations c where id = $1`,
    [id],
  );
  if (!row) throw new Error('unable to read a conversation; it is not there');
  return row;
};

const upTo = (head: number): number[] => Array.from({ length: head }, (_, place) => place + 1);

beforeAll(async () => {
  url = await cloneDatabase(sharedTemplate());
  one = aProcess();
  two = aProcess();
  await one.db.query('test_site', `insert into sites (id, key, name) values ($1, 'lanes', 'Lanes')`, [siteId]);
});

afterAll(async () => {
  await Promise.all([one.lanes.close(), two.lanes.close()]);
  await Promise.all([one.db.close(), two.db.close()]);
  await dropDatabase(url);
});

describe('sending', () => {
  test('32 writers on one conversation get every seq once, and 99 of 100 within 100 ms', async () => {
    const conversation = await aConversation();
    const seqs: number[] = [];
    await one.db.query('test_plain', 'create table plain (id bigserial primary key, text text)', []);
    const send = async (): Promise<void> => {
      const outcome = await one.send(conversation);
      if (outcome.outcome === 'sent') seqs.push(outcome.seq);
    };
    const insert = () => one.db.query('test_insert', 'insert into plain (text) values ($1)', ['hello']);
    const slowest = async (work: () => Promise<unknown>): Promise<number> => {
      const took: number[] = [];
      const writer = async (): Promise<void> => {
        for (let round = 0; round < 10; round += 1) {
          const start = performance.now();
          await work();
          took.push(performance.now() - start);
        }
      };
      await Promise.all(Array.from({ length: 32 }, writer));
      return took.sort((a, b) => a - b)[Math.floor(took.length * 0.99)] ?? Infinity;
    };
    // Other work on the machine makes single runs slow, a plain INSERT as well; lanes that are too slow would be so in every run.
    const runs: { sends: number; inserts: number }[] = [];
    for (let run = 0; run < 5; run += 1) runs.push({ sends: await slowest(send), inserts: await slowest(insert) });
    expect(seqs.sort((a, b) => a - b)).toEqual(upTo(1600));
    expect(await stateOf(conversation)).toEqual({ head: 1600, seqs: upTo(1600) });
    expect(runs.filter(({ sends, inserts }) => sends < Math.max(100, 2 * inserts))).not.toEqual([]);
  });

  test('a transaction that fails after it took a seq leaves no gap', async () => {
    const conversation = await aConversation();
    await one.send(conversation);
    const failing = one.lanes.run(conversation.id, async (transaction) => {
      expect(await takeSeqs(transaction, conversation.id, 3)).toBe(2);
      throw new Error('injected');
    });
    await expect(failing).rejects.toThrow('injected');
    expect(await one.send(conversation)).toMatchObject({ outcome: 'sent', seq: 2 });
    expect(await stateOf(conversation)).toEqual({ head: 2, seqs: [1, 2] });
  });

  test('the same message twenty times at once through two processes is one row and one seq', async () => {
    for (let round = 0; round < 20; round += 1) {
      const conversation = await aConversation();
      const clientId = uuidv7();
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, place) => (place % 2 === 0 ? one : two).send(conversation, { clientId })),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'sent')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(19);
      expect(await stateOf(conversation)).toEqual({ head: 1, seqs: [1] });
    }
  });

  test('whatever two processes send at once, seqs are dense, nothing is stored twice, and each publishes in order', async () => {
    const step = fc.record({
      process: fc.nat(1),
      conversation: fc.nat(2),
      sender: fc.nat(1),
      key: fc.nat(9),
      text: fc.nat(1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
        const conversations = await Promise.all([aConversation(), aConversation(), aConversation()]);
        const clientIds = Array.from({ length: 10 }, () => uuidv7());
        for (const { published } of [one, two]) published.length = 0;
        const results = await Promise.all(
          steps.map(async ({ process, conversation, sender, key, text }) => {
            const at = conversations[conversation] ?? conversations[0];
            const given = { senderId: at.userIds[sender] ?? '', clientId: clientIds[key] ?? '', text: `text ${text}` };
            const { outcome } = await (process === 0 ? one : two).send(at, given);
            return { outcome, key: `${conversation}/${sender}/${key}`, text };
          }),
        );
        for (const key of new Set(results.map((result) => result.key))) {
          const same = results.filter((result) => result.key === key);
          const first = same.find(({ outcome }) => outcome === 'sent');
          expect(same.filter(({ outcome }) => outcome === 'sent')).toHaveLength(1);
          for (const { outcome, text } of same) {
            if (text !== first?.text) expect(outcome).toBe('reused');
            else expect(['sent', 'replayed']).toContain(outcome);
          }
        }
        for (const conversation of conversations) {
          const { head, seqs } = await stateOf(conversation);
          expect(seqs).toEqual(upTo(head));
          for (const { published } of [one, two]) {
            const order = published
              .filter(({ conversationId }) => conversationId === conversation.id)
              .map(({ seq }) => seq);
            expect(order).toEqual([...order].sort((a, b) => a - b));
          }
          const all = [...one.published, ...two.published].filter(
            ({ conversationId }) => conversationId === conversation.id,
          );
          expect(all.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(seqs);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('changes and messages of one conversation are published in the order of seq', async () => {
    const conversation = await aConversation();
    one.published.length = 0;
    await Promise.all(
      Array.from({ length: 60 }, async (_, place) => {
        if (place % 3 !== 0) return one.send(conversation);
        return one.lanes.run(conversation.id, async (transaction) => {
          const seq = await takeSeqs(transaction, conversation.id);
          return { value: seq, publish: () => one.published.push({ conversationId: conversation.id, seq }) };
        });
      }),
    );
    expect(one.published.map(({ seq }) => seq)).toEqual(upTo(60));
  });

  test('a message that the database cannot take fails alone', async () => {
    const conversation = await aConversation();
    const results = await Promise.allSettled(
      Array.from({ length: 12 }, (_, place) => one.send(conversation, { text: place === 5 ? 'nul \0 byte' : 'fine' })),
    );
    expect(results.map(({ status }) => status)).toEqual(
      Array.from({ length: 12 }, (_, place) => (place === 5 ? 'rejected' : 'fulfilled')),
    );
    expect(await stateOf(conversation)).toEqual({ head: 11, seqs: upTo(11) });
  });

  test('who is no member, a block, and things of other conversations are refused without taking a seq', async () => {
    const conversation = await aConversation();
    const other = await aConversation();
    const elsewhere = uuidv7();
    await one.send(other, { id: elsewhere });
    expect(await one.send(conversation, { senderId: other.userIds[0] ?? '' })).toEqual({ outcome: 'refused' });
    expect(await one.send({ ...conversation, id: uuidv7() })).toEqual({ outcome: 'refused' });
    expect(await one.send(conversation, { replyTo: elsewhere })).toEqual({ outcome: 'unknown_reply' });
    expect(await one.send(conversation, { mentions: other.userIds })).toEqual({ outcome: 'unknown_mention' });
    await one.db.query('test_block', 'update conversations set blocked = true where id = $1', [conversation.id]);
    expect(await one.send(conversation)).toEqual({ outcome: 'blocked' });
    expect(await stateOf(conversation)).toEqual({ head: 0, seqs: [] });
  });
});

describe('failures', () => {
  test('losing the connections again and again loses no accepted message and stores none twice', async () => {
    const conversation = await aConversation();
    const accepted = new Set<string>();
    let refused = 0;
    let writing = true;
    const writers = Array.from({ length: 8 }, async () => {
      while (writing) {
        const clientId = uuidv7();
        for (;;) {
          try {
            await one.send(conversation, { clientId });
            accepted.add(clientId);
            break;
          } catch (error) {
            expect(error).toBeInstanceOf(Problem);
            expect((error as Problem).code).toBe('dependency_unavailable');
            refused += 1;
          }
        }
      }
    });
    for (let round = 0; round < 25; round += 1) {
      const before = accepted.size;
      await two.db.query(
        'test_kill',
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        [],
      );
      await expect.poll(() => accepted.size, { timeout: 5000, interval: 5 }).toBeGreaterThan(before + 8);
    }
    writing = false;
    await Promise.all(writers);
    expect(refused).toBeGreaterThan(0);
    const rows = await one.db.query<{ client_id: string }>(
      'test_clients',
      'select client_id from messages where conversation_id = $1',
      [conversation.id],
    );
    expect(rows).toHaveLength(accepted.size);
    expect(new Set(rows.map((row) => row.client_id))).toEqual(accepted);
    expect((await stateOf(conversation)).seqs).toEqual(upTo(accepted.size));
  });

  test('what waits is bounded: beyond it the answer is to try again', async () => {
    const conversation = await aConversation();
    await one.send(conversation);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const change = one.lanes.run(conversation.id, async () => {
      await held;
      return { value: undefined };
    });
    const stranger = uuidv7();
    const waiting = Array.from({ length: 20_000 }, () => one.send(conversation, { senderId: stranger }));
    const refused = await Promise.allSettled([one.send(conversation), one.send(conversation)]);
    for (const result of refused) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'dependency_unavailable', retryAfterMs: 1000 },
      });
    }
    release();
    await change;
    for (const outcome of await Promise.all(waiting)) expect(outcome).toEqual({ outcome: 'refused' });
    expect(await one.send(conversation)).toMatchObject({ outcome: 'sent', seq: 2 });
  });

  test('closing lets what is queued end, and refuses what comes later', async () => {
    const last = aProcess();
    const conversation = await aConversation();
    const sending = Promise.all(Array.from({ length: 50 }, () => last.send(conversation)));
    await last.lanes.close();
    expect((await sending).every(({ outcome }) => outcome === 'sent')).toBe(true);
    await expect(last.send(conversation)).rejects.toMatchObject({ code: 'draining' });
    await last.db.close();
  });
});
