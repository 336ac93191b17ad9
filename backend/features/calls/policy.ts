import type { CallsConfig } from '../../config.ts';
import type { Queries } from '../../database/transaction.ts';
import { Problem } from '../../problem.ts';
import type { CallPolicy } from '../sites/index.ts';

/**
 * SQL that holds when somebody has shown that they know who is in a conversation: they wrote there, or began a call. That others write, call or bring
 * them in proves nothing, and neither does it that they answered. All other people there are strangers to them. `exceptCall` is a call that does not count.
 */
export const hasSpokenIn = (conversation: string, user: string, exceptCall = 'null'): string => `(
  exists (select from messages where conversation_id = ${conversation} and sender_id = ${user} and call is null)
  or exists (
    select from calls
    where conversation_id = ${conversation} and started_by = ${user} and id is distinct from ${exceptCall}
  )
)`;

/** Whether nobody in a call may learn where somebody is: where a guest could, all are among strangers. Throws `dependency_unavailable` when there is no server to go through. */
export const mustRelay = async (
  queries: Queries,
  { relayOnly }: CallPolicy,
  { turn }: CallsConfig,
  { conversationId, userId, callId }: { conversationId: string; userId: string; callId?: string },
): Promise<boolean> => {
  if (relayOnly === 'nobody') return false;
  if (relayOnly === 'strangers') {
    const values = [conversationId, userId, callId ?? null];
    const [row] = await queries.query<{ spoken: boolean }>('calls_spoken', spokenText, values);
    if (row?.spoken) return false;
  }
  if (turn) return true;
  throw new Problem(
    'dependency_unavailable',
    'unable to call; the site relays such calls, and there is no TURN server',
  );
};

/** SQL that holds when a guest is in a conversation: whatever they say, nobody knows them and they know nobody. */
const hasGuest = (conversation: string): string => `exists (
  select from members m join users u on u.id = m.user_id
  where m.conversation_id = ${conversation} and m.left_seq is null and u.kind = 'guest'
)`;

const spokenText = `select ${hasSpokenIn('$1', '$2', '$3::uuid')} and not ${hasGuest('$1')} as spoken`;
