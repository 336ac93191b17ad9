import type { Deps, Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { claimAvatar, dropAvatar, type Disposal } from '../files/index.ts';
import { lockAsMember, takeSeqs, type Lanes, type LockedConversation, type Transaction } from '../messages/index.ts';
import { toSummary } from './changes.ts';
import { writeAvatar, writeTitle } from './store.ts';

/** What may be changed of a conversation. */
export interface ChangeConversation {
  /** Renames a group, for everybody; the title that it has already changes nothing. */
  rename(session: Session, conversationId: string, title: string): Promise<void>;
  /** Gives a group a picture, or none, for everybody; the one that it has already changes nothing. */
  setAvatar(session: Session, conversationId: string, fileId: string | undefined): Promise<void>;
  /** Mutes or pins it for oneself, on all of one's devices. */
  setPersonal(
    session: Session,
    conversationId: string,
    flags: { muted?: boolean | undefined; pinned?: boolean | undefined },
  ): Promise<void>;
}

/** What all members see alike. */
type Look = Pick<LockedConversation, 'title' | 'avatarKey'>;

/** Makes the use cases. */
export const createChangeConversation = (
  { config, db, hub }: Deps,
  lanes: Lanes,
  disposal: Disposal,
): ChangeConversation => {
  /** Changes how a group looks to everybody. `decide` returns what is other than before, and writes it with the seq that it is given. */
  const change = (
    session: Session,
    conversationId: string,
    what: string,
    decide: (found: LockedConversation, transaction: Transaction) => Promise<Change | undefined>,
  ): Promise<boolean> =>
    lanes.run(conversationId, async (transaction) => {
      const found = await lockAsMember(transaction, session, conversationId);
      if (found.kind === 'dm')
        throw new Problem('forbidden', `unable to ${what}; a direct message has none of its own`);
      if (found.role === 'member') throw new Problem('forbidden', `unable to ${what}; ask an owner or admin`);
      const changed = await decide(found, transaction);
      if (!changed) return { value: false };
      const seq = await takeSeqs(transaction, conversationId);
      await changed.write(seq);
      const { title, avatarKey } = { ...found, ...changed.look };
      const row = { id: conversationId, kind: found.kind, title, avatar_key: avatarKey, head: seq, changed_seq: seq };
      const event = {
        type: 'conversation.changed',
        conversationId,
        seq,
        data: { conversation: toSummary(config, row) },
      } as const;
      return { value: true, publish: () => hub.publish(`conversation:${conversationId}`, event) };
    });

  return {
    async rename(session, conversationId, title) {
      await change(session, conversationId, 'rename it', async (found, transaction) =>
        title === found.title
          ? undefined
          : { look: { title }, write: (seq) => writeTitle(transaction, conversationId, { title, seq }) },
      );
    },

    async setAvatar(session, conversationId, fileId) {
      const changed = await change(session, conversationId, 'change the picture', async (found, transaction) => {
        const before = found.avatarKey;
        const avatarKey = fileId === undefined ? null : await claimAvatar(transaction, session, fileId, before);
        if (avatarKey === before) return undefined;
        if (before !== null) await dropAvatar(transaction, before);
        return {
          look: { avatarKey },
          write: (seq) => writeAvatar(transaction, conversationId, { avatarKey, seq }),
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

interface Change {
  readonly look: Partial<Look>;
  write(seq: number): Promise<void>;
}
