import type { Logger } from 'pino';
import { closeCodes, type CloseReason } from '../../protocol/codes.ts';
import type { Config } from '../config.ts';
import type { BrokerMessage } from './broker.ts';
import { foreignOrigin, type Doorkeeper } from './doorkeeper.ts';
import type { CallDirectory, SignalAdmission } from './signalling-data.ts';
import { errorFrame, idTakenFrame } from './signalling-frames.ts';
import { SignalSocket } from './signalling-socket.ts';
import type { Socket, SocketListener, UpgradeAnswer, UpgradeRequest } from './transport.ts';
import { fingerprintOf, UsedTickets } from './used-tickets.ts';

/** A signalling socket that may open; when it is `refused`, only to be told so in a frame, as clients of PeerJS expect it. */
export type Caller =
  { readonly admission: SignalAdmission; readonly fingerprint: string } | { readonly refused: string };

/** A hint of one hub's signalling to those of all others. */
export type SignalHint = Extract<BrokerMessage, { type: 'signal' | 'signalTaken' | 'signalOpened' }>;

/** What signalling is made of. */
export interface SignallingDeps {
  readonly config: Config;
  readonly log: Logger;
  readonly doorkeeper: Doorkeeper;
  /** Names this hub in hints. */
  readonly hubId: string;
  tell(hint: SignalHint): void;
  counted(reason: CloseReason): void;
}

/** The signalling of calls on `/peerjs`: the protocol of the PeerJS server, so that its client works unchanged, for those who have a ticket. */
export interface Signalling {
  /** Opens the path; without calls to serve it answers 404. */
  serve(calls: CallDirectory): void;
  check(request: UpgradeRequest): Promise<UpgradeAnswer<Caller>>;
  open(socket: Socket, caller: Caller): SocketListener;
  hear(hint: SignalHint): void;
  /** Closes the sockets of a session or of a user. */
  closeThose(which: Closing, reason: CloseReason): void;
  /** All sockets that are open. */
  sockets(): readonly SignalSocket[];
  close(): void;
}

interface Closing {
  readonly sessionId?: string;
  readonly userId?: string;
  readonly siteKey?: string;
}

const invalidToken = errorFrame('Invalid token provided');
const seenEveryMs = 1000;
/** How long the other processes are given to take a frame. */
const takenWithinMs = 1000;

