import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Conversation, Member } from '../../protocol/conversations.ts';
import type { Message } from '../../protocol/messages.ts';
import type { DurableEvent } from './record.ts';
import { createReplica, type Replica } from './replica.ts';
import { createTimeline } from './timeline.ts';

const me = 'me';
const names = ['ann', 'ben', 'cleo'];

/** A history as the server would keep it: the event of each seq, and the state after any of them. */
interface History {
  readonly events: readonly DurableEvent[];
  stateAt(head: number): State;
}

interface State {
  readonly head: number;
  readonly messages: readonly Message[];
  readonly members: readonly Member[];
  readonly title: string;
  readonly titleSeq: number;
}

type Step = {
  readonly kind: 'send' | 'edit' | 'delete' | 'react' | 'join' | 'leave' | 'rename';
  readonly pick: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('send', 'send', 'send', 'edit', 'delete', 'react', 'join', 'leave', 'rename'),
  pick: fc.nat({ max: 1000 }),
});

const memberOf = (userId: string, seq: number): Member => ({
  userId,
  role: 'member',
  joinedSeq: seq,
  changedSeq: seq,
  deliveredSeq: seq,
  readSeq: seq,
  user: { id: userId, username: userId, displayName: userId, avatarColor: 'leaf' },
});

const play = (steps: readonly Step[]): History => {
  let state: State = {
    head: 0,
    messages: [],
    members: [memberOf(me, 0), memberOf('ann', 0)],
    title: 'tea',
    titleSeq: 0,
  };
  const states = [state];
  const events: DurableEvent[] = [];
  const base = { conversationId: 'c' } as const;
  for (const { kind, pick } of steps) {
    const seq = state.head + 1;
    const senders = state.members.map(({ userId }) => userId);
    const target = state.messages[pick % Math.max(1, state.messages.length)];
    const stranger = names.find((name) => !senders.includes(name));
    const leaver = senders.filter((name) => name !== me)[pick % Math.max(1, senders.length - 1)];
    if (kind === 'send') {
      const message: Message = {
        id: `m${seq}`,
        conversationId: 'c',
        senderId: senders[pick % senders.length]!,
        clientId: `k${seq}`,
        seq,
        changedSeq: seq,
        text: `text ${pick}`,
        mentions: [],
        reactions: [],
        files: [],
        createdAt: new Date(seq * 1000).toISOString(),
      };
      events.push({ ...base, type: 'message.created', seq, data: { message } });
      state = { ...state, head: seq, messages: [...state.messages, message] };
    } else if ((kind === 'edit' || kind === 'delete' || kind === 'react') && target && target.deletedAt === undefined) {
      const message: Message =
        kind === 'edit'
          ? { ...target, text: `edited ${pick}`, editedAt: new Date(0).toISOString(), changedSeq: seq }
          : kind === 'delete'
            ? { ...target, text: '', reactions: [], deletedAt: new Date(0).toISOString(), changedSeq: seq }
            : { ...target, reactions: [{ emoji: '👍', userIds: [me, String(pick)] }], changedSeq: seq };
      events.push({ ...base, type: 'message.changed', seq, data: { message } });
      state = { ...state, head: seq, messages: state.messages.map((other) => (other === target ? message : other)) };
    } else if (kind === 'join' && stranger) {
      const member = memberOf(stranger, seq);
      events.push({ ...base, type: 'member.changed', seq, data: { member } });
      state = { ...state, head: seq, members: [...state.members, member] };
    } else if (kind === 'leave' && leaver) {
      const known = state.members.find(({ userId }) => userId === leaver)!;
      events.push({
        ...base,
        type: 'member.changed',
        seq,
        data: { member: { ...known, changedSeq: seq, removed: true } },
      });
      state = { ...state, head: seq, members: state.members.filter(({ userId }) => userId !== leaver) };
    } else {
      const title = `title ${pick}`;
      const conversation = { id: 'c', kind: 'group', title, head: seq, changedSeq: seq } as const;
      events.push({ ...base, type: 'conversation.changed', seq, data: { conversation } });
      state = { ...state, head: seq, title, titleSeq: seq };
    }
    states.push(state);
  }
  return { events, stateAt: (head) => states[head]! };
};

