import { pino } from 'pino';
import { uuidv7 } from 'uuidv7';
import { commands, type CommandType } from '../../protocol/index.ts';
import { defaultLimits, type Config, type Limits } from '../config.ts';
import { createTyping } from '../features/typing/index.ts';
import type { Command, Session } from '../feature.ts';
import { Problem } from '../problem.ts';
import { createLocalBroker } from './broker-local.ts';
import type { Broker } from './broker.ts';
import { createHub } from './create-hub.ts';
import type { Admission, HubData, Shows } from './data.ts';
import type { HubServer } from './hub.ts';
import type { SignalAdmission } from './signalling-data.ts';
import { TestCalls } from './test-calls.ts';
import { openSocket, type RawSocket } from './raw-socket.ts';

/** What the tests of the hub keep instead of a database: enough to sign in, and open to change by a test. */
export class TestWorld implements HubData {
  readonly admissions = new Map<
    string,
    { heads: Record<string, number>; directPeers: Record<string, string>; blockedIds: string[]; shows: Shows }
  >();
  readonly refused = new Map<string, 'session_revoked' | 'unauthorized' | 'site_disabled'>();
  readonly origins = new Set<string>();
  readonly seenAt = new Map<string, Date>();
  /** Awaited by `admit` after it has read, so that a test can act in between. */
  gate: (() => Promise<void>) | undefined;

  /** A user who is in these conversations. */
  user(heads: Record<string, number> = {}, directPeers: Record<string, string> = {}): string {
    const userId = uuidv7();
    const shows = { receipts: true, presence: true, typing: true };
    this.admissions.set(userId, { heads, directPeers, blockedIds: [], shows });
    return userId;
  }

  async admit(
    session: Session,
  ): Promise<Admission | { refused: 'session_revoked' | 'unauthorized' | 'site_disabled' }> {
    const refused = this.refused.get(session.userId);
    if (refused) return { refused };
    const admission = structuredClone(this.admissions.get(session.userId));
    await this.gate?.();
    if (!admission) return { refused: 'unauthorized' };
    const me = { id: session.userId, username: 'someone', displayName: 'Someone', avatarColor: 'leaf' as const };
    return { me, ...admission, epoch: '1' };
  }

  async siteAllows(siteKey: string, origin: string): Promise<boolean> {
    return siteKey === 'default' && this.origins.has(origin);
  }

  async heads(ids: readonly string[]): Promise<Record<string, number>> {
    const all = [...this.admissions.values()].flatMap((each) => Object.entries(each.heads));
    return Object.fromEntries(all.filter(([id]) => ids.includes(id)));
  }

  async members(conversationId: string, userId: string): Promise<string[] | undefined> {
    const members = [...this.admissions].filter(([, each]) => conversationId in each.heads).map(([id]) => id);
    return members.includes(userId) ? members : undefined;
  }

  async seen(userId: string, at: Date): Promise<void> {
    this.seenAt.set(userId, at);
  }
}

/** A hub on a free port, with all that a test needs to talk to it. Tokens are `<user> <session> <expiry in epoch seconds>`. */
export interface TestHub {
  readonly hub: HubServer;
  readonly port: number;
  readonly world: TestWorld;
  readonly calls: TestCalls;
  /** Every log line so far, as JSON. */
  readonly log: string[];
  /** The `message.send` commands that ran, in order. */
  readonly sent: string[];
  open(options?: { path?: string; headers?: Record<string, string> }): Promise<RawSocket>;
  /** A signalling socket of somebody in a call, by a ticket of theirs or, when it is left out, a new one. */
  signal(
    admission: SignalAdmission,
    options?: { ticket?: string; headers?: Record<string, string> },
  ): Promise<RawSocket>;
  /** A socket that has signed in. */
  socket(userId: string, options?: { sessionId?: string; expiresAt?: number }): Promise<RawSocket>;
}

/** How a test's hub differs from the usual one. */
export interface TestHubOptions {
  readonly transport: 'uws' | 'ws';
  readonly limits?: Partial<Limits>;
  readonly config?: Partial<Config>;
  readonly broker?: Broker;
  readonly world?: TestWorld;
  /** `false`: the server has no calls. */
  readonly calls?: TestCalls | false;
  /** Replaces what `message.send` does, which is to answer at once. */
  readonly send?: (text: string) => Promise<unknown>;
}

/** Starts a hub; ends it by `hub.close()`. */
export const startTestHub = async (options: TestHubOptions): Promise<TestHub> => {
  const world = options.world ?? new TestWorld();
  const calls = options.calls || new TestCalls();
  const log: string[] = [];
  const sent: string[] = [];
  const config = {
    production: false,
    host: '127.0.0.1',
    hubHost: '127.0.0.1',
    hubPort: 0,
    demo: false,
    trustedProxies: 0,
    publicUrl: undefined,
    transport: options.transport,
    ...options.config,
    limits: { ...defaultLimits, offlineGraceMs: 50, ...options.limits },
  } as Config;
  const hub = createHub({
    config,
    log: pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }),
    tokens: {
      async verify(token) {
        const [userId, sessionId, expiry] = token.split(' ');
        if (!userId || !sessionId)
          throw new Problem('token_invalid', 'unable to accept the access token; it is not valid');
        if (expiry === 'expired')
          throw new Problem('token_expired', 'unable to accept the access token; it has expired');
        return { userId, sessionId, siteId: 'site', expiresAt: Number(expiry) };
      },
    },
    data: world,
    broker: options.broker ?? createLocalBroker(),
  });
  const own = new Set(['auth', 'ping', 'presence.set', 'conversation.watch', 'conversation.unwatch']);
  const typing = createTyping({ hub }).commands;
  const others = Object.keys(commands)
    .filter((type) => !own.has(type) && !typing.some((each) => each.type === type))
    .map((type): Command => ({
      type: type as CommandType,
      async handle({ data }) {
        if (type !== 'message.send') throw new Error('this breaks');
        const { text } = data as { text: string };
        sent.push(text);
        return (await options.send?.(text)) ?? {};
      },
    }));
  hub.mount([...typing, ...others], options.calls === false ? undefined : calls);
  const { port } = await hub.listen();

  const open: TestHub['open'] = (how = {}) => openSocket(port, how);
  return {
    hub,
    port,
    world,
    calls,
    log,
    sent,
    open,
    async signal({ peerId }, { ticket = calls.ticket(peerId), headers = {} } = {}) {
      return open({ path: signalPath(peerId, ticket), headers });
    },
    async socket(userId, { sessionId = uuidv7(), expiresAt = Math.floor(Date.now() / 1000) + 600 } = {}) {
      const socket = await open();
      await socket.signIn(`${userId} ${sessionId} ${expiresAt}`);
      return socket;
    },
  };
};

/** The URL that a client of PeerJS opens. */
export const signalPath = (id: string, ticket: string): string =>
  `/peerjs?key=teatime&id=${id}&token=${ticket}&version=1.5.5`;
