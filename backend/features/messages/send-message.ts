import { createHash } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { File } from '../../../protocol/files.ts';
import type { Message, MessageDraft } from '../../../protocol/messages.ts';
import type { Deps, Session } from '../../feature.ts';
import { createMessageLimit, type Limit } from '../../http/rate-limits.ts';
import { notFound, Problem } from '../../problem.ts';
import { attachFiles } from '../files/index.ts';
import { sendInside, type Send, type SendOutcome } from './batch.ts';
import type { Transaction } from './lane-connection.ts';
import type { Change, Lanes } from './lanes.ts';
import { closed } from './membership.ts';
import { readMessage } from './store.ts';

/** Sends a message: resolves once it is committed. The same draft under the same client id gives the first message again. */
export type SendMessage = (
  session: Session,
  draft: MessageDraft & { conversationId: string },
) => Promise<{ message: Message; replayed: boolean }>;

/** Makes the use case behind both doors, the route and the command. `limit` is how much one person may say; a site's own servers have limits of their own. */
export const createSendMessage = (
  { config, db, hub }: Deps,
  lanes: Lanes,
  limit: Limit = createMessageLimit(config),
): SendMessage => {
  return async (session, { conversationId, clientId, text, replyTo, mentions = [], fileIds = [] }) => {
    await limit(session.userId);
    refuseTooMany(fileIds, config.files.filesPerMessage);
    const id = uuidv7();
    const senderId = session.userId;
    let message: Message | undefined;
    const publish = ({ seq, createdAt }: Sent, files: File[] = []): void => {
      message = {
        id,
        conversationId,
        senderId,
        clientId,
        seq,
        changedSeq: seq,
        text,
        ...(replyTo !== undefined && { replyTo }),
        mentions,
        reactions: [],
        files,
        createdAt,
      };
      hub.publish(`conversation:${conversationId}`, {
        type: 'message.created',
        conversationId,
        seq,
        data: { message },
      });
    };

    const hash = hashOf(text, replyTo, mentions, fileIds);
    const send: Send = { id, conversationId, senderId, clientId, text, replyTo, mentions, hash };
    const outcome = await (fileIds.length === 0
      ? lanes.send(send, publish)
      : lanes.run(conversationId, (transaction) => sendWithFiles(transaction, session, { send, fileIds, publish })));
    if (outcome.outcome === 'sent' && message) return { message, replayed: false };
    if (outcome.outcome !== 'sent' && outcome.outcome !== 'replayed') throw refusals[outcome.outcome]();
    const original = await readMessage(db, session, conversationId, outcome.outcome === 'sent' ? id : outcome.id);
    if (!original) throw notFound('conversation');
    return { message: original, replayed: outcome.outcome === 'replayed' };
  };
};

type Sent = SendOutcome & { outcome: 'sent' };

/** A transaction of its own, in the conversation's lane: the message and what comes with it are there together, or neither is. */
const sendWithFiles = async (
  transaction: Transaction,
  session: Session,
  {
    send,
    fileIds,
    publish,
  }: { send: Send; fileIds: readonly string[]; publish: (outcome: Sent, files: File[]) => void },
): Promise<Change<SendOutcome>> => {
  const outcome = await sendInside(transaction, send);
  if (outcome.outcome !== 'sent') return { value: outcome };
  const { conversationId, id: messageId } = send;
  const files = await attachFiles(transaction, session, fileIds, { conversationId, messageId, seq: outcome.seq });
  return { value: outcome, publish: () => publish(outcome, files) };
};

const refuseTooMany = (fileIds: readonly string[], most: number): void => {
  if (fileIds.length <= most) return;
  throw new Problem('validation_failed', 'unable to send; these are too many files for one message', {
    issues: [{ path: 'fileIds', message: `must be at most ${most}` }],
  });
};

/** Tells a replay from another message under the same client id. */
export const hashOf = (
  text: string,
  replyTo: string | undefined,
  mentions: readonly string[],
  fileIds: readonly string[],
): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([text, replyTo ?? null, [...mentions].sort(), ...(fileIds.length > 0 ? [fileIds] : [])]))
    .digest();

const refusals = {
  refused: () => notFound('conversation'),
  blocked: () => new Problem('blocked', 'unable to send; one of you has blocked the other'),
  closed: () => closed('send'),
  reused: () =>
    new Problem('idempotency_key_reused', 'unable to send; another message was sent under this client id', {
      issues: [{ path: 'clientId', message: 'belongs to another message' }],
    }),
  unknown_reply: () =>
    new Problem('validation_failed', 'unable to send; the quoted message is not in this conversation', {
      issues: [{ path: 'replyTo', message: 'must be a message of this conversation' }],
    }),
  unknown_mention: () => unknownMention('send'),
};

/** The refusal of what became of a send. */
export const refusalOf = (outcome: keyof typeof refusals): Problem => refusals[outcome]();

/** Refuses a text that mentions somebody who is not there. */
export const unknownMention = (what: 'send' | 'edit'): Problem =>
  new Problem('validation_failed', `unable to ${what}; somebody who is mentioned is not a member`, {
    issues: [{ path: 'mentions', message: 'must be members of the conversation' }],
  });
