import type { Database } from '../../database/connect.ts';
import { acrossSites } from '../../database/wall.ts';
import type { CallDirectory } from '../../hub/signalling-data.ts';
import { markSignalled } from './sightings.ts';
import type { Tickets } from './tickets.ts';

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Answers what the signalling socket asks of calls. */
export const createDirectory = (db: Database, tickets: Tickets): CallDirectory => ({
  async admit(ticket) {
    const holder = await tickets.read(ticket);
    if (!holder) return undefined;
    const { callId, peerId, userId, sessionId } = holder;
    const [row] = await acrossSites(() =>
      db.query<{ id: string; key: string }>('directory_admit', admitText, [callId, peerId, userId, sessionId]),
    );
    return row && { ...holder, siteId: row.id, siteKey: row.key };
  },
  async mayReach(callId, from, to) {
    // What a client sends may be anything.
    if (!uuid.test(to)) return false;
    return (await db.query('directory_reach', reachText, [callId, from, to])).length > 0;
  },
  seen: (peerIds) => acrossSites(() => markSignalled(db, peerIds)),
  // From when on nothing was heard of them says all.
  gone: () => undefined,
});

const admitText = `
select sites.id, sites.key
from call_participants p join calls c on c.id = p.call_id join sites on sites.id = c.site_id
  join sessions s on s.id = p.session_id join users u on u.id = p.user_id
  join members m on m.conversation_id = c.conversation_id and m.user_id = p.user_id
where p.call_id = $1 and p.peer_id = $2 and p.user_id = $3 and p.session_id = $4 and p.state = 'joined' and m.left_seq is null
  and sites.enabled and u.disabled_at is null and s.revoked_at is null and s.expires_at > now()`;

const reachText = `
select 1 as reached
from call_participants a join call_participants b on b.call_id = a.call_id join calls c on c.id = a.call_id
  join members ma on ma.conversation_id = c.conversation_id and ma.user_id = a.user_id
  join members mb on mb.conversation_id = c.conversation_id and mb.user_id = b.user_id
where a.call_id = $1 and a.peer_id = $2 and b.peer_id = $3 and a.state = 'joined' and b.state = 'joined' and a.user_id <> b.user_id
  and ma.left_seq is null and mb.left_seq is null
  and not exists (
    select from blocks k
    where (k.blocker_id = a.user_id and k.blocked_id = b.user_id) or (k.blocker_id = b.user_id and k.blocked_id = a.user_id)
  )`;
