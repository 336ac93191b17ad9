import type { z } from 'zod';
import type { BotScope } from './bots.ts';
import type { ServerScope } from './server-keys.ts';
import type { UserKind } from './users.ts';

/** HTTP methods that the API uses. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A route as it is written in the list: method, space, path below `/api/v1` with `:params`. */
export type EndpointKey = `${Method} /${string}`;

/**
 * Who may call an endpoint: `session` needs a valid access token, `anonymous` needs none, and `refresh`
 * reads the refresh token from its cookie (then the `TeaTime-Client` header is required) or from the body; `server` needs a server key with the endpoint's scope.
 */
export type EndpointAuth = 'session' | 'anonymous' | 'refresh' | 'server';

/** What an endpoint takes and gives. `replies` maps each success status to its body; `null` is an empty body. */
export interface EndpointSpec {
  readonly summary: string;
  readonly auth: EndpointAuth;
  /** What a server key must have been given. */
  readonly scope?: ServerScope;
  /** Who gets 403 `forbidden`, whatever else they may do. */
  readonly refuses?: readonly UserKind[];
  /** What a bot must have been given, all of it; bots get 403 where this is left out. */
  readonly bots?: readonly BotScope[];
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  readonly replies: { readonly [status: number]: z.ZodType | null };
}

/** What a socket command takes and answers. */
export interface CommandSpec {
  readonly summary: string;
  /** Who gets `forbidden`, whatever else they may do. */
  readonly refuses?: readonly UserKind[];
  /** What a bot must have been given, all of it; bots are refused where this is left out. */
  readonly bots?: readonly BotScope[];
  readonly data: z.ZodObject;
  readonly reply: z.ZodType;
}

/**
 * A server push. `durable` events belong to a conversation and carry the `seq` of their change;
 * `conversation` events carry the conversation's id only; `user` events carry neither.
 */
export interface EventSpec {
  readonly summary: string;
  readonly scope: 'durable' | 'conversation' | 'user';
  readonly data: z.ZodType;
}

/** Keeps the literal keys and schemas of a noun's endpoints. */
export const defineEndpoints = <const T extends Readonly<Record<EndpointKey, EndpointSpec>>>(endpoints: T): T =>
  endpoints;

/** Keeps the literal keys and schemas of a noun's commands. */
export const defineCommands = <const T extends Readonly<Record<string, CommandSpec>>>(commands: T): T => commands;

/** Keeps the literal keys and schemas of a noun's events. */
export const defineEvents = <const T extends Readonly<Record<string, EventSpec>>>(events: T): T => events;

type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
type Input<S> = S extends z.ZodType ? z.input<S> : undefined;

/** Path parameters of an endpoint, validated. */
export type Params<E extends EndpointSpec> = Output<E['params']>;
/** Query of an endpoint, validated and converted. */
export type Query<E extends EndpointSpec> = Output<E['query']>;
/** Body of an endpoint, validated. */
export type Body<E extends EndpointSpec> = Output<E['body']>;
/** Body of an endpoint as a client writes it. */
export type BodyInput<E extends EndpointSpec> = Input<E['body']>;
/** Query of an endpoint as a client writes it: every value is a string. */
export type QueryInput<E extends EndpointSpec> = Input<E['query']>;
/** A success answer: one of the declared statuses with its body. */
export type Reply<E extends EndpointSpec> = {
  [S in keyof E['replies'] & number]: {
    readonly status: S;
    readonly body: E['replies'][S] extends z.ZodType ? z.input<E['replies'][S]> : null;
  };
}[keyof E['replies'] & number];
/** The body of any success answer, as a client reads it. */
export type ReplyBody<E extends EndpointSpec> = Reply<E>['body'];
