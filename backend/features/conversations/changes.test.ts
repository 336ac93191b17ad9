import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Conversation, Member } from '../../../protocol/conversations.ts';
import type { Message } from '../../../protocol/messages.ts';
import { inSite } from '../../database/wall.ts';
import { createLog } from '../../log.ts';
import { JsonText, type Deps, type RouteRequest, type Session } from '../../feature.ts';
import type { RouteKey } from '../../../protocol/index.ts';
import { createTokens } from '../../tokens.ts';
import { aGroup, aMessage, someUsers, startTestBackend, type TestBackend, type TestUser } from '../../testing/index.ts';
import { createDisposal } from '../files/index.ts';
import { createLanes, createMessages, type Lanes } from '../messages/index.ts';
import { readChanges, type Changes } from './changes.ts';
import { createConversations } from './index.ts';

const changes = 'GET /conversations/:conversationId/changes';

let t: TestBackend;
let people: TestUser[];

beforeAll(async () => {
  t = await startTestBackend({ limits: { messagesPerSecond: 1_000_000, messageBurst: 2_000_000 } });
  people = await someUsers(t, 5);
});
afterAll(() => t.close());

/** What somebody knows of a conversation, without what takes no seq: receipts and presence. */
interface State {
  readonly title: string | undefined;
  readonly head: number;
  readonly messages: ReadonlyMap<string, Message>;
  readonly members: ReadonlyMap<string, object>;
}

const durable = ({ user, deliveredSeq: _, readSeq: __, ...member }: Member): object => ({
  ...member,
  name: user.displayName,
});

const fresh = (conversation: Conversation, messages: readonly Message[]): State => ({
  title: conversation.title,
  head: conversation.head,
  messages: new Map(messages.map((message) => [message.id, message])),
  members: new Map(conversation.members.map((member) => [member.userId, durable(member)])),
});

const folded = (state: State, page: Changes): State => {
  const messages = new Map(state.messages);
  for (const message of page.messages) messages.set(message.id, message);
  const members = new Map(state.members);
  for (const member of page.members) {
    if (member.removed) members.delete(member.userId);
    else members.set(member.userId, durable(member));
  }
  const { title } = page.conversation ?? state;
  return { title, head: page.next, messages, members };
};

