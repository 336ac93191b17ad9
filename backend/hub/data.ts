import type { CloseReason } from '../../protocol/codes.ts';
import type { Me } from '../../protocol/users.ts';
import type { Session } from '../feature.ts';

/** What a user lets others know: how far they have read, where they are, that they write. */
export interface Shows {
  readonly receipts: boolean;
  readonly presence: boolean;
  readonly typing: boolean;
}

/** What a connection starts from. */
export interface Admission {
  readonly me: Me;
  /** Every conversation that the user is a member of, with its change counter. */
  readonly heads: Readonly<Record<string, number>>;
  /** The other person of each direct message: conversation id → user id. */
  readonly directPeers: Readonly<Record<string, string>>;
  /** Everybody with a block between them and the user, whoever of the two blocked. */
  readonly blockedIds: readonly string[];
  readonly shows: Shows;
  readonly epoch: string;
}

/** Where a socket was opened: the site that its URL names, and the page's origin unless that is the server's own. */
export interface Doorway {
  readonly siteKey: string;
  readonly origin: string | undefined;
}

/** All that the hub asks of the database. Rejects when the database is away: the hub then answers `dependency_unavailable`. */
export interface HubData {
  /**
   * Lets a verified token in, or names the close code: `session_revoked` for a session that was revoked or has ended, `unauthorized` for a user who is
   * disabled or gone and for a token of another site than the doorway's or an origin that the site does not allow, `site_disabled`.
   */
  admit(session: Session, doorway: Doorway): Promise<Admission | { readonly refused: CloseReason }>;
  /** Whether pages of this origin (normalised, `scheme://host[:port]`) may open sockets of the site. False for a site that does not exist. */
  siteAllows(siteKey: string, origin: string): Promise<boolean>;
  /** The change counters of these conversations; those that do not exist are left out. */
  heads(conversationIds: readonly string[]): Promise<Readonly<Record<string, number>>>;
  /** Up to 200 present members of a conversation, if the user is one of them. */
  members(conversationId: string, userId: string): Promise<readonly string[] | undefined>;
  /** Keeps when the user was last connected. */
  seen(userId: string, at: Date): Promise<void>;
}

/** The part of `Tokens` that the hub needs: throws a Problem, `token_expired` or `token_invalid`. `expiresAt` is in epoch seconds. */
export interface TokenVerifier {
  verify(token: string): Promise<Session & { readonly expiresAt: number }>;
}
