import type { CommandSpec } from '../../protocol/contract.ts';
import { commands, type CommandData, type CommandReply, type CommandType } from '../../protocol/index.ts';
import { refuseKind, type Command } from '../feature.ts';
import { notFound } from '../problem.ts';
import type { Connection, MountedCommand } from './connection.ts';
import type { HubData } from './data.ts';
import type { Roster } from './roster.ts';

type OwnHandlers = Partial<{
  [T in CommandType]: (data: CommandData<T>, connection: Connection) => Promise<CommandReply<T>>;
}>;

const mostPresences = 500;

/** The commands that concern the connection itself, not a feature. */
export const createOwnCommands = (data: HubData, roster: Roster): OwnHandlers => ({
  auth: (renewal, connection) => connection.renew(renewal),
  async ping(_data, connection) {
    const watched = [...(connection.watched?.keys() ?? [])];
    const heads = watched.length > 0 ? await data.heads(watched) : {};
    const heard = connection.settled ? roster.heardBy(connection.person, connection) : [];
    return { heads: { ...heads }, presence: roster.presenceOf(heard.slice(0, mostPresences)) };
  },
  async 'presence.set'({ presence }, connection) {
    roster.setPresence(connection.person, connection, presence);
    return {};
  },
  async 'conversation.watch'({ conversationId }, connection) {
    const { person } = connection;
    const members = person.conversations.has(conversationId)
      ? await data.members(conversationId, person.userId)
      : undefined;
    // The membership, or the socket, may have ended meanwhile.
    if (!members || !connection.settled || !person.conversations.has(conversationId)) throw notFound('conversation');
    return { presence: roster.watch(person, connection, conversationId, members) };
  },
  async 'conversation.unwatch'({ conversationId }, connection) {
    roster.unwatch(connection.person, connection, conversationId);
    return {};
  },
});

/** Puts the hub's own commands and the features' together; throws unless every command of the protocol has exactly one handler. */
export const mountCommands = (own: OwnHandlers, features: readonly Command[]): Map<string, MountedCommand> => {
  const mounted = new Map<string, MountedCommand>();
  const mount = (type: CommandType, handle: MountedCommand['handle']): void => {
    if (!Object.hasOwn(commands, type)) throw new Error(`unable to mount the command ${type}; the protocol lacks it`);
    if (mounted.has(type)) throw new Error(`unable to mount the command ${type}; it has a handler already`);
    mounted.set(type, { schema: commands[type].data, handle });
  };
  for (const [type, handle] of Object.entries(own)) mount(type as CommandType, handle as MountedCommand['handle']);
  for (const { type, handle } of features) {
    const spec: CommandSpec = commands[type];
    mount(type, (data, { id, session }) => {
      if (!session) throw new Error('unable to run a command; the connection has not signed in');
      refuseKind(spec, session);
      return handle({ data, session, connectionId: id } as Parameters<typeof handle>[0]);
    });
  }
  const missing = Object.keys(commands).filter((type) => !mounted.has(type));
  if (missing.length > 0) throw new Error(`unable to mount the commands; nobody handles ${missing.join(', ')}`);
  return mounted;
};
