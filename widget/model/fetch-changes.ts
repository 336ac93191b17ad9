import type { Member } from '../../protocol/conversations.ts';
import type { Message } from '../../protocol/messages.ts';
import type { Changes } from './record.ts';
import type { Request } from './sync.ts';

const pageSize = 500;

/**
 * Everything that changed after a `seq`, all pages together: between two pages a message may be missing that was changed later
 * than its neighbours, so that nothing of it may be shown before the last one. `undefined` when a page is of another epoch.
 */
export const fetchChanges = async (
  request: Request,
  conversationId: string,
  from: { readonly after: number; sameEpoch(epoch: string): boolean },
): Promise<Changes | undefined> => {
  const messages: Message[] = [];
  const members: Member[] = [];
  let conversation: Changes['conversation'];
  let { after } = from;
  for (;;) {
    const page = await request('GET /conversations/:conversationId/changes', {
      params: { conversationId },
      query: { after, limit: pageSize },
    });
    if (!from.sameEpoch(page.epoch)) return undefined;
    messages.push(...page.messages);
    members.push(...page.members);
    conversation = page.conversation ?? conversation;
    after = page.next;
    if (!page.hasMore) return { messages, members, conversation, head: after };
  }
};
