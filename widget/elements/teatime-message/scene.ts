import type { Message } from '../../../protocol/messages.ts';
import type { Feature } from '../../context.ts';
import type { Format } from '../../locales/format.ts';
import type { Strings } from '../../locales/strings.ts';
import type { TimelineItem } from '../../model/types.ts';
import { parse } from '../message-text/parse.ts';

/** What somebody wants done with a message. */
export type MessageAction =
  | { readonly type: 'react'; readonly item: TimelineItem; readonly emoji: string; readonly on: boolean }
  | { readonly type: 'reply' | 'edit' | 'delete' | 'copy' | 'retry' | 'discard'; readonly item: TimelineItem }
  | { readonly type: 'jump'; readonly messageId: string };

/** What all messages of a timeline share. It is replaced, never changed, when anything in it does. */
export interface MessageScene {
  readonly strings: Strings;
  readonly format: Format;
  readonly dir: 'ltr' | 'rtl';
  readonly features: ReadonlySet<Feature>;
  /** A direct message needs no names: there are only two. */
  readonly direct: boolean;
  readonly meId: string;
  /** One's role lets one delete what others wrote. */
  readonly moderator: boolean;
  /** Those whom `@name` mentions, in lower case. */
  readonly usernames: ReadonlySet<string>;
  nameOf(userId: string): string | undefined;
  quoted(messageId: string): Promise<Message | undefined>;
  act(action: MessageAction): void;
  /** Says in words that something went wrong. */
  tell(error: unknown): void;
}

/** Nobody can react to, answer or edit what is deleted or not sent yet. */
export function isSettled(item: TimelineItem): boolean {
  return item.message.deletedAt === undefined && item.delivery !== 'sending' && item.delivery !== 'failed';
}

/** The text for a quote or an announcement: on one line, and not too long. */
export function snippet(message: Message, strings: Strings): string {
  if (message.deletedAt) return strings.pane.message.deleted;
  // As it is shown: without the asterisks around bold words.
  const spans = parse(message.text.slice(0, 300)).filter(({ kind }) => kind !== 'mark');
  const line = spans
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();
  return line.length > 140 ? `${line.slice(0, 139).toWellFormed()}…` : line;
}