/** Makes the signalling of a hub. */
export const createSignalling = ({ config, log, doorkeeper, hubId, tell, counted }: SignallingDeps): Signalling => {
  const { limits } = config;
  const sockets = new Map<string, SignalSocket>();
  const heard = new Set<string>();
  const used = new UsedTickets();
  const untaken = new Map<number, { readonly timer: NodeJS.Timeout }>();
  let calls: CallDirectory | undefined;
  let [lastId, admitting] = [0, 0];
  // What was closed while tickets were being looked up: who comes in just then would be missed.
  let closings: Closing[] = [];

  const report = async (): Promise<void> => {
    if (heard.size === 0 || !calls) return;
    const peerIds = [...heard];
    heard.clear();
    await calls
      .seen(peerIds)
      .catch((error: unknown) => log.warn({ err: error }, 'unable to keep who was seen in calls'));
  };
  let reporting: Promise<void> | undefined;
  const reports = setInterval(() => {
    reporting ??= report().finally(() => (reporting = undefined));
  }, seenEveryMs).unref();

  const deliver = (to: string, callId: string, frame: string, lost: () => void): void => {
    const here = sockets.get(to);
    if (here) return here.admission.callId === callId ? here.send(frame) : lost();
    const id = (lastId += 1);
    const timer = setTimeout(() => {
      untaken.delete(id);
      lost();
    }, takenWithinMs);
    untaken.set(id, { timer });
    tell({ from: hubId, type: 'signal', id, to, callId, frame });
  };
  const gone = ({ admission: { peerId } }: SignalSocket): void => {
    heard.delete(peerId);
    calls?.gone(peerId);
  };
  /** The address speaks elsewhere from now on. */
  const supersede = (peerId: string): void => {
    const old = sockets.get(peerId);
    sockets.delete(peerId);
    old?.end('unauthorized', 'taken over');
  };
  const admit = async (ticket: string, directory: CallDirectory): Promise<SignalAdmission | undefined> => {
    admitting += 1;
    try {
      const admission = await directory.admit(ticket);
      return admission && closings.some((which) => isOf(admission, which)) ? undefined : admission;
    } finally {
      admitting -= 1;
      if (admitting === 0) closings = [];
    }
  };

  return {
    serve: (directory) => void (calls = directory),
    async check(request) {
      if (!calls) return { status: 404, message: 'calls are not served here' };
      const screened = doorkeeper.screen(request);
      if ('status' in screened) return screened;
      const claim = readClaim(request.query);
      if (!claim) return { status: 400, message: 'the parameters are key=teatime, id, token and version' };
      doorkeeper.enter(screened.address);
      try {
        const admission = await admit(claim.ticket, calls);
        if (!admission) return { accept: { refused: invalidToken } };
        if (!(await doorkeeper.mayCome(request, admission.siteKey))) return foreignOrigin;
        if (admission.peerId !== claim.id) return { accept: { refused: idTakenFrame } };
        const fingerprint = fingerprintOf(claim.ticket);
        return { accept: used.use(fingerprint) ? { admission, fingerprint } : { refused: invalidToken } };
      } finally {
        doorkeeper.leave(screened.address);
      }
    },
    open(socket, caller) {
      if ('refused' in caller || !calls) {
        counted('unauthorized');
        if ('refused' in caller) socket.send(caller.refused);
        socket.close(closeCodes.unauthorized, 'unauthorized');
        return { message: () => undefined, closed: () => undefined };
      }
      const { peerId, userId } = caller.admission;
      supersede(peerId);
      tell({ from: hubId, type: 'signalOpened', peerId, ticket: caller.fingerprint });
      const opened: SignalSocket = new SignalSocket(socket, caller.admission, {
        limits,
        log,
        calls,
        deliver,
        heard: () => void heard.add(peerId),
        gone(closed) {
          if (sockets.get(peerId) !== closed) return;
          sockets.delete(peerId);
          gone(closed);
        },
        counted,
      });
      sockets.set(peerId, opened);
      heard.add(peerId);
      const theirs = [...sockets.values()].filter(({ admission }) => admission.userId === userId);
      for (const oldest of theirs.slice(0, Math.max(0, theirs.length - limits.socketsPerUser))) {
        oldest.end('rate_limited', 'too many sockets of one user');
      }
      return opened;
    },
    hear(hint) {
      if (hint.type === 'signalOpened') {
        used.use(hint.ticket);
        return supersede(hint.peerId);
      }
      if (hint.type === 'signalTaken') {
        if (hint.hub !== hubId) return undefined;
        clearTimeout(untaken.get(hint.id)?.timer);
        return void untaken.delete(hint.id);
      }
      const socket = sockets.get(hint.to);
      if (socket?.admission.callId !== hint.callId) return undefined;
      socket.send(hint.frame);
      return tell({ from: hubId, type: 'signalTaken', id: hint.id, hub: hint.from });
    },
    closeThose(which, reason) {
      if (admitting > 0) closings.push(which);
      for (const socket of sockets.values()) if (isOf(socket.admission, which)) socket.end(reason);
    },
    sockets: () => [...sockets.values()],
    close() {
      clearInterval(reports);
      for (const { timer } of untaken.values()) clearTimeout(timer);
      untaken.clear();
      for (const socket of sockets.values()) socket.end('draining');
    },
  };
};

/** Who a socket says that it is. Each parameter once, and none besides: what else is in a URL ends up in logs for nothing. */
const readClaim = (query: string): { id: string; ticket: string } | undefined => {
  const params = new URLSearchParams(query);
  const names = [...params.keys()];
  const known = new Set(['key', 'id', 'token', 'version']);
  if (new Set(names).size < names.length || names.some((name) => !known.has(name))) return undefined;
  const [id, ticket] = [params.get('id'), params.get('token')];
  return params.get('key') === 'teatime' && id && ticket ? { id, ticket } : undefined;
};

const isOf = ({ sessionId, userId, siteKey }: SignalAdmission, which: Closing): boolean =>
  sessionId === which.sessionId || userId === which.userId || siteKey === which.siteKey;
