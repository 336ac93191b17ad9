import WebSocket from 'ws';
import type { Call, CallState } from '../../../protocol/calls.ts';
import { aSocket, aUser, type TestBackend, type TestSocket, type TestUser } from '../../testing/index.ts';

/** Somebody with a device that is connected. */
export interface Caller extends TestUser {
  readonly socket: TestSocket;
  /** Another device of theirs: a login of its own. */
  device(): Promise<TestSocket>;
}

/** Registers somebody and connects them. */
export const aCaller = async (server: TestBackend): Promise<Caller> => {
  const user = await aUser(server);
  return {
    ...user,
    socket: await aSocket(server, user),
    async device() {
      const { user: me, password } = user;
      const { accessToken } = await user.api.call('POST /auth/login', {
        body: { identifier: me.username, password, refreshIn: 'body' },
      });
      return aSocket(server, { accessToken });
    },
  };
};

/** Registers and connects several people. */
export const someCallers = (server: TestBackend, number: number): Promise<Caller[]> =>
  Promise.all(Array.from({ length: number }, () => aCaller(server)));

/** The next news of a call that is in such a state. */
export const hears = async (socket: TestSocket, state: CallState, timeoutMs = 5000): Promise<Call> =>
  (await socket.next('call.changed', ({ data }) => data.call.state === state, timeoutMs)).data.call;

/** As whom a call shows each of these people. */
export const statesOf = (call: Call, ...people: readonly { readonly id: string }[]): (string | undefined)[] =>
  people.map(({ id }) => call.participants.find(({ userId }) => userId === id)?.state);

/** Lets it be longer ago that a call began, in seconds. */
export const ageCall = async ({ db }: TestBackend, callId: string, seconds: number): Promise<void> => {
  await db.query('test_age_call', `update calls set created_at = now() - $2 * interval '1 s' where id = $1`, [
    callId,
    seconds,
  ]);
};

/** Lets it be longer ago that anything was heard of somebody in a call, in seconds. */
export const ageSighting = async (
  { db }: TestBackend,
  callId: string,
  { id }: { readonly id: string },
  seconds: number,
): Promise<void> => {
  await db.query(
    'test_age_sighting',
    `update call_participants set seen_at = now() - $3 * interval '1 s', signalled_at = now() - $3 * interval '1 s'
     where call_id = $1 and user_id = $2 and state = 'joined'`,
    [callId, id, seconds],
  );
};

/** The state of a call as the database has it. */
export const storedState = async ({ db }: TestBackend, callId: string): Promise<string | undefined> =>
  (await db.query<{ state: string }>('test_call_state', 'select state from calls where id = $1', [callId]))[0]?.state;

interface SignalFrame {
  readonly type: string;
  readonly src?: string;
  readonly payload?: unknown;
}

/** A signalling socket, as a client of PeerJS opens it. */
export interface TestSignalling {
  /** The next frame of this type. */
  next(type: string): Promise<SignalFrame>;
  say(frame: object): void;
  /** Resolves with the close code, or with the status of an upgrade that was refused. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Opens a signalling socket. */
export const openSignalling = (
  { url }: { readonly url: string },
  { peerId, ticket }: { readonly peerId: string; readonly ticket: string },
): TestSignalling => {
  const query = new URLSearchParams({ key: 'teatime', id: peerId, token: ticket, version: '1.5.5' }).toString();
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/peerjs?${query}`);
  const frames: SignalFrame[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (raw: Buffer) => {
    frames.push(JSON.parse(raw.toString()) as SignalFrame);
    for (const look of waiting) look();
  });
  socket.on('error', () => undefined);
  return {
    next: (type) =>
      new Promise((resolve) => {
        const look = (): void => {
          const place = frames.findIndex((frame) => frame.type === type);
          const [found] = place < 0 ? [] : frames.splice(place, 1);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    say: (frame) => socket.send(JSON.stringify(frame)),
    closed: new Promise((resolve) => {
      socket.on('close', resolve);
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    }),
    close: () => socket.close(),
  };
};
