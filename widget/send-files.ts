import { TeatimeFileRejectEvent } from './file-events.ts';
import type { OpenConversation } from './model/types.ts';

/** Sends files of the page, with a text, as a message of their own; those that are not taken are told by `teatime-file-reject` on the element. */
export async function sendFiles(
  host: EventTarget,
  conversation: OpenConversation,
  files: Iterable<File>,
  text: string,
): Promise<void> {
  const attachments = [...files].map((blob) => ({ blob, name: blob.name }));
  if (attachments.length === 0) return conversation.send(text);
  const rejected = await conversation.sendFiles(attachments, { text });
  if (rejected.length > 0) host.dispatchEvent(new TeatimeFileRejectEvent(rejected));
}
