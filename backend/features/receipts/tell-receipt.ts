import type { MemberReceipt } from '../../../protocol/receipts.ts';
import type { Hub } from '../../hub/hub.ts';

/**
 * Tells of a receipt that has moved. Of those who do not show what they have read (`shows`), others learn only what has reached them, when that has moved
 * (`delivered`); their own devices learn all.
 */
export const tellReceipt = (
  hub: Pick<Hub, 'publish'>,
  conversationId: string,
  data: MemberReceipt,
  { shows, delivered }: { readonly shows: boolean; readonly delivered: boolean },
): void => {
  const type = 'receipt.updated';
  if (shows) return hub.publish(`receipts:${conversationId}`, { type, conversationId, data });
  hub.publish(`user:${data.userId}`, { type, conversationId, data });
  if (delivered) hub.publish(`receipts:${conversationId}`, { type, conversationId, data: { ...data, readSeq: 0 } });
};
