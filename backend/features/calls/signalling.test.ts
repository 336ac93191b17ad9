import { afterAll, beforeAll, expect, test } from 'vitest';
import { SignJWT } from 'jose';
import type { Admission } from '../../../protocol/calls.ts';
import { createTokens } from '../../tokens.ts';
import { aGroup, startTestBackend, type TestBackend } from '../../testing/index.ts';
import { openSignalling, someCallers, type Caller } from './test-callers.ts';

let server: TestBackend;
beforeAll(async () => {
  server = await startTestBackend();
});
afterAll(() => server.close());

const signal = (peerId: string, ticket: string) => openSignalling(server, { peerId, ticket });
const open = async ({ peerId, ticket }: Admission) => {
  const socket = await signal(peerId, ticket);
  await socket.next('OPEN');
  return socket;
};
const offer = (dst: string) => ({ type: 'OFFER', dst, src: 'somebody else', payload: { sdp: 'v=0' } });

const aCall = async (number: number) => {
  const people = await someCallers(server, number);
  const [owner, ...others] = people as [Caller, ...Caller[]];
  const { id: conversationId } = await aGroup(owner, others);
  const started = await owner.socket.command('call.start', { conversationId, kind: 'audio' });
  const callId = started.call.id;
  const admissions = [started.admission];
  for (const { socket } of others) admissions.push((await socket.command('call.join', { callId })).admission);
  return { owner, others, people, callId, conversationId, admissions };
};

test('participants of a call reach each other, as who they are, and nobody else', async () => {
  const { admissions, owner, others, callId } = await aCall(3);
  const elsewhere = await aCall(2);
  const [one, other, stranger] = await Promise.all([
    open(admissions[0]!),
    open(admissions[1]!),
    open(elsewhere.admissions[0]!),
  ]);
  one.say(offer(admissions[1]!.peerId));
  expect(await other.next('OFFER')).toMatchObject({ src: admissions[0]!.peerId, payload: { sdp: 'v=0' } });
  stranger.say(offer(admissions[1]!.peerId));
  expect(await stranger.next('EXPIRE')).toMatchObject({ src: admissions[1]!.peerId });
  // Who is joined but has no socket is as far away as who never was.
  for (const dst of [admissions[2]!.peerId, crypto.randomUUID(), 'nobody at all']) {
    one.say(offer(dst));
    expect(await one.next('EXPIRE')).toMatchObject({ src: dst });
  }
  // Who has left can neither speak nor be spoken to.
  await others[0]!.socket.command('call.leave', { callId });
  other.say(offer(admissions[0]!.peerId));
  await other.next('EXPIRE');
  one.say(offer(admissions[1]!.peerId));
  await one.next('EXPIRE');
  // A block between two keeps their offers apart.
  const third = await open(admissions[2]!);
  await others[1]!.api.call('PUT /blocks/:userId', { params: { userId: owner.id } });
  for (const [from, to] of [
    [one, 2],
    [third, 0],
  ] as const) {
    from.say(offer(admissions[to]!.peerId));
    expect(await from.next('EXPIRE')).toMatchObject({ src: admissions[to]!.peerId });
  }
  for (const socket of [one, other, stranger, third]) socket.close();
});

test('a ticket opens its own address, while its holder is in the call by that address and that login', async () => {
  const { admissions, owner, others, callId } = await aCall(2);
  const { peerId, ticket } = admissions[0]!;
  const claimed = await signal(admissions[1]!.peerId, ticket);
  await claimed.next('ID-TAKEN');
  expect(await claimed.closed).toBe(4500);

  const first = await open({ ...admissions[0]!, ticket });
  // Taken over: the address is another one, and the old one says nothing any more.
  const back = await owner.socket.command('call.join', { callId, takeOver: true });
  const stale = await signal(peerId, ticket);
  await stale.next('ERROR');
  expect(await stale.closed).toBe(4500);
  const now = await open(back.admission);
  const { admission: bens } = await others[0]!.socket.command('call.ticket', { callId });
  const ben = await open(bens);
  first.say(offer(bens.peerId));
  await first.next('EXPIRE');
  now.say(offer(bens.peerId));
  expect(await ben.next('OFFER')).toMatchObject({ src: back.admission.peerId });

  await others[0]!.api.call('POST /auth/logout', { body: { refreshToken: others[0]!.refreshToken } });
  expect(await ben.closed).toBe(4501);
  const loggedOut = await signal(bens.peerId, bens.ticket);
  expect(await loggedOut.closed).toBe(4500);

  await owner.socket.command('call.leave', { callId });
  const over = await signal(back.admission.peerId, back.admission.ticket);
  expect(await over.closed).toBe(4500);
  for (const socket of [first, now]) socket.close();
});

test('tickets are signed for this use alone, and end after a minute', async () => {
  const { admissions, owner, callId } = await aCall(2);
  const { peerId } = admissions[0]!;
  const tokens = createTokens(server.config);
  const [row] = await server.db.query<{ session_id: string }>(
    'test_session',
    'select session_id from call_participants where call_id = $1 and user_id = $2',
    [callId, owner.id],
  );
  const ticketOf = (key: ReturnType<typeof tokens.keyFor>, expiresAt: number): Promise<string> =>
    new SignJWT({ sid: row?.session_id, peer: peerId, call: callId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(owner.id)
      .setIssuer('teatime')
      .setAudience('teatime signalling')
      .setExpirationTime(expiresAt)
      .sign(key);
  const now = Math.floor(Date.now() / 1000);
  const right = tokens.keyFor('call ticket');
  for (const ticket of [
    await ticketOf(right, now - 1),
    await ticketOf(tokens.key, now + 60),
    owner.accessToken,
    'no ticket',
  ]) {
    expect(await (await signal(peerId, ticket)).closed).toBe(4500);
  }
  (await open({ ...admissions[0]!, ticket: await ticketOf(right, now + 60) })).close();
  const claims = JSON.parse(Buffer.from(admissions[0]!.ticket.split('.')[1]!, 'base64url').toString()) as {
    exp: number;
  };
  expect(claims.exp - now).toBeLessThanOrEqual(60);
});
