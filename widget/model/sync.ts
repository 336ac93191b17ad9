import type { Conversation } from '../../protocol/conversations.ts';
import type { Endpoint, RouteKey } from '../../protocol/index.ts';
import type { ReplyBody } from '../../protocol/contract.ts';
import type { MemberReceipt } from '../../protocol/receipts.ts';
import type { User } from '../../protocol/users.ts';
import { failureOf, isPassing } from '../client/failure.ts';
import type { RequestInput } from '../client/http-client.ts';
import { reconnectDelay } from '../client/reconnect-policy.ts';
import { fetchChanges } from './fetch-changes.ts';
import { createNaps } from './naps.ts';
import { applyReceipt, countUnread, myReadSeq, type DurableEvent } from './record.ts';
import { createReplica, type Replica } from './replica.ts';
import { createTimeline } from './timeline.ts';

/** A typed REST request as the person who is signed in. */
export type Request = <K extends RouteKey>(key: K, input: RequestInput<K>) => Promise<ReplyBody<Endpoint<K>>>;

/** Keeps this device's copies of conversations level with the server's, whatever is lost, late or told twice. */
export interface Sync {
  readonly replicas: ReadonlyMap<string, Replica>;
  /** Takes a live event in, and fetches what is missing before it. Resolves when the record shows it. */
  receive(event: DurableEvent): Promise<void>;
  receipt(conversationId: string, receipt: MemberReceipt): void;
  /** Takes in what a request answered: its copy of a conversation. */
  renew(fresh: Conversation): void;
  /** The server's head of a conversation, by the way; what is missing is fetched soon. */
  noteHead(conversationId: string, head: number): void;
  /** A new line: all heads that there are. What is open is caught up at once; the list that is loaded now tells the rest. */
  welcome(heads: Readonly<Record<string, number>>): void;
  /** Fetches whatever is still missing. */
  check(): void;
  /** Fetches what this device lacks of a conversation. */
  catchUp(conversationId: string): Promise<void>;
  /** Muted or pinned, which no counter counts. */
  adjust(conversationId: string, marks: { readonly muted: boolean; readonly pinned: boolean }): void;
  /** Loads the record when it is not here, or when all its members are wanted. */
  need(conversationId: string, wanted?: 'complete'): Promise<Conversation>;
  /** Loads the newest page, or the page before what is loaded. */
  loadOlder(conversationId: string): Promise<void>;
  loading(conversationId: string): 'idle' | 'loading' | 'failed';
  remove(conversationId: string): void;
  close(): void;
}

/** What the sync is made of. */
export interface SyncOptions {
  readonly meId: string;
  readonly request: Request;
  connected(): boolean;
  /** Whether somebody looks at the conversation: its timeline is kept level, others' are dropped when they fall behind. */
  open(conversationId: string): boolean;
  met(users: Iterable<User>): void;
  changed(conversationId: string): void;
  removed(conversationId: string): void;
  /** The database is not the one that this device's copies are of. */
  epoch(epoch: string): boolean;
}

const pageSize = 50;
// Time for an event that is just behind its neighbour.
const graceMs = 100;
// Farther behind than this, a fresh page costs less than all the changes.
const maxBehind = 2000;

