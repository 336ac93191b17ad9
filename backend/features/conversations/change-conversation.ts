import type { Deps, Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { lockAsMember, takeSeqs, type Lanes } from '../messages/index.ts';
import { toSummary } from './changes.ts';
import { writeTitle } from './store.ts';

/** What may be changed of a conversation. */
export interface ChangeConversation {
  /** Renames a group, for everybody; the title that it has already changes nothing. */
  rename(session: Session, conversationId: string, title: string): Promise<void>;
  /** Mutes or pins it for oneself, on all of one's devices. */
  setPersonal(
    session: Session,
    conversationId: string,
    flags: { muted?: boolean | undefined; pinned?: boolean | undefined },
  ): Promise<void>;
}

/** Makes the use cases. */
export const createChangeConversation = ({ db, hub }: Deps, lanes: Lanes): ChangeConversation => ({
  rename: (session, conversationId, title) =>
    lanes.run(conversationId, async (transaction) => {
      const { kind, role, title: before } = await lockAsMember(transaction, session, conversationId);
      if (kind === 'dm') throw new Problem('forbidden', 'unable to rename; a direct message has no title');
      if (role === 'member') throw new Problem('forbidden', 'unable to rename; ask an owner or admin');
      if (title === before) return { value: undefined };
      const seq = await takeSeqs(transaction, conversationId);
      await writeTitle(transaction, conversationId, { title, seq });
      const conversation = toSummary({ id: conversationId, kind, title, head: seq, changed_seq: seq });
      const event = { type: 'conversation.changed', conversationId, seq, data: { conversation } } as const;
      return { value: undefined, publish: () => hub.publish(`conversation:${conversationId}`, event) };
    }),

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
});
