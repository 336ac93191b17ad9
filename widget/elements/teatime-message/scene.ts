import type { File } from '../../../protocol/files.ts';
import type { Message } from '../../../protocol/messages.ts';
import type { ReportReason } from '../../../protocol/reports.ts';
import type { Feature } from '../../context.ts';
import type { Format } from '../../locales/format.ts';
import type { Strings } from '../../locales/strings.ts';
import type { OpenConversation, TimelineItem } from '../../model/types.ts';
import { clock } from '../clock.ts';
import { parse } from '../message-text/parse.ts';

/** What somebody wants done with a message. */
export type MessageAction =
  | { readonly type: 'react'; readonly item: TimelineItem; readonly emoji: string; readonly on: boolean }
  | { readonly type: 'reply' | 'edit' | 'delete' | 'copy' | 'retry' | 'discard'; readonly item: TimelineItem }
  | { readonly type: 'report'; readonly item: TimelineItem; readonly reason: ReportReason }
  | { readonly type: 'jump'; readonly messageId: string };

/** What all messages of a timeline share. It is replaced, never changed, when anything in it does. */
export interface MessageScene {
  readonly strings: Strings;
  readonly format: Format;
  readonly dir: 'ltr' | 'rtl';
  readonly features: ReadonlySet<Feature>;
  readonly conversation: OpenConversation;
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

/** Nobody can react to, answer or edit what is deleted, not sent yet, or a call. */
export function isSettled(item: TimelineItem): boolean {
  const { deletedAt, call } = item.message;
  return !deletedAt && !call && item.delivery !== 'sending' && item.delivery !== 'failed';
}

type Named = Pick<File, 'kind' | 'name' | 'durationMs'>;

/** The text for a quote or an announcement: on one line, and not too long. Of an unsent message the files are given. */
export function snippet(
  message: Message,
  strings: Strings,
  files: readonly Named[] = message.files,
  own = false,
): string {
  const { message: words, timeline } = strings.pane;
  if (message.deletedAt) return words.deleted;
  // The words for calls come soon after the first picture.
  if (message.call) return (strings.calls as Strings['calls'] | undefined)?.entry.text(message.call, own) ?? '';
  // As it is shown: without the asterisks around bold words.
  const spans = parse(message.text.slice(0, 300)).filter(({ kind }) => kind !== 'mark');
  const line = spans
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();
  const text = line.length > 140 ? `${line.slice(0, 139).toWellFormed()}…` : line;
  const what = inWords(files, words);
  return what && text ? timeline.said(what, text) : what + text;
}

/** Files in a few words: "Photo", "Voice message 0:12", "report.pdf", "2 files: report.pdf, …". */
function inWords([first, second, ...more]: readonly Named[], words: Strings['pane']['message']): string {
  if (!first) return '';
  const { kind, name, durationMs = 0 } = first;
  if (second) return `${words.files(more.length + 2)}: ${name}, …`;
  if (kind === 'voice') return `${words.voice} ${clock(durationMs)}`;
  return kind === 'image' || kind === 'video' ? words[kind] : name;
}