const recordOf = ({ head, messages, members, title, titleSeq }: State): Conversation => {
  const lastMessage = messages.at(-1);
  return {
    id: 'c',
    kind: 'group',
    title,
    head,
    changedSeq: titleSeq,
    unread: messages.filter(({ senderId, deletedAt }) => senderId !== me && deletedAt === undefined).length,
    members: [...members],
    memberCount: members.length,
    ...(lastMessage && { lastMessage }),
    lastActivityAt: lastMessage?.createdAt ?? new Date(0).toISOString(),
    muted: false,
    pinned: false,
    createdAt: new Date(0).toISOString(),
  };
};

/** What the changes endpoint would answer, all pages together. */
const changesBetween = (history: History, after: number, head: number) => {
  const { messages, members, title, titleSeq } = history.stateAt(head);
  const gone = history.events
    .slice(after, head)
    .flatMap((event) => (event.type === 'member.changed' ? [event.data.member] : []))
    .filter(({ userId }) => !members.some((member) => member.userId === userId));
  return {
    messages: messages.filter(({ changedSeq }) => changedSeq > after),
    members: [...members, ...gone].filter(({ changedSeq }) => changedSeq > after),
    ...(titleSeq > after && { conversation: { id: 'c', kind: 'group', title, head, changedSeq: titleSeq } as const }),
    head,
  };
};

const freshReplica = (history: History, head: number, pageHead = head, pageSize = 5): Replica => {
  const replica = createReplica(me);
  replica.renew(recordOf(history.stateAt(head)));
  const timeline = createTimeline(head);
  replica.timeline = timeline;
  const { messages } = history.stateAt(pageHead);
  timeline.beginLoad();
  timeline.prepend(messages.slice(-pageSize), messages.length > pageSize);
  timeline.endLoad();
  return replica;
};

const loadAll = (replica: Replica, history: History) => {
  const timeline = replica.timeline!;
  while (timeline.hasOlder) {
    const older = history.stateAt(history.events.length).messages.filter(({ seq }) => seq < timeline.from);
    timeline.beginLoad();
    timeline.prepend(older.slice(-3), older.length > 3);
    timeline.endLoad();
  }
};

/** One person never gets back in here, so members compare by who they are. */
const sorted = (record: Conversation | undefined) =>
  record && { ...record, members: [...record.members].sort((a, b) => (a.userId < b.userId ? -1 : 1)) };

const expectLevel = (replica: Replica, history: History) => {
  const end = history.stateAt(history.events.length);
  expect(sorted(replica.record)).toEqual(sorted(recordOf(end)));
  expect(replica.timeline?.head).toBe(end.head);
  loadAll(replica, history);
  expect(replica.timeline?.messages).toEqual(end.messages);
};

const cases = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 60 }),
  start: fc.nat({ max: 60 }),
  // How often each event arrives, and where in the line.
  fates: fc.array(fc.record({ times: fc.nat({ max: 2 }), place: fc.nat({ max: 1000 }) }), {
    minLength: 60,
    maxLength: 60,
  }),
});

test('events that come twice, in any order or not at all leave, with the changes after them, the state of a fresh load', () => {
  fc.assert(
    fc.property(cases, ({ steps, start, fates }) => {
      const history = play(steps);
      const begin = Math.min(start, history.events.length);
      const replica = freshReplica(history, begin);
      const arrivals = history.events
        .slice(Math.max(0, begin - 5))
        .flatMap((event, index) =>
          Array.from({ length: fates[index]?.times ?? 1 }, () => ({ event, place: fates[index]!.place })),
        )
        .sort((a, b) => a.place - b.place);
      for (const { event } of arrivals) replica.receive(event);
      if (replica.settled < history.events.length) {
        replica.absorb(changesBetween(history, replica.settled, history.events.length));
      }
      expect(replica.gap).toBe(false);
      expectLevel(replica, history);
    }),
    { numRuns: 500 },
  );
});

test('events that arrive while the changes are fetched leave no hole and show nothing twice', () => {
  fc.assert(
    fc.property(cases, fc.nat({ max: 60 }), fc.nat({ max: 60 }), ({ steps, start }, asked, answered) => {
      const history = play(steps);
      const end = history.events.length;
      const begin = Math.min(start, end);
      const replica = freshReplica(history, begin);
      // Everything up to `from` was lost, the answer is as of `at`, and live events run on around it.
      const at = Math.min(end, begin + (answered % Math.max(1, end - begin + 1)));
      const from = Math.min(end, begin + (asked % Math.max(1, end - begin + 1)));
      const after = replica.settled;
      const live = history.events.slice(from);
      const middle = Math.floor(live.length / 2);
      for (const event of live.slice(0, middle)) replica.receive(event);
      replica.absorb(changesBetween(history, after, Math.max(at, after)));
      for (const event of live.slice(middle)) replica.receive(event);
      if (replica.settled < end) replica.absorb(changesBetween(history, replica.settled, end));
      expectLevel(replica, history);
    }),
    { numRuns: 500 },
  );
});

