import { TeatimeMessageSendEvent } from '../../chat-events.ts';
import { TeatimeFileRejectEvent } from '../../file-events.ts';
import type { OpenConversation, RejectedFile } from '../../model/types.ts';
import type { Recorded } from './recording.ts';

/**
 * Sends a recording as a message of its own, as the answer that the composer has begun, if it has. Resolves with the recording when it is not taken, which the
 * page is told too, with nothing when it is on its way, and with `undefined` when the page keeps it from going out.
 */
export async function sendRecording(
  from: EventTarget,
  conversation: OpenConversation,
  recorded: Recorded,
): Promise<readonly RejectedFile[] | undefined> {
  const { name, blob } = recorded;
  const file = { name, size: blob.size, type: blob.type };
  if (!from.dispatchEvent(new TeatimeMessageSendEvent(conversation.id, '', [file]))) return undefined;
  const { text, replyTo } = conversation.$draft.get();
  const rejected = await conversation.sendFiles([recorded], { ...(replyTo && { replyTo: replyTo.id }) });
  if (rejected.length > 0) from.dispatchEvent(new TeatimeFileRejectEvent(rejected));
  else if (replyTo) conversation.setDraft({ text });
  return rejected;
}