describe('catching up', () => {
  /** The use cases themselves, on the real database: 1,000 histories over HTTP would take minutes and prove nothing more. */
  const aServer = () => {
    const deps: Deps = {
      config: t.config,
      db: t.db,
      hub: t.backend.hub,
      log: createLog({ logLevel: 'silent' }),
      tokens: createTokens(t.config),
      storage: t.storage,
    };
    const lanes: Lanes = createLanes(deps);
    const disposal = createDisposal(deps);
    const routes = [
      ...createConversations(deps, lanes, disposal).routes,
      ...createMessages(deps, lanes, disposal).routes,
    ];
    const handlers = new Map(routes.map(({ key, handle }) => [key, handle]));
    const call = async <T>(session: Session, key: RouteKey, given: Record<string, unknown>): Promise<T> => {
      const request = { params: {}, query: {}, body: {}, ...given, session } as unknown as RouteRequest<RouteKey>;
      const reply = await inSite(session.siteId, async () => handlers.get(key)?.(request));
      const body = reply?.body;
      return (body instanceof JsonText ? JSON.parse(body.text) : body) as T;
    };
    return { deps, lanes, call };
  };

  const step = fc.record({
    what: fc.constantFrom(
      'send',
      'send',
      'send',
      'edit',
      'delete',
      'react',
      'unreact',
      'rename',
      'add',
      'remove',
      'role',
    ),
    who: fc.nat(4),
    whom: fc.nat(4),
    which: fc.nat(20),
    choice: fc.nat(2),
  });
  const history = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 12 }),
    /** Where somebody goes offline, as a share of the history. */
    offline: fc.double({ min: 0, max: 1, noNaN: true }),
    pageSize: fc.integer({ min: 1, max: 6 }),
  });

  test('leads to the same state as a fresh load, after 1,000 random histories', async () => {
    const { deps, lanes, call } = aServer();
    const rows = await t.db.query<{ site_id: string }>('test_site_id', 'select site_id from users where id = $1', [
      people[0]?.id,
    ]);
    const sessions = people.map(({ id }) => ({ userId: id, siteId: rows[0]?.site_id ?? '', sessionId: uuidv7() }));
    const [owner] = sessions as [Session];

    const check = async ({ steps, offline, pageSize }: typeof history extends fc.Arbitrary<infer T> ? T : never) => {
      const { conversation } = await call<{ conversation: Conversation }>(owner, 'POST /conversations', {
        body: { kind: 'group', title: 'History', userIds: sessions.slice(1, 3).map(({ userId }) => userId) },
      });
      const params = { conversationId: conversation.id };
      const messages: Message[] = [];
      const load = async (): Promise<State> => {
        const now = await call<{ conversation: Conversation }>(owner, 'GET /conversations/:conversationId', { params });
        const all: Message[] = [];
        for (let after = 0, hasMore = true; hasMore; after = all.at(-1)?.seq ?? 0) {
          const page = await call<{ messages: Message[]; hasMore: boolean }>(
            owner,
            'GET /conversations/:conversationId/messages',
            {
              params,
              query: { after, limit: 100 },
            },
          );
          all.push(...page.messages);
          ({ hasMore } = page);
        }
        return fresh(now.conversation, all);
      };
      const apply = async ({ what, who, whom, which, choice }: (typeof steps)[number]): Promise<void> => {
        const session = sessions[who] ?? owner;
        const message = messages[which % Math.max(1, messages.length)];
        const at = {
          ...params,
          messageId: message?.id ?? uuidv7(),
          emoji: ['👍', '🎉', '🍵'][choice],
          userId: sessions[whom]?.userId,
        };
        if (what === 'send') {
          const body = {
            clientId: uuidv7(),
            text: `text ${which}`,
            ...(choice === 0 && message && { replyTo: message.id }),
          };
          const sent = await call<{ message: Message }>(session, 'POST /conversations/:conversationId/messages', {
            params,
            body,
          });
          messages.push(sent.message);
        } else if (what === 'edit') {
          const body = { text: `edited ${choice}` };
          await call(session, 'PATCH /conversations/:conversationId/messages/:messageId', { params: at, body });
        } else if (what === 'delete') {
          await call(session, 'DELETE /conversations/:conversationId/messages/:messageId', { params: at });
        } else if (what === 'react') {
          await call(session, 'PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
            params: at,
          });
        } else if (what === 'unreact') {
          await call(session, 'DELETE /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
            params: at,
          });
        } else if (what === 'rename') {
          await call(owner, 'PATCH /conversations/:conversationId', { params, body: { title: `Title ${choice}` } });
        } else if (what === 'add') {
          await call(owner, 'POST /conversations/:conversationId/members', { params, body: { userIds: [at.userId] } });
        } else if (what === 'remove') {
          await call(owner, 'DELETE /conversations/:conversationId/members/:userId', { params: at });
        } else {
          const body = { role: ['admin', 'member', 'owner'][choice] };
          await call(owner, 'PATCH /conversations/:conversationId/members/:userId', { params: at, body });
        }
      };
      // Steps that are refused (by who is no member, of the last owner, on a tombstone) leave the state as it is.
      const tryTo = (one: (typeof steps)[number]): Promise<void> =>
        (one.what === 'remove' || one.what === 'role') && one.whom === 0
          ? Promise.resolve()
          : apply(one).catch(refusedOnly);

      const pause = Math.floor(steps.length * offline);
      for (const one of steps.slice(0, pause)) await tryTo(one);
      let state = await load();
      // What comes in while somebody catches up is missed no less than what came before.
      const [before, during] = [steps.slice(pause, -2), steps.slice(Math.max(pause, steps.length - 2))];
      for (const one of before) await tryTo(one);
      for (let goOn = true; goOn;) {
        const page = await readChanges(deps, owner, conversation.id, { after: state.head, limit: pageSize });
        expect(page.messages.length + page.members.length + (page.conversation ? 1 : 0)).toBeLessThanOrEqual(pageSize);
        state = folded(state, page);
        const next = during.shift();
        if (next) await tryTo(next);
        goOn = page.hasMore || next !== undefined;
      }
      expect(state).toEqual(await load());
    };

    // Many at a time, so that the lanes have something to batch.
    const seed = Date.now() % 2 ** 31;
    const histories = fc.sample(history, { numRuns: 1000, seed });
    const worker = async (): Promise<void> => {
      for (let one = histories.pop(); one; one = histories.pop()) {
        const shown = JSON.stringify(one);
        await check(one).catch((error: unknown) => {
          throw new Error(`seed ${seed}, history ${shown}`, { cause: error });
        });
      }
    };
    await Promise.all(Array.from({ length: 24 }, worker));
    await lanes.close();
  }, 240_000);

  const refusedOnly = (error: unknown): void => {
    if (!(error instanceof Error) || error.name !== 'Problem') throw error;
  };

  test('10,000 changes behind come in pages of at most 500, and none is skipped at a border', async () => {
    const [ann, bob] = people as [TestUser, TestUser];
    const group = await aGroup(ann, [bob]);
    const first = await aMessage(ann, group, 'the first');
    await t.db.query(
      'test_backlog',
      `with more as (
         insert into messages (site_id, conversation_id, id, sender_id, client_id, seq, changed_seq, text, draft_hash)
         select c.site_id, c.id, gen_random_uuid(), $2, gen_random_uuid(), 1 + i, 1 + i, 'message ' || i, ''
         from generate_series(1, 10000) i, conversations c where c.id = $1
       ) update conversations set head_seq = 10001, last_message_seq = 10001 where id = $1`,
      [group.id, ann.id],
    );
    await ann.api.call('PATCH /conversations/:conversationId/messages/:messageId', {
      params: { conversationId: group.id, messageId: first.id },
      body: { text: 'edited last' },
    });
    const seen: number[] = [];
    let [after, pages] = [0, 0];
    for (let hasMore = true; hasMore; pages += 1) {
      const page = await bob.api.call(changes, { params: { conversationId: group.id }, query: { after } });
      expect(page.messages.length).toBeLessThanOrEqual(500);
      expect(page.head).toBe(10_002);
      seen.push(...page.messages.map(({ changedSeq }) => changedSeq));
      ({ next: after, hasMore } = page);
    }
    expect(seen).toEqual(Array.from({ length: 10_001 }, (_, place) => place + 2));
    expect(after).toBe(10_002);
    expect(pages).toBe(21);
  });

  test('while others write, every change is in exactly one page or in a later state of the same thing', async () => {
    const [ann, bob, cat] = people as [TestUser, TestUser, TestUser];
    const group = await aGroup(ann, [bob, cat]);
    let writing = true;
    const ids = new Map<string, number>();
    const writers = [ann, bob].map(async (user) => {
      while (writing) {
        const message = await aMessage(user, group);
        ids.set(message.id, message.seq);
        const at = { conversationId: group.id, messageId: message.id };
        await user.api.call('PUT /conversations/:conversationId/messages/:messageId/reactions/:emoji', {
          params: { ...at, emoji: '👍' },
        });
      }
    });
    const seen = new Map<string, number>();
    let after = 0;
    const turn = async (): Promise<boolean> => {
      const page = await cat.api.call(changes, { params: { conversationId: group.id }, query: { after, limit: 3 } });
      for (const { id, changedSeq } of page.messages) {
        expect(changedSeq).toBeGreaterThan(after);
        expect(changedSeq).toBeLessThanOrEqual(page.next);
        expect(changedSeq).toBeGreaterThan(seen.get(id) ?? 0);
        seen.set(id, changedSeq);
      }
      after = page.next;
      return page.hasMore;
    };
    for (let count = 0; count < 60; count += 1) await turn();
    writing = false;
    await Promise.all(writers);
    while (await turn());
    expect(new Set(seen.keys())).toEqual(new Set(ids.keys()));
    const { messages } = await cat.api.call('GET /conversations/:conversationId/messages', {
      params: { conversationId: group.id },
      query: { limit: 100 },
    });
    for (const { id, changedSeq } of messages) expect(seen.get(id)).toBe(changedSeq);
  });

  test('from a seq that is yet to come, the answer is to load anew', async () => {
    const [ann, bob] = people as [TestUser, TestUser];
    const group = await aGroup(ann, [bob]);
    const refusal = await bob.api.refusal(changes, { params: { conversationId: group.id }, query: { after: 1 } });
    expect(refusal).toMatchObject({ status: 409, code: 'resync_required' });
    for (const query of [{}, { after: '-1' }, { after: '1e3' }, { after: 'x' }, { after: '0', limit: '501' }]) {
      expect((await bob.api.refusal(changes, { params: { conversationId: group.id }, query })).code).toBe(
        'validation_failed',
      );
    }
  });

  test('members come with their receipts of now', async () => {
    const [ann, bob, cat] = people as [TestUser, TestUser, TestUser];
    const group = await aGroup(ann, [bob]);
    await aMessage(ann, group);
    await ann.api.call('POST /conversations/:conversationId/members', {
      params: { conversationId: group.id },
      body: { userIds: [cat.id] },
    });
    await aMessage(ann, group);
    await cat.api.call('PUT /conversations/:conversationId/receipt', {
      params: { conversationId: group.id },
      body: { readSeq: 3 },
    });
    const page = await bob.api.call(changes, { params: { conversationId: group.id }, query: { after: 1 } });
    expect(page.members).toMatchObject([{ userId: cat.id, joinedSeq: 2, changedSeq: 2, readSeq: 3, deliveredSeq: 3 }]);
  });
});
