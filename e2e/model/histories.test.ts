import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aGroup, aUser, startTestBackend, type TestBackend, type TestUser } from '../../backend/testing/index.ts';
import type { Message } from '../../protocol/messages.ts';
import type { Chat, OpenConversation } from '../../widget/model/types.ts';
import { aChat, aPerson, cookieJar, listed, opened, until } from './chats.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { watchShown } from './shown.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend({ limits: { messagesPerSecond: 10_000, messageBurst: 10_000, heartbeatMs: 1000 } });
});
afterAll(() => server.close());

const kinds = [
  'send',
  'send',
  'send',
  'send',
  'edit',
  'delete',
  'react',
  'unreact',
  'rename',
  'guest',
  'role',
  'read',
] as const;

const step = fc.record({
  kind: fc.constantFrom(...kinds, 'away', 'back', 'rejoin'),
  byOwner: fc.boolean(),
  pick: fc.nat({ max: 1000 }),
});

/** Does one thing to a group as somebody else than the viewer; what the server refuses has not happened. */
const act = async (
  { kind, byOwner, pick }: { kind: string; byOwner: boolean; pick: number },
  group: {
    id: string;
    owner: TestUser;
    friend: TestUser;
    guest: TestUser;
    viewerId: string;
    sent: Message[];
    guestIn: boolean;
  },
): Promise<void> => {
  const actor = byOwner ? group.owner : group.friend;
  const params = { conversationId: group.id };
  const own = group.sent.filter(({ senderId }) => senderId === actor.id);
  const target = (kind === 'react' || kind === 'unreact' ? group.sent : own).at(-1 - (pick % 5));
  const message = { ...params, messageId: target?.id ?? '' };
  const tolerated = async (doing: Promise<unknown>) => {
    await doing.catch((error: unknown) => {
      // A deleted message takes no edit or reaction.
      if (!String(error).includes('409')) throw error;
    });
  };
  switch (kind) {
    case 'send': {
      const body = { clientId: uuidv7(), text: `text ${pick}` };
      group.sent.push((await actor.api.call('POST /conversations/:conversationId/messages', { params, body })).message);
      break;
    }
    case 'edit':
      if (target) {
        const body = { text: `edited ${pick}` };
        await tolerated(
          actor.api.call('PATCH /conversations/:conversationId/messages/:messageId', { params: message, body }),
        );
      }
      break;
    case 'delete':
      if (target)
        await actor.api.call('DELETE /conversations/:conversationId/messages/:messageId', { params: message });
      break;
    case 'react':
    case 'unreact':
      if (target) {
        const key =
          `${kind === 'react' ? 'PUT' : 'DELETE'} /conversations/:conversationId/messages/:messageId/reactions/:emoji` as const;
        await tolerated(actor.api.call(key, { params: { ...message, emoji: ['👍', '🍵'][pick % 2]! } }));
      }
      break;
    case 'rename':
      await group.owner.api.call('PATCH /conversations/:conversationId', { params, body: { title: `title ${pick}` } });
      break;
    case 'guest':
      if (group.guestIn) {
        await group.owner.api.call('DELETE /conversations/:conversationId/members/:userId', {
          params: { ...params, userId: group.guest.id },
        });
      } else {
        await group.owner.api.call('POST /conversations/:conversationId/members', {
          params,
          body: { userIds: [group.guest.id] },
        });
      }
      group.guestIn = !group.guestIn;
      break;
    case 'role':
      await group.owner.api.call('PATCH /conversations/:conversationId/members/:userId', {
        params: { ...params, userId: group.friend.id },
        body: { role: pick % 2 === 0 ? 'admin' : 'member' },
      });
      break;
    case 'read':
      await actor.api.call('PUT /conversations/:conversationId/receipt', { params, body: { readSeq: pick % 40 } });
      break;
    case 'rejoin':
      await group.owner.api.call('DELETE /conversations/:conversationId/members/:userId', {
        params: { ...params, userId: group.viewerId },
      });
      await group.owner.api.call('POST /conversations/:conversationId/members', {
        params,
        body: { userIds: [group.viewerId] },
      });
      break;
  }
};

/** All that a conversation shows, its whole history loaded. */
const everything = async (chat: Chat, open: OpenConversation) => {
  while (open.$timeline.get().hasOlder) await open.loadOlder();
  return stateOf(chat, open);
};

const stateOf = (chat: Chat, open: OpenConversation) => ({
  conversation: chat.$conversations.get().items.find(({ id }) => id === open.id),
  items: open.$timeline.get().items,
});

// A long run asks for more.
const runs = Number(process.env['HISTORIES'] ?? 12);

test(
  'after any history, lived through or slept through, a page shows what a fresh page shows',
  async () => {
    const proxy = await startFaultProxy(server);
    const fetch = cookieJar();
    const viewer = await aPerson(proxy, { fetch });
    const [owner, friend, guest] = await Promise.all([aUser(server), aUser(server), aUser(server)]);
    await listed(viewer.chat);

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const { id } = await aGroup(owner, [friend, { ...guest, id: viewer.id }]);
        const group = { id, owner, friend, guest, viewerId: viewer.id, sent: [], guestIn: false };
        const open = await opened(viewer.chat, id);
        const shown = watchShown(open);
        for (const one of steps) {
          if (one.kind === 'away') {
            proxy.refuse();
            await until(viewer.chat.$connection, ({ status }) => status === 'waiting', 'the loss');
          } else if (one.kind === 'back') {
            proxy.pass();
            viewer.chat.reconnectNow();
          } else await act(one, group);
        }
        proxy.pass();
        viewer.chat.reconnectNow();

        const fresh = aChat(server, { fetch });
        await fresh.start();
        await listed(fresh);
        const freshOpen = await opened(fresh, id);
        const wanted = await everything(fresh, freshOpen);
        const level = () => isDeepStrictEqual(stateOf(viewer.chat, open), stateOf(fresh, freshOpen));
        await until(
          open.$timeline,
          ({ items, hasOlder }) => !hasOlder && items.length === wanted.items.length,
          'as many messages',
        ).catch(() => {});
        await Promise.race([
          until(viewer.chat.$conversations, level, 'the same state', 8000),
          until(open.$timeline, level, 'the same state', 8000),
        ]).catch(() => {});
        expect(stateOf(viewer.chat, open)).toEqual(stateOf(fresh, freshOpen));
        if (!steps.some(({ kind }) => kind === 'rejoin')) shown.check();
        open.close();
        fresh.destroy();
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  60_000 + runs * 4000,
);