test('what is shown is in seq order and without repetition at every moment', () => {
  fc.assert(
    fc.property(cases, ({ steps, start, fates }) => {
      const history = play(steps);
      const replica = freshReplica(history, Math.min(start, history.events.length));
      const arrivals = history.events
        .map((event, index) => ({ event, place: index * 3 + (fates[index]!.place % 12) }))
        .sort((a, b) => a.place - b.place);
      let shown: number[] = replica.timeline!.messages.map(({ seq }) => seq);
      for (const { event } of arrivals) {
        replica.receive(event);
        const now = replica.timeline!.messages.map(({ seq }) => seq);
        expect(now).toEqual([...new Set(now)].sort((a, b) => a - b));
        // Only ever longer at the end: nothing slips in between what was seen.
        expect(now.slice(0, shown.length)).toEqual(shown);
        shown = now;
      }
    }),
    { numRuns: 300 },
  );
});

test('a page of history that was read before a change arrived does not bring the old state back', () => {
  const history = play([
    ...Array.from({ length: 12 }, () => ({ kind: 'send', pick: 1 }) as const),
    { kind: 'edit', pick: 2 },
  ]);
  const replica = freshReplica(history, 12);
  const timeline = replica.timeline!;
  const stale = history.stateAt(12).messages.filter(({ seq }) => seq < timeline.from);
  timeline.beginLoad();
  replica.receive(history.events[12]!);
  timeline.prepend(stale, false);
  timeline.endLoad();
  expect(timeline.messages.find(({ id }) => id === 'm3')?.text).toBe('edited 2');
  expectLevel(replica, history);
});

test('a first page far ahead of the known head begins a new run instead of leaving a hole', () => {
  const history = play(Array.from({ length: 40 }, () => ({ kind: 'send', pick: 1 }) as const));
  const replica = freshReplica(history, 10, 40);
  expect(replica.timeline?.messages.map(({ seq }) => seq)).toEqual([36, 37, 38, 39, 40]);
  replica.absorb(changesBetween(history, 10, 40));
  expect(replica.timeline?.messages.map(({ seq }) => seq)).toEqual([36, 37, 38, 39, 40]);
  expectLevel(replica, history);
});

test('a trimmed timeline keeps its newest messages and loads the rest again', () => {
  const history = play(Array.from({ length: 30 }, () => ({ kind: 'send', pick: 1 }) as const));
  const replica = freshReplica(history, 30, 30, 30);
  replica.timeline!.trim(10);
  expect(replica.timeline!.messages).toHaveLength(10);
  expect(replica.timeline!.has('k1', me)).toBe(false);
  expectLevel(replica, history);
});

test('an older page that comes after a trim leaves no hole', () => {
  const history = play(Array.from({ length: 40 }, () => ({ kind: 'send', pick: 1 }) as const));
  const replica = freshReplica(history, 40, 40, 30);
  const timeline = replica.timeline!;
  timeline.beginLoad();
  timeline.trim(10);
  timeline.prepend(
    history.stateAt(40).messages.filter(({ seq }) => seq > 5 && seq <= 10),
    true,
  );
  timeline.endLoad();
  const seqs = timeline.messages.map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from(seqs, (_, index) => seqs[0]! + index));
  expectLevel(replica, history);
});

test('receipts never go back when an older copy of the record comes late', () => {
  const history = play([
    { kind: 'send', pick: 1 },
    { kind: 'send', pick: 1 },
  ]);
  const replica = freshReplica(history, 2);
  const record = replica.record!;
  replica.record = { ...record, members: record.members.map((member) => ({ ...member, readSeq: 2, deliveredSeq: 2 })) };
  replica.renew(recordOf(history.stateAt(2)));
  expect(replica.record?.members.every(({ readSeq }) => readSeq === 2)).toBe(true);
  expect(replica.record?.unread).toBe(0);
});
