import type { ReadableAtom } from 'nanostores';
import type { Call } from '../../protocol/calls.ts';
import type { ConversationKind, Member } from '../../protocol/conversations.ts';
import type { FileKind, FileLimits, SharedFile } from '../../protocol/files.ts';
import type { Message } from '../../protocol/messages.ts';
import type { ReportReason } from '../../protocol/reports.ts';
import type { ServiceConfig } from '../../protocol/service.ts';
import type { AvatarColor, PresenceState, Settings, User } from '../../protocol/users.ts';
import type { Failure } from '../client/failure.ts';
import type { SessionState, TokenProvider } from '../client/session.ts';
import type { WebSocketConstructor } from '../client/lines.ts';
import type { ConnectionState } from '../client/socket-client.ts';
import type { CallHandle, CallView, DeviceProblem } from './call/types.ts';

export type * from './call/types.ts';
export type { Failure, SessionState, TokenProvider, ConnectionState };

/** A conversation as a list or a header shows it. `title` is the group's, or the other person's name. */
export interface ConversationView {
  readonly id: string;
  readonly kind: ConversationKind;
  readonly title: string;
  /** The other person of a direct message. */
  readonly peer?: User;
  readonly avatarColor: AvatarColor;
  readonly avatarUrl?: string;
  readonly members: readonly Member[];
  readonly memberCount: number;
  readonly myRole: Member['role'];
  readonly head: number;
  readonly unread: number;
  readonly lastMessage?: Message;
  /** Epoch milliseconds. */
  readonly lastActivityAt: number;
  readonly muted: boolean;
  readonly pinned: boolean;
  /** The site has closed it: nobody can write there. */
  readonly closed: boolean;
}

/** The list of conversations, newest activity first, pinned ones on top. */
export interface ConversationsState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly items: readonly ConversationView[];
  readonly hasMore: boolean;
}

/** How far one's own message has come. */
export type DeliveryState = 'sending' | 'failed' | 'sent' | 'delivered' | 'read';

/** Something to be sent: a file that was picked, pasted or dropped, or a recording. */
export interface Attachment {
  readonly blob: Blob;
  readonly name: string;
  /** Of a recording made in the composer: its length, and loudness from 0 to 100 in at most 128 equal steps. */
  readonly voice?: { readonly durationMs: number; readonly waveform: readonly number[] };
}

/** Why a file is not taken, before anything is uploaded: `too_large`, `empty`, `wrong_type`, `too_many` in one message, or `off`: the server takes none. */
export interface RejectedFile {
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly reason: 'too_large' | 'empty' | 'wrong_type' | 'too_many' | 'off';
}

/** A file on its way to the server. `processing`: all bytes are there and the server looks at them. */
export interface StagedFile {
  /** Stays the same over retries and reloads. */
  readonly key: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  readonly kind: FileKind;
  readonly status: 'waiting' | 'uploading' | 'processing' | 'ready' | 'failed';
  /** From 0 to 1. */
  readonly progress: number;
  readonly failure?: Failure;
  /** A `blob:` URL of the file itself, for pictures, video and sound; revoked when nothing shows it any more. */
  readonly preview?: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  readonly waveform?: readonly number[];
}

