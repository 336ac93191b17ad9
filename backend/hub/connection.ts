import { uuidv7 } from 'uuidv7';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { closeCodes, protocolVersion, type CloseReason, type ErrorCode } from '../../protocol/codes.ts';
import { connectionCommands } from '../../protocol/connection.ts';
import type { CommandData, CommandReply } from '../../protocol/index.ts';
import type { Config } from '../config.ts';
import { databaseProblem } from '../database/database-problem.ts';
import { inSite } from '../database/wall.ts';
import type { Session } from '../feature.ts';
import { Problem } from '../problem.ts';
import type { Admission, HubData, TokenVerifier } from './data.ts';
import type { Doorkeeper, Visitor } from './doorkeeper.ts';
import { doneFrame, readData, readFrame, refusedFrame, type BrokenFrame, type CommandFrame } from './frames.ts';
import type { Journal, Person, Seat } from './person.ts';
import type { Roster } from './roster.ts';
import type { Socket, SocketListener } from './transport.ts';

/** A command as a connection runs it. */
export interface MountedCommand {
  readonly schema: z.ZodType;
  handle(data: unknown, connection: Connection): Promise<unknown>;
}

/** What all connections of a hub share. */
export interface House {
  readonly config: Config;
  readonly log: Logger;
  readonly tokens: TokenVerifier;
  readonly data: HubData;
  readonly roster: Roster;
  readonly doorkeeper: Doorkeeper;
  readonly commands: ReadonlyMap<string, MountedCommand>;
  draining(): boolean;
  /** A command began (1) or ended (-1). */
  busy(change: 1 | -1): void;
  gone(connection: Connection): void;
  counted(reason: CloseReason): void;
}

const mostBytesBeforeAuth = 4096;
const mostInFlight = 100;
const faultWindowMs = 10_000;
const mostFaults = 3;
const expiringNoticeMs = 60_000;
const expiryGraceMs = 30_000;
const admissionTimeoutMs = 15_000;

/** One socket from its opening to its end: it signs in by its first frame, then commands run side by side, started in the order in which they came. */
export class Connection implements Seat, SocketListener {
  readonly id = uuidv7();
  readonly socket: Socket;
  settled = false;
  presence: 'online' | 'away' = 'online';
  watched: Map<string, Set<string>> | undefined;
  journal: Journal | undefined;
  readonly #house: House;
  readonly #visitor: Visitor;
  #session: Session | undefined;
  #person: Person | undefined;
  #signingIn = false;
  #closed = false;
  #stranger: boolean;
  #timer: NodeJS.Timeout | undefined;
  #inFlight = 0;
  #faults: number[] = [];

