import type { CommandData, CommandReply, CommandType, Endpoint, RouteKey } from '../protocol/index.ts';
import type { BotScope } from '../protocol/bots.ts';
import type { Body, EndpointSpec, Params, Query, Reply } from '../protocol/contract.ts';
import type { GrantedScope } from '../protocol/server-keys.ts';
import type { UserKind } from '../protocol/users.ts';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Database } from './database/connect.ts';
import type { Hub } from './hub/hub.ts';
import type { CallDirectory } from './hub/signalling-data.ts';
import type { Storage } from './storage/storage.ts';
import { Problem } from './problem.ts';
import type { Tokens } from './tokens.ts';

/** Who is asking: the claims of a verified access token. */
export interface Session {
  readonly userId: string;
  readonly siteId: string;
  readonly sessionId: string;
  /** Of the user; left out for people with an account. */
  readonly kind?: UserKind;
  /** Of a bot: what it may do. */
  readonly scopes?: readonly BotScope[];
}

/** Refuses whom an endpoint or a command is not for. */
export const refuseKind = (
  { refuses, bots }: Pick<EndpointSpec, 'refuses' | 'bots'>,
  session: Session | undefined,
): void => {
  if (session?.kind && refuses?.includes(session.kind))
    throw new Problem('forbidden', `unable to do that; it is not for a ${session.kind}`);
  if (session?.kind !== 'bot') return;
  if (!bots) throw new Problem('forbidden', 'unable to do that; it is not for a bot');
  const lacking = bots.filter((scope) => !session.scopes?.includes(scope));
  if (lacking.length > 0)
    throw new Problem('forbidden', `unable to do that; the bot was not given ${lacking.join(' and ')}`);
};

/** The site that a request is for: of the token, or named by the `TeaTime-Site` header. */
export interface Site {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly allowedOrigins: readonly string[];
}

/** Which of a site's servers is asking, by the key that it sent. */
export interface ServerKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly GrantedScope[];
}

/** What the audit log says of an act besides who, what and when: never secrets, never what people wrote. */
export interface AuditNote {
  /** What it was done to; by default the ids in the path. */
  readonly target?: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** What a route's handler is given: everything validated. `session` is there when the endpoint's `auth` is `session`, `serverKey` when it is `server`. */
export interface RouteRequest<K extends RouteKey> {
  readonly params: Params<Endpoint<K>>;
  readonly query: Query<Endpoint<K>>;
  readonly body: Body<Endpoint<K>>;
  readonly session: Endpoint<K>['auth'] extends 'session' ? Session : undefined;
  readonly serverKey: Endpoint<K>['auth'] extends 'server' ? ServerKey : undefined;
  readonly site: Site;
  readonly ip: string;
  readonly userAgent: string | undefined;
  /** The URL that the client reaches this server by: scheme, host and port, and the path that a proxy may add. */
  readonly baseUrl: string;
  /** The refresh token that came in the site's cookie. */
  readonly refreshCookie: string | undefined;
  /** The body and a header as they came, for what is signed. */
  readonly rawBody: string;
  header(name: string): string;
  /** Sets or, with `undefined`, clears the refresh cookie. */
  setRefreshCookie(value: string | undefined, maxAgeSeconds?: number): void;
  /** Adds to the row that the audit log gets of a request by a server key. Writes get theirs anyway; a read gets one by this. */
  note(note: AuditNote): void;
}

/** A body that the database has written as JSON: the http layer passes its text on as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Lets JSON text stand for the body that it says. */
export const asBody = <T>(text: string): T => new JsonText(text) as unknown as T;

/** A route with its handler; the http layer mounts it. */
export interface Route {
  readonly key: RouteKey;
  // The list's types are checked where `route` is called; the mount point treats all alike.
  readonly handle: (request: RouteRequest<RouteKey>) => Promise<{ status: number; body: unknown }>;
}

type Handlers = { [K in RouteKey]: (request: RouteRequest<K>) => Promise<Reply<Endpoint<K>>> };

/** Ties a handler to a route of the protocol's list; params, query, body and answer are typed by it. */
export const route = <K extends RouteKey>(key: K, handle: Handlers[K]): Route => ({
  key,
  handle: handle as unknown as Route['handle'],
});

/** What a command's handler is given. */
export interface CommandRequest<T extends CommandType> {
  readonly data: CommandData<T>;
  readonly session: Session;
  readonly connectionId: string;
}

/** A command with its handler; the hub mounts it. `auth`, `ping` and the watch commands are the hub's own. */
export interface Command {
  readonly type: CommandType;
  readonly handle: (request: CommandRequest<CommandType>) => Promise<unknown>;
}

/** Ties a handler to a command of the protocol's list. */
export const command = <T extends CommandType>(
  type: T,
  handle: (request: CommandRequest<T>) => Promise<CommandReply<T>>,
): Command => ({
  type,
  handle: handle as unknown as Command['handle'],
});

/** What features are made of. */
export interface Deps {
  readonly config: Config;
  readonly db: Database;
  readonly hub: Hub;
  readonly log: Logger;
  readonly tokens: Tokens;
  readonly storage: Storage;
}

/** A feature: its routes and commands, what it begins when the server can work, and what it must end when the process does. */
export interface Feature {
  readonly routes: readonly Route[];
  readonly commands: readonly Command[];
  /** What it answers outside the API, such as pictures that pages show by their address. */
  readonly steps?: readonly Middleware[];
  /** Who may signal to whom; of the one feature that has calls. */
  readonly calls?: CallDirectory;
  /** Called when the schema is up to date. */
  open?(): void;
  close?(): Promise<void>;
}
