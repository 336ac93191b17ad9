import type { Queries } from '../../database/transaction.ts';
import type { Deps } from '../../feature.ts';
import { pairLockKey, pairLockText } from '../conversations/index.ts';
import type { Told } from './claim.ts';
import { directOf, moveDirect } from './move-direct.ts';
import { changeHands } from './change-hands.ts';

/** Who hands over, and who takes. */
export interface Hands {
  readonly siteId: string;
  readonly guestId: string;
  readonly personId: string;
}

interface PlaceRow {
  readonly [column: string]: unknown;
  readonly id: string;
  readonly kind: 'dm' | 'group';
  /** Of a direct message: who else is in it. */
  readonly peerId: string | null;
  /** Nothing stands in the way of moving it. */
  readonly open: boolean;
}

/**
 * Hands what a guest has to somebody who was there before. In groups the person takes the guest's place; a direct message goes to the end of the person's own
 * with the same other. One with a block, that is closed, or that a call is on in, stays with the guest, and so does one with the person themself:
 * whoever else is in it keeps it. Blocks hold for the person too. The guest's account is closed.
 */
export const handOver = async (
  deps: Pick<Deps, 'config' | 'db' | 'hub'>,
  transaction: Queries,
  hands: Hands,
): Promise<Told> => {
  const { siteId, guestId, personId } = hands;
  const blocked = await passOnBlocks(transaction, hands);
  const places = await transaction.query<PlaceRow>('guests_places', placesText, [guestId]);
  const directs = places.filter(
    ({ kind, open, peerId }) => kind === 'dm' && open && peerId !== null && peerId !== personId,
  );
  // Pairs before rows, as everybody takes them.
  const pairs = directs.flatMap(({ peerId }) =>
    [guestId, personId].map((one) => pairLockKey(siteId, one, peerId ?? '')),
  );
  for (const pair of pairs.sort()) await transaction.query('guests_pair_lock', pairLockText, [pair]);
  const targets = [];
  for (const { id, peerId } of directs) {
    targets.push({ from: id, peerId: peerId ?? '', ...(await directOf(transaction, hands, peerId ?? '')) });
  }
  const groups = places.filter(({ kind }) => kind === 'group').map(({ id }) => id);
  await transaction.query('guests_lock_places', lockText, [
    [...groups, ...targets.flatMap(({ from, into }) => [from, into])],
  ]);
  const tells: Told[] = [];
  for (const target of targets) tells.push(await moveDirect(deps, transaction, hands, target));
  for (const id of groups) tells.push(await changeHands(deps, transaction, hands, id));
  for (const [name, text] of belongingsTexts) await transaction.query(name, text, [guestId, personId]);
  await transaction.query('guests_close', 'update users set disabled_at = now() where id = $1', [guestId]);
  return async () => {
    for (const otherId of blocked) deps.hub.blockChanged(personId, otherId, true);
    for (const tell of tells) await tell();
  };
};

/** A block that somebody put on the guest, or the guest on them, holds between them and the person. Returns with whom. */
const passOnBlocks = async (transaction: Queries, { siteId, guestId, personId }: Hands): Promise<string[]> => {
  const rows = await transaction.query<{ id: string }>('guests_pass_on_blocks', blocksText, [
    siteId,
    guestId,
    personId,
  ]);
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) {
    await transaction.query('guests_mark_blocked', markBlockedText, [siteId, personId, ids]);
  }
  return ids;
};

const blocksText = `
with given as (
  select case when blocker_id = $2 then $3 else blocker_id end as blocker_id,
    case when blocked_id = $2 then $3 else blocked_id end as blocked_id
  from blocks where (blocker_id = $2 or blocked_id = $2) and $3 not in (blocker_id, blocked_id)
), passed as (
  insert into blocks (site_id, blocker_id, blocked_id) select $1, blocker_id, blocked_id from given on conflict do nothing
)
select distinct case when blocker_id = $3 then blocked_id else blocker_id end as id from given`.replace(
  /\$([123])/g,
  '$$$1::uuid',
);

const markBlockedText = `
update conversations c set blocked = true
from unnest($3::uuid[]) as other (id)
where c.site_id = $1 and c.dm_key = least($2::uuid::text, other.id::text) || ':' || greatest($2::uuid::text, other.id::text)`;

const placesText = `
select c.id, c.kind, nullif(replace(replace(coalesce(c.dm_key, ''), $1::uuid::text, ''), ':', ''), '')::uuid as "peerId",
  not c.blocked and c.closed_at is null
    and not exists (select from calls where calls.conversation_id = c.id and calls.state <> 'ended') as open
from members m join conversations c on c.id = m.conversation_id
where m.user_id = $1 and m.left_seq is null order by c.id`;

const lockText = 'select from conversations where id = any ($1::uuid[]) order by id for no key update';

// What is not in a conversation, or says of one who began it. Files count for the quota of whoever has them.
const belongingsTexts = [
  ['guests_give_origin', 'update conversations set created_by = $2 where created_by = $1'],
  ['guests_give_calls', 'update calls set started_by = $2 where started_by = $1'],
  [
    'guests_give_places',
    `update call_participants p set user_id = $2 where user_id = $1 and state <> 'joined'
       and not exists (select from call_participants o where o.call_id = p.call_id and o.user_id = $2)`,
  ],
  [
    'guests_give_files',
    `with given as (
       update files f set owner_id = $2 where owner_id = $1 and used_at is not null
         and not exists (select from files o where o.owner_id = $2 and o.client_id = f.client_id)
       returning f.site_id, f.state, f.size
     ), sums as (
       select site_id, count(*) as files, sum(size) as bytes from given where state in ('uploading', 'ready') group by site_id
     ), lost as (
       update file_usage u set files = u.files - sums.files, bytes = u.bytes - sums.bytes
       from sums where u.site_id = sums.site_id and u.user_id = $1
     )
     insert into file_usage as u (site_id, user_id, files, bytes) select site_id, $2, files, bytes from sums
     on conflict (site_id, user_id) do update set files = u.files + excluded.files, bytes = u.bytes + excluded.bytes`,
  ],
] as const;