/** Addresses to show a file by. They end: ask again each time, the answer is kept while it is good. */
export interface FileAddress {
  readonly url: string;
  readonly thumbnailUrl?: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What was shared in a conversation, newest first. */
export interface SharedFiles {
  readonly files: readonly SharedFile[];
  readonly hasMore: boolean;
}

/** A message as the timeline shows it. Unsent ones have `seq` infinity and the outbox's client id as `id`. */
export interface TimelineItem {
  /** Stays the same from the first optimistic showing on: the client id for one's own, the message id for others'. */
  readonly key: string;
  readonly message: Message;
  readonly sender: User;
  readonly own: boolean;
  readonly delivery?: DeliveryState;
  /** Why it could not be sent. */
  readonly failure?: Failure;
  /** The files of one's own message that is not sent yet, whose `message.files` are empty so far. */
  readonly uploads?: readonly StagedFile[];
}

/** What is loaded of a timeline: an unbroken run of messages, oldest first. */
export interface TimelineState {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly items: readonly TimelineItem[];
  readonly hasOlder: boolean;
  /** The first message that was unread when the conversation was opened, for the "new messages" line. */
  readonly firstUnreadKey?: string;
}

/** What is being written. */
export interface Draft {
  readonly text: string;
  readonly replyTo?: Message;
  readonly editing?: Message;
}

/** An open conversation. Obtain one per conversation by `Chat.open`; it follows the server until `close`. */
export interface OpenConversation {
  readonly id: string;
  readonly $conversation: ReadableAtom<ConversationView | undefined>;
  readonly $timeline: ReadableAtom<TimelineState>;
  readonly $typing: ReadableAtom<readonly User[]>;
  readonly $draft: ReadableAtom<Draft>;
  /** The tray of the composer: files that go with the next message. They upload at once. */
  readonly $staged: ReadableAtom<readonly StagedFile[]>;
  /** Loads the page before what is shown; resolves when it is in `$timeline`. */
  loadOlder(): Promise<void>;
  /** The quoted message of a reply, from memory or the server; `undefined` when it cannot be had. */
  quoted(messageId: string): Promise<Message | undefined>;
  /**
   * Puts the text and what is in the tray into the outbox and shows them at once, whether or not the files have arrived; resolves when they are kept,
   * not when they are sent. The text may be empty when there are files.
   */
  send(text: string, options?: { replyTo?: string; mentions?: readonly string[] }): Promise<void>;
  /** Sends these files as a message of their own, past the tray: a recording, or `send({ files })` of the page. */
  sendFiles(
    files: readonly Attachment[],
    options?: { text?: string; replyTo?: string },
  ): Promise<readonly RejectedFile[]>;
  /** Puts files into the tray; resolves with those that are not taken. */
  attach(files: readonly Attachment[]): Promise<readonly RejectedFile[]>;
  /** Cancels an upload: takes the file out of the tray or of the unsent message that it is in, which goes too when nothing is left of it. */
  cancelUpload(fileKey: string): void;
  /** Tries a failed upload again. */
  retryUpload(fileKey: string): void;
  /** A page of what was shared here; `before` is the `seq` of the last one known. */
  sharedFiles(kind: 'media' | 'audio' | 'file', before?: number): Promise<SharedFiles>;
  retry(key: string): void;
  /** Drops a message that could not be sent, or that still waits for its files. */
  discard(key: string): void;
  edit(messageId: string, text: string, options?: { mentions?: readonly string[] }): Promise<void>;
  delete(messageId: string): Promise<void>;
  react(messageId: string, emoji: string, on: boolean): Promise<void>;
  setDraft(draft: Draft): void;
  /** Call on each key press in the composer; it tells others at the right pace. */
  typing(): void;
  /** Call while the newest message is on screen and the page is visible. */
  markRead(): void;
  close(): void;
}

/** Fields of the register form. */
export interface Registration {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  readonly email?: string;
  readonly phone?: string;
}

/**
 * Something that the host page or a person should be told of: each message of somebody else as it arrives (`open` when its
 * conversation is open on a visible page, so that nobody need be told aloud), a device that a call cannot use, and failures of what nobody waits for.
 */
export type ChatNotice =
  | {
      readonly type: 'message';
      readonly conversation: ConversationView;
      readonly message: Message;
      readonly sender: User;
      readonly open: boolean;
    }
  | ({ readonly type: 'permission' } & DeviceProblem)
  | { readonly type: 'error'; readonly failure: Failure };

/**
 * The chat without pixels: one server, one site, one person. All methods that return promises reject with a `ChatError`
 * (exported by `chat.ts`, with `failureOf` to read any error), but for what an AbortSignal ends: that rejects with the signal's reason.
 * The `$` stores hold immutable values and change only when what they show does.
 */
export interface Chat {
  readonly $session: ReadableAtom<SessionState>;
  readonly $connection: ReadableAtom<ConnectionState>;
  readonly $conversations: ReadableAtom<ConversationsState>;
  /** Unread messages of all conversations that are not muted. */
  readonly $unread: ReadableAtom<number>;
  /** Ids of the people whom one has blocked. */
  readonly $blocked: ReadableAtom<ReadonlySet<string>>;
  /** True when sent messages cannot be kept over a reload (IndexedDB is missing, full or refused). */
  readonly $memoryOnly: ReadableAtom<boolean>;

