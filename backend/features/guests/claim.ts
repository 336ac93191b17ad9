import type { Queries } from '../../database/transaction.ts';
import type { Deps, Session } from '../../feature.ts';
import { hashOf } from '../sessions/index.ts';
import { adopt } from './adopt.ts';
import { handOver } from './hand-over.ts';

/** By what somebody shows that a guest's session is theirs: its access token, or its refresh token. Knowing who the guest is proves nothing. */
export interface GuestProof {
  readonly siteId: string;
  /** Of a verified access token. */
  readonly session: Session | undefined;
  readonly refreshToken: string | undefined;
}

/** What has to be told once a claim is committed. */
export type Told = () => Promise<void>;

/**
 * Gives what a guest has to the person whom the site vouches for: the guest becomes that person when there was none, else their conversations are handed
 * over. The guest's sessions end. Part of the transaction of a sign-on; nothing happens without a guest who can be claimed.
 */
export const claimGuest = async (
  deps: Pick<Deps, 'config' | 'db' | 'hub' | 'log'>,
  transaction: Queries,
  proof: GuestProof,
  externalId: string,
): Promise<Told | undefined> => {
  const { siteId, session, refreshToken } = proof;
  const sessionId = session?.kind === 'guest' ? session.sessionId : null;
  if (sessionId === null && refreshToken === undefined) return undefined;
  const values = [siteId, sessionId, refreshToken === undefined ? null : hashOf(refreshToken)];
  const [found] = await transaction.query<{ id: string }>('guests_of_proof', proofText, values);
  if (!found) return undefined;
  // The same lock as that of a sign-on, so that the person is not made meanwhile.
  await transaction.query('guests_lock_person', 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `${siteId} ${externalId}`,
  ]);
  // Of two claims at once one comes first; for the other there is no such guest any more.
  const [guest] = await transaction.query<{ id: string }>(
    'guests_lock',
    `select id from users where id = $1 and site_id = $2 and kind = 'guest' and disabled_at is null for no key update`,
    [found.id, siteId],
  );
  if (!guest) return undefined;
  const [person] = await transaction.query<{ id: string; disabled: boolean }>(
    'guests_person',
    'select id, disabled_at is not null as disabled from users where site_id = $1 and external_id = $2',
    [siteId, externalId],
  );
  if (person?.disabled) return undefined;
  const tell = person
    ? await handOver(deps, transaction, { siteId, guestId: guest.id, personId: person.id })
    : await adopt(deps, transaction, { siteId, guestId: guest.id, externalId });
  const ended = await transaction.query<{ id: string }>(
    'guests_end_sessions',
    `update sessions set revoked_at = now(), revoked_reason = 'claimed' where user_id = $1 and revoked_at is null returning id`,
    [guest.id],
  );
  return async () => {
    for (const { id } of ended) deps.hub.closeSession(id, 'session_revoked');
    // Whoever hears nothing of it sees the gap, and fetches what changed.
    await tell().catch((error: unknown) => deps.log.warn({ err: error }, 'unable to tell of a guest who was claimed'));
  };
};

// A refresh token that was traded a moment ago still stands for its session: the answer may be on its way.
const proofText = `
select s.user_id as id from sessions s join users u on u.id = s.user_id
where s.site_id = $1 and s.revoked_at is null and s.expires_at > now() and u.kind = 'guest' and u.disabled_at is null
  and (s.id = $2 or s.id = (
    select session_id from refresh_tokens
    where hash = $3 and expires_at > now() and (used_at is null or used_at > now() - interval '10 seconds')
  ))
order by s.id is not distinct from $2::uuid desc limit 1`;