  constructor(socket: Socket, visitor: Visitor, house: House) {
    this.socket = socket;
    this.#visitor = visitor;
    this.#house = house;
    this.#stranger = house.doorkeeper.enter(visitor.address);
    if (!this.#stranger) this.end('rate_limited');
    else this.#endAfter(house.config.limits.authTimeoutMs, 'auth_timeout');
  }

  get session(): Session | undefined {
    return this.#session;
  }

  /** Whose connection it is; throws when it is nobody's. */
  get person(): Person {
    if (!this.#person) throw new Error('unable to tell whose connection it is; it has not signed in');
    return this.#person;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  message(text: string | undefined, bytes: number): void {
    if (this.#closed) return;
    if (!this.settled) return this.#firstFrame(text, bytes);
    const budget = this.person.budget;
    const grant = budget.take(performance.now());
    if (grant === 'flooded') return this.end('rate_limited');
    const frame = readFrame(text);
    if ('fault' in frame) return this.#refuseBroken(frame);
    if (grant === 'granted' && this.#inFlight < mostInFlight) return this.#run(frame);
    const retryAfterMs = budget.retryAfterMs;
    const reason = 'unable to take the command; too many came at once';
    this.socket.send(refusedFrame(frame.id, new Problem('rate_limited', reason, { retryAfterMs })));
  }

  closed(slow: boolean): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    if (slow) this.#house.counted('slow_consumer');
    this.#known();
    if (this.#person) this.#house.roster.leave(this.#person, this);
    this.#house.gone(this);
  }

  /** Closes the socket with a code. */
  end(reason: CloseReason, text: string = reason): void {
    if (this.#closed) return;
    this.#house.counted(reason);
    this.socket.close(closeCodes[reason], text);
    this.closed(false);
  }

  /** Takes a new token for the same user: the command `auth` on a connection that has signed in. */
  async renew(data: CommandData<'auth'>): Promise<CommandReply<'auth'>> {
    const session = await this.#house.tokens.verify(data.token);
    const { userId, siteId } = this.#session ?? {};
    if (session.userId !== userId || session.siteId !== siteId) {
      throw new Problem('forbidden', 'unable to renew the token; it is somebody else’s');
    }
    if (this.journal) throw new Problem('conflict', 'unable to renew the token; another one is being taken');
    this.#house.roster.load(this);
    try {
      return this.#settle(session, await this.#admit(session)).reply;
    } finally {
      this.#house.roster.stopLoading(this);
    }
  }

  #firstFrame(text: string | undefined, bytes: number): void {
    if (bytes > mostBytesBeforeAuth) return this.end('protocol_error', 'the first frame is too long');
    const frame = readFrame(text);
    if (this.#signingIn || 'fault' in frame || frame.type !== 'auth')
      return this.end('unauthorized', 'auth comes first');
    this.#signingIn = true;
    this.#endAfter(admissionTimeoutMs, 'insufficient_state');
    this.#signIn(frame).catch((error: unknown) => {
      if (this.#closed) return;
      const problem = this.#problemOf(error, 'auth');
      this.socket.send(refusedFrame(frame.id, problem));
      this.end(closingOf(problem.code));
    });
  }

  async #signIn(frame: CommandFrame): Promise<void> {
    const { token, version } = readData(connectionCommands.auth.data, frame.data) as CommandData<'auth'>;
    if (version !== undefined && version < protocolVersion) {
      return this.end('unsupported_version', `version ${protocolVersion} is needed`);
    }
    const { limits } = this.#house.config;
    const session = await this.#house.tokens.verify(token);
    if (this.#closed) return;
    this.#session = session;
    this.#person = this.#house.roster.enter(session.userId, this);
    const admission = await this.#admit(session);
    if (this.#closed) return;
    // Only now: a token whose session is over must not push anybody's sockets out.
    for (const oldest of this.#person.seats) {
      if (this.#person.seats.size <= limits.socketsPerUser) break;
      (oldest as Connection).end('rate_limited', 'too many sockets of one user');
    }
    if (this.#closed) return;
    const { reply, held } = this.#settle(session, admission);
    this.#known();
    this.socket.send(doneFrame(frame.id, reply, 'auth.success'));
    for (const event of held) this.socket.send(event);
  }

  async #admit(session: Session): Promise<Admission> {
    const answer = await this.#house.data.admit(session, this.#visitor.doorway);
    if (!('refused' in answer)) return answer;
    this.end(answer.refused);
    throw new Problem('unauthorized', 'unable to sign in; the session has ended');
  }

  #settle(
    session: Session & { readonly expiresAt: number },
    admission: Admission,
  ): { reply: CommandReply<'auth'>; held: readonly string[] } {
    const { roster, config } = this.#house;
    if (this.#closed) throw new Problem('unauthorized', 'unable to sign in; the socket is closed');
    const { heads, held } = roster.settle(this.person, this, admission);
    this.#session = session;
    this.#expireAt(session.expiresAt * 1000);
    const reply = {
      user: admission.me,
      connectionId: this.id,
      heartbeatMs: config.limits.heartbeatMs,
      heads,
      presence: roster.presenceOf(roster.heardBy(this.person, this)).filter((each) => each.presence !== 'offline'),
      epoch: admission.epoch,
    };
    return { reply, held };
  }

  #run(frame: CommandFrame): void {
    const { house, socket } = { house: this.#house, socket: this.socket };
    const refuse = (error: unknown): void => socket.send(refusedFrame(frame.id, this.#problemOf(error, frame.type)));
    const command = house.commands.get(frame.type);
    const siteId = this.#session?.siteId;
    if (siteId === undefined) throw new Error('unable to run a command; the connection has not signed in');
    if (!command) return refuse(new Problem('unknown_type', 'unable to run the command; its type is not known'));
    if (house.draining()) {
      const retryAfterMs = 1000;
      return refuse(new Problem('draining', 'unable to run the command; the server is going down', { retryAfterMs }));
    }
    try {
      // Up to its first await the handler runs now: commands of one connection start in the order of their frames.
      const running = inSite(siteId, () => command.handle(readData(command.schema, frame.data), this));
      this.#busy(1);
      running.then(
        (reply) => {
          socket.send(doneFrame(frame.id, reply, frame.type === 'auth' ? 'auth.success' : undefined));
          this.#busy(-1);
        },
        (error: unknown) => {
          refuse(error);
          this.#busy(-1);
        },
      );
    } catch (error) {
      refuse(error);
    }
  }

  #refuseBroken(frame: BrokenFrame): void {
    const problem = new Problem('validation_failed', `unable to read the frame; ${frame.fault}`);
    this.socket.send(refusedFrame(frame.id, problem));
    const now = performance.now();
    this.#faults = [...this.#faults.filter((at) => at > now - faultWindowMs), now];
    if (this.#faults.length >= mostFaults) this.end('protocol_error', 'too many broken frames');
  }

  #problemOf(error: unknown, type: string): Problem {
    if (error instanceof Problem) return error;
    const away = databaseProblem(error);
    if (away) return away;
    this.#house.log.error(
      { err: error, command: type.slice(0, 50), connectionId: this.id, userId: this.#session?.userId },
      'unable to run a socket command',
    );
    return new Problem('internal', 'unable to run the command; the server failed');
  }

  #busy(change: 1 | -1): void {
    this.#inFlight += change;
    this.#house.busy(change);
  }

  /** The connection no longer counts as one of a stranger. */
  #known(): void {
    if (this.#stranger) this.#house.doorkeeper.leave(this.#visitor.address);
    this.#stranger = false;
  }

  #endAfter(ms: number, reason: CloseReason): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(reason), ms);
  }

  #expireAt(at: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        const expiresInMs = Math.max(0, at - Date.now());
        this.socket.send(JSON.stringify({ type: 'token.expiring', data: { expiresInMs } }));
        this.#endAfter(at + expiryGraceMs - Date.now(), 'token_expired');
      },
      // Longer timers overflow and fire at once.
      Math.min(Math.max(0, at - expiringNoticeMs - Date.now()), 2 ** 31 - 1),
    );
  }
}

const closingOf = (code: ErrorCode): CloseReason => {
  if (code === 'token_expired') return 'token_expired';
  return code === 'token_invalid' || code === 'validation_failed' || code === 'unauthorized'
    ? 'unauthorized'
    : 'insufficient_state';
};