/** Makes the copies' keeper. */
export const createSync = (options: SyncOptions): Sync => {
  const { meId, request } = options;
  const replicas = new Map<string, Replica>();
  const catching = new Map<string, Promise<void>>();
  const loads = new Map<string, Promise<void>>();
  const failed = new Set<string>();
  const naps = createNaps();
  const heads = new Map<string, number>();
  let closed = false;

  const replicaOf = (conversationId: string): Replica => {
    let replica = replicas.get(conversationId);
    if (!replica) replicas.set(conversationId, (replica = createReplica(meId)));
    return replica;
  };

  const isBehind = (conversationId: string): boolean => {
    const replica = replicas.get(conversationId);
    return replica !== undefined && (replica.gap || replica.settled < (heads.get(conversationId) ?? 0));
  };

  const note = (conversationId: string, head: number): void =>
    void heads.set(conversationId, Math.max(head, heads.get(conversationId) ?? 0));

  const fetchRecord = async (conversationId: string): Promise<void> => {
    const params = { conversationId };
    const { conversation } = await request('GET /conversations/:conversationId', { params });
    if (!closed) renew(conversation);
  };

  const absorbMissing = async (conversationId: string, replica: Replica): Promise<void> => {
    const sameEpoch = (epoch: string) => !closed && options.epoch(epoch);
    const changes = await fetchChanges(request, conversationId, { after: replica.settled, sameEpoch });
    if (!changes) return;
    options.met(changes.members.map(({ user }) => user));
    const before = replica.record;
    replica.absorb(changes);
    if (before) checkRead(conversationId, replica, before);
    options.changed(conversationId);
  };

  const fetchMissing = async (conversationId: string): Promise<void> => {
    const replica = replicaOf(conversationId);
    const behind = (heads.get(conversationId) ?? 0) - replica.settled;
    if (replica.timeline && (!options.open(conversationId) || behind > maxBehind)) replica.timeline = undefined;
    if (replica.record && replica.timeline) {
      try {
        await absorbMissing(conversationId, replica);
        return;
      } catch (error) {
        if (failureOf(error).code !== 'resync_required') throw error;
        replica.reset();
      }
    }
    await fetchRecord(conversationId);
    if (!options.open(conversationId)) return;
    // One that began on what is gone now.
    await loads.get(conversationId)?.catch(() => {});
    if (!replica.timeline) await loadOlder(conversationId);
  };

  const catchUp = (conversationId: string): Promise<void> => {
    let running = catching.get(conversationId);
    if (!running) {
      running = runCatchUp(conversationId).finally(() => catching.delete(conversationId));
      catching.set(conversationId, running);
    } else naps.wake(conversationId);
    return running;
  };

  const runCatchUp = async (conversationId: string): Promise<void> => {
    for (let tries = 0; !closed && replicas.has(conversationId); tries++) {
      try {
        const head = heads.get(conversationId);
        await fetchMissing(conversationId);
        // What was read is the truth, and a head beyond it a mistake.
        if (heads.get(conversationId) === head) heads.delete(conversationId);
        if (!isBehind(conversationId)) return;
        await naps.nap(conversationId, reconnectDelay(tries));
        if (!isBehind(conversationId)) return;
      } catch (error) {
        const failure = failureOf(error);
        if (closed) return;
        if (failure.code === 'not_found') return remove(conversationId);
        // Without a line the next welcome tells the heads, and it starts again.
        if (!isPassing(failure) || !options.connected()) return;
        await naps.nap(conversationId, failure.retryAfterMs ?? reconnectDelay(tries));
      }
    }
  };

  const soon = async (conversationId: string): Promise<void> => {
    const key = `soon ${conversationId}`;
    if (closed || catching.has(conversationId) || naps.has(key)) return;
    await naps.nap(key, graceMs);
    if (!closed && isBehind(conversationId)) await catchUp(conversationId);
  };

  const renew = (fresh: Conversation): void => {
    options.met(fresh.members.map(({ user }) => user));
    replicaOf(fresh.id).renew(fresh);
    options.changed(fresh.id);
    if (isBehind(fresh.id)) void soon(fresh.id);
  };

  const need = async (conversationId: string, wanted?: 'complete'): Promise<Conversation> => {
    if (wanted || !replicas.get(conversationId)?.record) await fetchRecord(conversationId);
    const record = replicas.get(conversationId)?.record;
    if (!record) throw new Error('unable to load the conversation; the chat was closed');
    return record;
  };

  const loadOlder = (conversationId: string): Promise<void> => {
    let running = loads.get(conversationId);
    if (!running) {
      failed.delete(conversationId);
      running = load(conversationId).finally(() => {
        loads.delete(conversationId);
        options.changed(conversationId);
      });
      loads.set(conversationId, running);
      options.changed(conversationId);
    }
    return running;
  };

  const load = async (conversationId: string): Promise<void> => {
    const { timeline: loaded } = replicaOf(conversationId);
    try {
      // Made before the page is asked for, so that the page holds at least all up to its head.
      const timeline = loaded ?? createTimeline((await need(conversationId)).head);
      if (!timeline.hasOlder) return;
      const replica = replicaOf(conversationId);
      if (!loaded) replica.timeline = timeline;
      timeline.beginLoad();
      try {
        const page = await request('GET /conversations/:conversationId/messages', {
          params: { conversationId },
          query: { limit: pageSize, before: loaded && loaded.messages.length > 0 ? loaded.from : undefined },
        });
        timeline.prepend(page.messages, page.hasMore);
      } catch (error) {
        // A timeline whose first page did not come shows nothing; the next try begins anew.
        if (!loaded && replica.timeline === timeline) replica.timeline = undefined;
        throw error;
      } finally {
        timeline.endLoad();
      }
      if (isBehind(conversationId)) void soon(conversationId);
    } catch (error) {
      if (failureOf(error).code === 'not_found') remove(conversationId);
      if (!loaded) failed.add(conversationId);
      throw error;
    }
  };

  const remove = (conversationId: string): void => {
    heads.delete(conversationId);
    failed.delete(conversationId);
    replicas.delete(conversationId);
    naps.wake(conversationId);
    options.removed(conversationId);
  };

  /** After one has read more: what is left unread is counted here when the messages are here, else there. */
  const checkRead = (conversationId: string, replica: Replica, before: Conversation): void => {
    const { record, timeline } = replica;
    if (!record) return;
    const readSeq = myReadSeq(record, meId);
    if (readSeq <= myReadSeq(before, meId)) return;
    if (readSeq >= (record.lastMessage?.seq ?? 0)) replica.record = { ...record, unread: 0 };
    else if (timeline?.begun && timeline.from <= readSeq + 1 && timeline.head >= record.head) {
      replica.record = { ...record, unread: countUnread(timeline.messages, readSeq, meId) };
    } else void fetchRecord(conversationId).catch(() => {});
  };

  return {
    replicas,
    async receive(event) {
      const { conversationId } = event;
      const replica = replicaOf(conversationId);
      if (event.type === 'member.changed') options.met([event.data.member.user]);
      const before = replica.record;
      replica.receive(event);
      if (before) checkRead(conversationId, replica, before);
      options.changed(conversationId);
      if (!replica.gap) return;
      if (replica.record) void soon(conversationId);
      else await catchUp(conversationId);
    },
    receipt(conversationId, receipt) {
      const replica = replicas.get(conversationId);
      const record = replica?.record;
      if (!record) return;
      const next = applyReceipt(record, receipt);
      if (next === record) return;
      replica.record = next;
      checkRead(conversationId, replica, record);
      options.changed(conversationId);
    },
    adjust(conversationId, { muted, pinned }) {
      const replica = replicas.get(conversationId);
      if (!replica?.record) return;
      replica.record = { ...replica.record, muted, pinned };
      options.changed(conversationId);
    },
    renew,
    noteHead(conversationId, head) {
      note(conversationId, head);
      if (isBehind(conversationId)) void soon(conversationId);
    },
    welcome(all) {
      for (const id of replicas.keys()) if (!Object.hasOwn(all, id)) remove(id);
      for (const [id, head] of Object.entries(all)) {
        note(id, head);
        const replica = replicas.get(id);
        if (!replica?.timeline || replica.timeline.head >= head) continue;
        if (options.open(id)) void catchUp(id);
        else replica.timeline = undefined;
      }
    },
    check() {
      for (const id of replicas.keys()) if (isBehind(id)) void soon(id);
    },
    catchUp,
    need,
    loadOlder,
    loading: (conversationId) =>
      loads.has(conversationId) ? 'loading' : failed.has(conversationId) ? 'failed' : 'idle',
    remove,
    close() {
      closed = true;
      naps.wakeAll();
    },
  };
};