  /** Restores the session, if there is one, and connects. */
  start(): Promise<void>;
  register(registration: Registration): Promise<void>;
  /** Comes in with a name only, where the site takes guests. Some work is done first, which takes a moment. */
  enterAsGuest(displayName: string): Promise<void>;
  signIn(identifier: string, password: string): Promise<void>;
  /** `forget` also drops drafts and unsent messages of this person from the device. */
  signOut(options?: { forget?: boolean }): Promise<void>;
  updateProfile(changes: { displayName?: string; avatarColor?: AvatarColor }): Promise<void>;
  /** What one lets others do and know, after these changes if there are any. */
  settings(changes?: Partial<Settings>): Promise<Settings>;
  /** Signs out all other devices. */
  changePassword(currentPassword: string, newPassword: string): Promise<void>;
  /** Uploads one's picture, square and already cut to size, or takes it away. */
  setAvatar(picture: Blob | undefined): Promise<void>;
  setGroupAvatar(conversationId: string, picture: Blob | undefined): Promise<void>;
  /** What the server says of itself and of the site; `undefined` until it is known. */
  readonly $config: ReadableAtom<ServiceConfig | undefined>;
  /** What the server lets one send; `undefined` until it is known, and where files are switched off. */
  readonly $fileLimits: ReadableAtom<FileLimits | undefined>;
  /** Where a file of a message can be loaded from now. Rejects with `not_found` when one may not see it any more. */
  fileAddress(fileId: string): Promise<FileAddress>;
  /** The `blob:` URL of a file that this page has sent itself: there at once, and without a request. */
  localPreview(fileId: string): string | undefined;
  searchUsers(search: string, signal?: AbortSignal): Promise<readonly User[]>;
  /** Opens the direct message with somebody, made if need be; resolves with its id. */
  openDirect(userId: string): Promise<string>;
  createGroup(title: string, userIds: readonly string[]): Promise<string>;
  renameGroup(conversationId: string, title: string): Promise<void>;
  addMembers(conversationId: string, userIds: readonly string[]): Promise<void>;
  removeMember(conversationId: string, userId: string): Promise<void>;
  setRole(conversationId: string, userId: string, role: Member['role']): Promise<void>;
  leave(conversationId: string): Promise<void>;
  setMuted(conversationId: string, muted: boolean): Promise<void>;
  setPinned(conversationId: string, pinned: boolean): Promise<void>;
  block(userId: string, on: boolean): Promise<void>;
  /** Tells those who run the site of what somebody said, once; `comment` is what one adds. */
  report(message: Message, reason: ReportReason, comment?: string): Promise<void>;
  /** Loads all members into `$conversations`. */
  loadMembers(conversationId: string): Promise<void>;
  loadMoreConversations(): Promise<void>;
  open(conversationId: string): OpenConversation;
  /** Presence of anybody known, live. */
  presence(userId: string): ReadableAtom<PresenceState | undefined>;
  /** When somebody was last connected (ISO 8601), live; known of those who are offline and let one see it. */
  lastSeen(userId: string): ReadableAtom<string | undefined>;
  /** Who is writing in a conversation now, live, open or not: the list shows it too. */
  typing(conversationId: string): ReadableAtom<readonly User[]>;
  /** How many the server lets into a call; `undefined` until it is known, and where calls are switched off. */
  readonly $callLimits: ReadableAtom<ServiceConfig['calls']>;
  /** The call that concerns this page: it rings here, one is in it, here or elsewhere, or it has just ended. */
  readonly $call: ReadableAtom<CallView | undefined>;
  /** All calls that are on in one's conversations, by the conversation's id. */
  readonly $calls: ReadableAtom<ReadonlyMap<string, Call>>;
  /** What one does in calls; it is loaded when it is first asked for, or when somebody calls. */
  calls(): Promise<CallHandle>;
  /** Tries to connect now instead of at `retryAt`. */
  reconnectNow(): void;
  /** Calls back for each notice until the returned function is called. */
  onNotice(listener: (notice: ChatNotice) => void): () => void;
  /** Ends everything: sockets, timers, stores. */
  destroy(): void;
}

/** What a chat is made of. */
export interface ChatOptions {
  /** Origin of the chat server, such as `https://chat.example.com`; may have a path. */
  readonly server: string;
  readonly site: string;
  /** When given, password sign-in is off and this hands out the access tokens. */
  readonly tokenProvider?: TokenProvider;
  /** How drafts and unsent messages are kept: not at all, for this tab, or on this device. Messages with files outlive a reload only on this device. */
  readonly storage: 'none' | 'session' | 'local';
  /** STUN and TURN servers for calls, in place of those that the server names; asked whenever a call is begun or answered. `undefined`: the server's. */
  readonly iceServers?: () => readonly RTCIceServer[] | undefined;
  /** For surroundings without them, such as Node 20 (no WebSocket) or tests with a cookie jar. */
  readonly fetch?: typeof fetch;
  readonly webSocket?: WebSocketConstructor;
}
