import { randomUUID } from 'node:crypto';
import { uuidv7 } from 'uuidv7';
import type { Conversation } from '../../protocol/conversations.ts';
import type { File } from '../../protocol/files.ts';
import type { Message } from '../../protocol/messages.ts';
import { api, type Api } from './api.ts';
import type { TestBackend } from './backend.ts';
import { aGuest, letGuestsIn } from './guests.ts';
import { aSocket } from './socket.ts';
import { aDm, aFile, aGroup, aMessage, aUser, testPassword, type TestUser } from './people.ts';

/** The kinds of caller that every endpoint and command must have an answer for. */
export const actors = ['anonymous', 'member', 'non-member', 'removed', 'blocked', 'other site'] as const;
/** A kind of caller. A `guest`, who is a plain member of the group, has answers of their own. */
export type Actor = (typeof actors)[number] | 'guest';

/** A small world with one of each actor. */
export interface World {
  readonly server: TestBackend;
  /** Owner of the group; has blocked `blocked`. */
  readonly owner: TestUser;
  /** A plain member of the group. */
  readonly other: TestUser;
  /** Somebody whom nobody has anything to do with. */
  readonly stranger: TestUser;
  readonly group: Conversation;
  /** Of the owner and the one whom they blocked. */
  readonly dm: Conversation;
  readonly people: Readonly<Record<Exclude<Actor, 'anonymous'>, TestUser>>;
  /** The conversation that an actor tries: the direct message for `blocked`, the group for all others. */
  place(actor: Actor): Conversation;
  /** A client of the actor. */
  as(actor: Actor): Api;
  /** A new message there: of the guest by themself, for `blocked` the one from before the block, else by the owner. */
  messageFor(actor: Actor): Promise<Message>;
  /** A call of the direct message, from before the block. */
  readonly pastCallId: string;
  /** A file of a message there. */
  fileFor(actor: Actor): File;
}

/** Makes a world on a server. */
export const aWorld = async (server: TestBackend): Promise<World> => {
  const [owner, other, nonMember, removed, blocked, stranger] = await Promise.all(
    Array.from({ length: 6 }, () => aUser(server)),
  );
  if (!owner || !other || !nonMember || !removed || !blocked || !stranger) throw new Error('unable to make the world');
  const outsider = await anOutsider(server);
  await letGuestsIn(server);
  const guest = await aGuest(server);
  const group = await aGroup(owner, [other, removed, guest]);
  await owner.api.call('DELETE /conversations/:conversationId/members/:userId', {
    params: { conversationId: group.id, userId: removed.id },
  });
  const dm = await aDm(owner, blocked);
  const [beforeFile, groupFile] = await Promise.all([aFile(blocked), aFile(owner)]);
  const before = await aMessage(blocked, dm, 'before the block', [beforeFile]);
  await aMessage(owner, group, '', [groupFile]);
  const pastCallId = await aPastCall(server, blocked, dm);
  await owner.api.call('PUT /blocks/:userId', { params: { userId: blocked.id } });

  const people = { member: owner, 'non-member': nonMember, removed, blocked, 'other site': outsider, guest };
  return {
    server,
    owner,
    other,
    stranger,
    group,
    dm,
    people,
    place: (actor) => (actor === 'blocked' ? dm : group),
    as: (actor) => (actor === 'anonymous' ? api(server) : people[actor].api),
    pastCallId,
    fileFor: (actor) => (actor === 'blocked' ? beforeFile : groupFile),
    messageFor: async (actor) => (actor === 'blocked' ? before : aMessage(actor === 'guest' ? guest : owner, group)),
  };
};

/** A call that nobody answered. */
const aPastCall = async (server: TestBackend, caller: TestUser, { id }: Conversation): Promise<string> => {
  const socket = await aSocket(server, caller);
  const { call } = await socket.command('call.start', { conversationId: id, kind: 'audio' });
  await socket.command('call.leave', { callId: call.id });
  await socket.close();
  return call.id;
};

/** Somebody of another site of the same server. */
export const anOutsider = async (server: TestBackend): Promise<TestUser> => {
  const key = `site-${randomUUID().slice(0, 8)}`;
  await server.db.query('test_site', 'insert into sites (id, key, name) values ($1, $2, $2)', [uuidv7(), key]);
  const { user, accessToken, refreshToken } = await api(server, undefined, { 'TeaTime-Site': key }).call(
    'POST /auth/register',
    {
      body: { username: 'outsider', displayName: 'Outsider', password: testPassword, refreshIn: 'body' },
    },
  );
  return {
    user,
    id: user.id,
    password: testPassword,
    accessToken,
    refreshToken: refreshToken ?? '',
    api: api(server, accessToken),
  };
};
