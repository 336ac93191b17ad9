import type { z } from 'zod';
import { adminConversationEndpoints } from './admin-conversations.ts';
import { adminMessageEndpoints } from './admin-messages.ts';
import { accountEndpoints } from './accounts.ts';
import { adminEndpoints } from './admin.ts';
import { adminUserEndpoints } from './admin-users.ts';
import { blockEndpoints } from './blocks.ts';
import { botEndpoints } from './bots.ts';
import { callCommands, callEndpoints, callEvents } from './calls.ts';
import { connectionCommands, connectionEvents } from './connection.ts';
import type { EndpointSpec } from './contract.ts';
import { conversationEndpoints, conversationEvents } from './conversations.ts';
import { fileEndpoints } from './files.ts';
import { guestEndpoints } from './guests.ts';
import { incomingHookEndpoints } from './incoming-hooks.ts';
import { messageCommands, messageEndpoints, messageEvents } from './messages.ts';
import { presenceCommands, presenceEvents } from './presence.ts';
import { reportEndpoints } from './reports.ts';
import { receiptCommands, receiptEndpoints, receiptEvents } from './receipts.ts';
import { serviceEndpoints } from './service.ts';
import { sessionEndpoints } from './sessions.ts';
import { siteEndpoints } from './sites.ts';
import { typingCommands, typingEvents } from './typing.ts';
import { userEndpoints } from './users.ts';
import { webhookEndpoints } from './webhooks.ts';

/** Every REST endpoint. The server mounts exactly these; OpenAPI is generated from them. */
export const endpoints = {
  ...serviceEndpoints,
  ...sessionEndpoints,
  ...accountEndpoints,
  ...guestEndpoints,
  ...userEndpoints,
  ...blockEndpoints,
  ...conversationEndpoints,
  ...messageEndpoints,
  ...receiptEndpoints,
  ...fileEndpoints,
  ...callEndpoints,
  ...siteEndpoints,
  ...adminEndpoints,
  ...adminConversationEndpoints,
  ...adminMessageEndpoints,
  ...botEndpoints,
  ...reportEndpoints,
  ...webhookEndpoints,
  ...incomingHookEndpoints,
  ...adminUserEndpoints,
};

/** Every socket command. */
export const commands = {
  ...connectionCommands,
  ...messageCommands,
  ...receiptCommands,
  ...presenceCommands,
  ...typingCommands,
  ...callCommands,
};

/** Every server event. */
export const events = {
  ...connectionEvents,
  ...conversationEvents,
  ...messageEvents,
  ...receiptEvents,
  ...presenceEvents,
  ...typingEvents,
  ...callEvents,
};

/** The list of endpoints, as a type. */
export type Endpoints = typeof endpoints;
/** A route of the list. */
export type RouteKey = keyof Endpoints;
/** The spec of a route. */
export type Endpoint<K extends RouteKey> = Endpoints[K] extends EndpointSpec ? Endpoints[K] : never;

/** The list of commands, as a type. */
export type Commands = typeof commands;
/** A command's type. */
export type CommandType = keyof Commands;
/** A command's data, validated. */
export type CommandData<T extends CommandType> = z.output<Commands[T]['data']>;
/** A command's data as a client writes it. */
export type CommandInput<T extends CommandType> = z.input<Commands[T]['data']>;
/** A command's answer. */
export type CommandReply<T extends CommandType> = z.infer<Commands[T]['reply']>;

/** The list of events, as a type. */
export type Events = typeof events;
/** An event's type. */
export type EventType = keyof Events;
/** An event's data. */
export type EventData<T extends EventType> = z.infer<Events[T]['data']>;

type Place<T extends EventType> = Events[T]['scope'] extends 'durable'
  ? { readonly conversationId: string; readonly seq: number }
  : Events[T]['scope'] extends 'conversation'
    ? { readonly conversationId: string }
    : unknown;

/** A server push as it travels: discriminated by `type`. */
export type ServerEvent = { [T in EventType]: { readonly type: T; readonly data: EventData<T> } & Place<T> }[EventType];
