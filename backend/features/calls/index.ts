import type { Admission } from '../../../protocol/calls.ts';
import { command, route, type Deps, type Feature, type Session } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { notFound, Problem } from '../../problem.ts';
import type { Lanes } from '../messages/index.ts';
import { readCallPolicy } from '../sites/index.ts';
import { createChangeCall } from './change-call.ts';
import { createDirectory } from './directory.ts';
import { iceServersFor } from './ice-servers.ts';
import { createStartCall, refuseOff } from './start-call.ts';
import { toCall, type CallRecord } from './state.ts';
import { listOn, listPast } from './store.ts';
import { createTakePart } from './take-part.ts';
import { createTickets } from './tickets.ts';
import { createWatch } from './watch.ts';

export { createChangeCall } from './change-call.ts';
export { leaveCall } from './state.ts';
export { findOwn } from './store.ts';

const pageSize = 50;

/** Calls: who rings, who is in, how they end, and the way to each other's media. */
export const createCalls = (deps: Deps, lanes: Lanes): Feature => {
  const { config, db } = deps;
  const tickets = createTickets(deps.tokens);
  const { changeCall, keepCall } = createChangeCall(deps, lanes);
  const startCall = createStartCall(deps, lanes, keepCall);
  const act = createTakePart(deps, changeCall);
  const watch = createWatch(deps, changeCall);
  const iceLimit = createLimit(config.limits.iceServersPerMinute, 60);

  const admit = async (
    { userId, sessionId }: Session,
    { call, peerId }: { call: CallRecord; peerId: string },
  ): Promise<{ call: ReturnType<typeof toCall>; admission: Admission }> => {
    const ticket = await tickets.issue({ peerId, callId: call.id, userId, sessionId });
    const relayed = call.participants.some((each) => each.peerId === peerId && each.relay);
    return {
      call: toCall(call),
      admission: { peerId, ticket, ...iceServersFor(config.calls, { userId, relayed }) },
    };
  };
  const told = async (changing: Promise<CallRecord>) => ({ call: toCall(await changing) });

  return {
    routes: [
      route('GET /calls/ice-servers', async ({ session: { userId, siteId } }) => {
        refuseOff(config);
        await iceLimit(userId);
        const { relayOnly } = await readCallPolicy(db, config.calls, siteId);
        return { status: 200, body: iceServersFor(config.calls, { userId, relayed: relayOnly === 'everybody' }) };
      }),
      route('GET /calls', async ({ session }) => ({
        status: 200,
        body: { calls: (await listOn(db, session)).map(toCall) },
      })),
      route('GET /conversations/:conversationId/calls', async ({ session, params, query }) => {
        const limit = query.limit ?? pageSize;
        const before = readCursor(query.cursor);
        const page = await listPast(db, session, { ...params, before, limit: limit + 1 });
        if (!page) throw notFound('conversation');
        const calls = page.slice(0, limit).map(toCall);
        const last = calls.at(-1);
        return { status: 200, body: { calls, ...(page.length > limit && last && { nextCursor: last.id }) } };
      }),
      route('POST /conversations/:conversationId/calls', async ({ session, params, body }) => {
        const started = await startCall(session, { ...params, ...body });
        return { status: started.created ? 201 : 200, body: await admit(session, started) };
      }),
    ],
    commands: [
      command('call.start', async ({ session, connectionId, data }) =>
        admit(session, await startCall(session, { ...data, connectionId })),
      ),
      command('call.join', async ({ session, connectionId, data }) =>
        admit(session, await act.join(session, { ...data, connectionId })),
      ),
      command('call.decline', ({ session, data }) => told(act.decline(session, data))),
      command('call.leave', ({ session, data }) => told(act.leave(session, data))),
      command('call.update', ({ session, data }) => told(act.update(session, data))),
      command('call.connected', ({ session, data }) => told(act.connected(session, data))),
      command('call.lost', ({ session, data }) => told(act.lost(session, data))),
      command('call.ticket', async ({ session, connectionId, data }) => {
        await iceLimit(session.userId);
        return admit(session, await act.back(session, { ...data, connectionId }));
      }),
    ],
    ...(config.calls.enabled && { calls: createDirectory(db, tickets) }),
    open: () => watch.start(),
    close: () => watch.close(),
  };
};

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** The call that the last page ended with. */
const readCursor = (cursor: string | undefined): string | undefined => {
  if (cursor === undefined || uuid.test(cursor)) return cursor;
  throw new Problem('validation_failed', 'unable to take the request; its query is not valid', {
    issues: [{ path: 'cursor', message: 'must be the nextCursor of a page' }],
  });
};
