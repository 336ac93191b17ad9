import type { Deps, Session } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import {
  lockAsMember,
  writeCallEntry,
  type Change,
  type Lanes,
  type LockedConversation,
  type Transaction,
} from '../messages/index.ts';
import { tellReceipt } from '../receipts/index.ts';
import { toCall, toEntry, type CallRecord } from './state.ts';
import { lockCall, lockConversation, readClock, writeCall } from './store.ts';

/** What a change of a call is made with. */
export interface CallWork {
  readonly transaction: Transaction;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Left out when nobody asked for the change. */
  readonly conversation: LockedConversation | undefined;
}

/** Changes a call while it and its conversation are locked: `work` changes the record in place, or throws a refusal. */
export type ChangeCall = (
  place: { readonly conversationId: string; readonly callId: string; readonly session?: Session },
  work: (call: CallRecord, how: CallWork) => void | Promise<void>,
) => Promise<CallRecord>;

/** Writes what became of a call and gives the change that is published after the commit. */
export type KeepCall = (
  transaction: Transaction,
  call: CallRecord,
  before: CallRecord | undefined,
) => Promise<Change<CallRecord>>;

/** Makes the ways by which calls change. Each goes through the conversation's lane, as messages do, so that all is told in one order. */
export const createChangeCall = (
  { hub }: Pick<Deps, 'hub'>,
  lanes: Lanes,
): { readonly changeCall: ChangeCall; readonly keepCall: KeepCall } => {
  const keepCall: KeepCall = async (transaction, call, before) => {
    await writeCall(transaction, call, before);
    const { conversationId } = call;
    const topic = `conversation:${conversationId}` as const;
    const changed = { type: 'call.changed', conversationId, data: { call: toCall(call) } } as const;
    const entry = toEntry(call);
    if (!entry) return { value: call, publish: () => hub.publish(topic, changed) };

    const present = call.participants.filter(({ joinedAt }) => joinedAt !== null).map(({ userId }) => userId);
    const senderId = call.startedBy;
    const { message, receipts } = await writeCallEntry(transaction, { conversationId, senderId, entry, present });
    const { seq } = message;
    return {
      value: call,
      publish() {
        hub.publish(topic, changed);
        hub.publish(topic, { type: 'message.created', conversationId, seq, data: { message } });
        for (const { shows, ...data } of receipts) tellReceipt(hub, conversationId, data, { shows, delivered: true });
      },
    };
  };

  const changeCall: ChangeCall = ({ conversationId, callId, session }, work) =>
    lanes.run(conversationId, async (transaction) => {
      const conversation = session && (await lockAsMember(transaction, session, conversationId));
      if (!session) await lockConversation(transaction, conversationId);
      const before = await lockCall(transaction, conversationId, callId);
      if (!before) throw notFound('call');
      const now = await readClock(transaction);
      const call = structuredClone(before);
      await work(call, { transaction, now, conversation });
      if (JSON.stringify(call) === JSON.stringify(before)) return { value: call };
      call.version += 1;
      return keepCall(transaction, call, before);
    });

  return { changeCall, keepCall };
};
