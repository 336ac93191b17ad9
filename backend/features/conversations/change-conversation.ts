import type { Deps, Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { claimAvatar, dropAvatar, type Disposal } from '../files/index.ts';
import {
  lockAsMember,
  takeSeqs,
  type Authority,
  type Lanes,
  type LockedConversation,
  type Transaction,
} from '../messages/index.ts';
import { toSummary } from './changes.ts';
import { writeAvatar, writeClosed, writeTitle } from './store.ts';

/** What may be changed of a conversation. */
export interface ChangeConversation {
  /** Renames a group, for everybody; the title that it has already changes nothing. */
  rename(by: Authority, conversationId: string, title: string): Promise<void>;
  /** Gives a group a picture, or none, for everybody; the one that it has already changes nothing. */
  setAvatar(session: Session, conversationId: string, fileId: string | undefined): Promise<void>;
  /** Closes it, so that nobody can write there, or opens it again: for the site alone. */
  setClosed(by: Authority & { userId?: undefined }, conversationId: string, closed: boolean): Promise<void>;
  /** Mutes or pins it for oneself, on all of one's devices. */
  setPersonal(
    session: Session,
    conversationId: string,
    flags: { muted?: boolean | undefined; pinned?: boolean | undefined },
  ): Promise<void>;
}

/** What all members see alike. */
type Look = Pick<LockedConversation, 'title' | 'avatarKey' | 'closedAt'>;

/** Makes the use cases. */
export const createChangeConversation = (
  { config, db, hub }: Deps,
  lanes: Lanes,
  disposal: Disposal,
): ChangeConversation => {
  /** Changes how a conversation looks to everybody. `decide` returns what writes it with the seq that it is given, and then tells what is other than before. */
  const change = (
    by: Authority,
    conversationId: string,
    decide: (found: LockedConversation, transaction: Transaction) => Promise<Change | undefined>,
  ): Promise<boolean> =>
    lanes.run(conversationId, async (transaction) => {
      const found = await lockAsMember(transaction, by, conversationId);
      const changed = await decide(found, transaction);
      if (!changed) return { value: false };
      const seq = await takeSeqs(transaction, conversationId);
      const { title, avatarKey, closedAt } = { ...found, ...(await changed(seq)) };
      const row = {
        id: conversationId,
        kind: found.kind,
        title,
        avatar_key: avatarKey,
        head: seq,
        changed_seq: seq,
        closed_at: closedAt,
      };
      const event = {
        type: 'conversation.changed',
        conversationId,
        seq,
        data: { conversation: toSummary(config, row) },
      } as const;
      return { value: true, publish: () => hub.publish(`conversation:${conversationId}`, event) };
    });

  return {
    async rename(by, conversationId, title) {
      await change(by, conversationId, async (found, transaction) => {
        refuseToDress(found, 'rename it');
        if (title === found.title) return undefined;
        return async (seq) => {
          await writeTitle(transaction, conversationId, { title, seq });
          return { title };
        };
      });
    },

    async setClosed(by, conversationId, closed) {
      await change(by, conversationId, async (found, transaction) =>
        closed === (found.closedAt !== null)
          ? undefined
          : async (seq) => ({ closedAt: await writeClosed(transaction, conversationId, { closed, seq }) }),
      );
    },

    async setAvatar(session, conversationId, fileId) {
      const changed = await change(session, conversationId, async (found, transaction) => {
        refuseToDress(found, 'change the picture');
        const before = found.avatarKey;
        const avatarKey = fileId === undefined ? null : await claimAvatar(transaction, session, fileId, before);
        if (avatarKey === before) return undefined;
        if (before !== null) await dropAvatar(transaction, before);
        return async (seq) => {
          await writeAvatar(transaction, conversationId, { avatarKey, seq });
          return { avatarKey };
        };
      });
      if (changed) disposal.soon();
    },

    async setPersonal({ siteId, userId }, conversationId, { muted, pinned }) {
      const [flags] = await db.query<{ muted: boolean; pinned: boolean }>(
        'members_personal',
        `update members set muted = coalesce($4, muted), pinned = coalesce($5, pinned)
       where conversation_id = $1 and user_id = $2 and site_id = $3 and left_seq is null returning muted, pinned`,
        [conversationId, userId, siteId, muted ?? null, pinned ?? null],
      );
      if (!flags) throw notFound('conversation');
      hub.publish(`user:${userId}`, { type: 'conversation.updated', data: { conversationId, ...flags } });
    },
  };
};

type Change = (seq: number) => Promise<Partial<Look>>;

const refuseToDress = ({ kind, role }: LockedConversation, what: string): void => {
  if (kind === 'dm') throw new Problem('forbidden', `unable to ${what}; a direct message has none of its own`);
  if (role === 'member') throw new Problem('forbidden', `unable to ${what}; ask an owner or admin`);
};
