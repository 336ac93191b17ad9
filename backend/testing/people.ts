import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Conversation } from '../../protocol/conversations.ts';
import type { Message } from '../../protocol/messages.ts';
import type { Me } from '../../protocol/users.ts';
import { api, type Api } from './api.ts';

/** Somebody with an account and a session. */
export interface TestUser {
  readonly user: Me;
  readonly id: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly api: Api;
}

interface Server {
  readonly url: string;
}

/** The password of everybody who did not choose one. */
export const testPassword = 'correct horse battery';

let count = 0;

/** Registers somebody. */
export const aUser = async (
  server: Server,
  profile: { username?: string; displayName?: string; password?: string; email?: string; phone?: string } = {},
): Promise<TestUser> => {
  count += 1;
  const password = profile.password ?? testPassword;
  const username = profile.username ?? `user${count}-${randomUUID().slice(0, 8)}`;
  const { user, accessToken, refreshToken } = await api(server).call('POST /auth/register', {
    body: { displayName: `User ${count}`, ...profile, username, password, refreshIn: 'body' },
  });
  return { user, id: user.id, password, accessToken, refreshToken: refreshToken ?? '', api: api(server, accessToken) };
};

/** Registers several people. */
export const someUsers = (server: Server, number: number): Promise<TestUser[]> =>
  Promise.all(Array.from({ length: number }, () => aUser(server)));

/** Opens the direct message of two people. */
export const aDm = async (one: TestUser, other: TestUser): Promise<Conversation> =>
  (await one.api.call('POST /conversations', { body: { kind: 'dm', userId: other.id } })).conversation;

/** Makes a group, of which the first person is the owner. */
export const aGroup = async (owner: TestUser, others: readonly TestUser[], title = 'A group'): Promise<Conversation> =>
  (await owner.api.call('POST /conversations', { body: { kind: 'group', title, userIds: others.map(({ id }) => id) } }))
    .conversation;

/** Sends a message. */
export const aMessage = async (
  sender: TestUser,
  conversation: { readonly id: string },
  text = 'hello',
): Promise<Message> =>
  (
    await sender.api.call('POST /conversations/:conversationId/messages', {
      params: { conversationId: conversation.id },
      body: { clientId: uuidv7(), text },
    })
  ).message;
