import type { WritableAtom } from 'nanostores';
import type { Conversation } from '../../protocol/conversations.ts';
import type { SessionClient } from '../client/session.ts';
import type { People } from './people.ts';
import type { Person } from './person.ts';
import type { Chat } from './types.ts';

/** What one does now and then: groups, marks of conversations, one's profile, whom one blocks. */
export type Affairs = Pick<
  Chat,
  | 'updateProfile'
  | 'settings'
  | 'changePassword'
  | 'setAvatar'
  | 'setGroupAvatar'
  | 'createGroup'
  | 'renameGroup'
  | 'addMembers'
  | 'removeMember'
  | 'setRole'
  | 'leave'
  | 'setMuted'
  | 'setPinned'
  | 'block'
  | 'report'
>;

/** Makes them for whoever asked: by the time of the answer somebody else may have signed in. */
export const createAffairs = (options: {
  readonly me: Person;
  readonly session: SessionClient;
  readonly people: People;
  readonly $blocked: WritableAtom<ReadonlySet<string>>;
  /** Whether it is still the same person. */
  here(): boolean;
}): Affairs => {
  const { me, session, people, $blocked } = options;

  const takeIn = (conversation: Conversation): string => {
    me.renew(conversation);
    return conversation.id;
  };
  const patch = async (conversationId: string, body: { title?: string; muted?: boolean; pinned?: boolean }) => {
    const params = { conversationId };
    takeIn((await me.request('PATCH /conversations/:conversationId', { params, body })).conversation);
  };
  const removeMember = async (conversationId: string, userId: string) => {
    const params = { conversationId, userId };
    await me.request('DELETE /conversations/:conversationId/members/:userId', { params });
    if (userId === me.id) me.sync().remove(conversationId);
  };
  const upload = async (picture: Blob) => ({ fileId: (await (await me.files.load()).bringAvatar(picture)).id });

  return {
    async updateProfile(changes) {
      session.setUser((await me.request('PATCH /me', { body: changes })).user);
    },
    async settings(changes) {
      const input = { body: changes ?? {} };
      return (await (changes ? me.request('PATCH /me/settings', input) : me.request('GET /me/settings', {}))).settings;
    },
    async changePassword(currentPassword, newPassword) {
      await me.request('PUT /me/password', { body: { currentPassword, newPassword } });
    },
    async setAvatar(picture) {
      const { user } = picture
        ? await me.request('POST /me/avatar', { body: await upload(picture) })
        : await me.request('DELETE /me/avatar', {});
      session.setUser(user);
    },
    async setGroupAvatar(conversationId, picture) {
      const params = { conversationId };
      const { conversation } = picture
        ? await me.request('PUT /conversations/:conversationId/avatar', { params, body: await upload(picture) })
        : await me.request('DELETE /conversations/:conversationId/avatar', { params });
      takeIn(conversation);
    },
    async createGroup(title, userIds) {
      const body = { kind: 'group' as const, title, userIds: [...userIds] };
      return takeIn((await me.request('POST /conversations', { body })).conversation);
    },
    renameGroup: (conversationId, title) => patch(conversationId, { title }),
    async addMembers(conversationId, userIds) {
      const input = { params: { conversationId }, body: { userIds: [...userIds] } };
      takeIn((await me.request('POST /conversations/:conversationId/members', input)).conversation);
    },
    removeMember,
    async setRole(conversationId, userId, role) {
      const input = { params: { conversationId, userId }, body: { role } };
      const { member } = await me.request('PATCH /conversations/:conversationId/members/:userId', input);
      const seq = member.changedSeq;
      await me.sync().receive({ type: 'member.changed', conversationId, seq, data: { member } });
    },
    leave: (conversationId) => removeMember(conversationId, me.id),
    setMuted: (conversationId, muted) => patch(conversationId, { muted }),
    setPinned: (conversationId, pinned) => patch(conversationId, { pinned }),
    async block(userId, on) {
      await me.request(on ? 'PUT /blocks/:userId' : 'DELETE /blocks/:userId', { params: { userId } });
      if (!options.here()) return;
      const blocked = new Set($blocked.get());
      if (on) blocked.add(userId);
      else blocked.delete(userId);
      $blocked.set(blocked);
      if (on) people.hide(userId);
    },
    async report({ id: messageId, conversationId }, reason, comment) {
      await me.request('POST /conversations/:conversationId/messages/:messageId/reports', {
        params: { conversationId, messageId },
        body: { reason, ...(comment && { comment }) },
      });
    },
  };
};
