import { uuidv7 } from 'uuidv7';
import type { Queries } from '../database/transaction.ts';

/** What is to be told to whom: whoever composes mails knows the kinds. */
export interface Mailing {
  readonly siteId: string;
  readonly kind: string;
  readonly address: string;
  readonly userId?: string | undefined;
}

/** A mailing that one process has taken to send. */
export interface TakenMailing {
  readonly id: string;
  readonly siteId: string;
  readonly kind: string;
  readonly address: string;
  readonly userId: string | null;
  /** This one included. */
  readonly attempts: number;
  /** Seconds since it was put in. */
  readonly age: number;
}

/** Puts something into the outbox. Sent once this is committed. */
export const putMailing = async (queries: Queries, mailing: Mailing): Promise<void> => {
  await queries.query(
    'mails_put',
    'insert into mails (id, site_id, kind, address, user_id) values ($1, $2, $3, $4, $5)',
    [uuidv7(), mailing.siteId, mailing.kind, mailing.address, mailing.userId ?? null],
  );
};

/** Takes what is due, the longest due first. It comes due again after `leaseSeconds`, unless it is settled by then. */
export const takeMailings = (queries: Queries, room: number, leaseSeconds: number): Promise<TakenMailing[]> =>
  queries.query<TakenMailing & Record<string, unknown>>(
    'mails_take',
    `update mails m set attempts = m.attempts + 1, next_at = now() + make_interval(secs => $2)
     from (select id from mails where next_at <= now() order by next_at limit $1 for update skip locked) due
     where m.id = due.id
     returning m.id, m.site_id as "siteId", m.kind, m.address, m.user_id as "userId", m.attempts,
       extract(epoch from now() - m.created_at)::float8 as age`,
    [room, leaseSeconds],
  );

/** Takes a mailing out of the outbox: it was sent, or nobody is to be told, or nobody takes it. */
export const dropMailing = async (queries: Queries, id: string): Promise<void> => {
  await queries.query('mails_drop', 'delete from mails where id = $1', [id]);
};

/** Has a mailing tried again later. */
export const postponeMailing = async (queries: Queries, id: string, seconds: number): Promise<void> => {
  await queries.query('mails_postpone', 'update mails set next_at = now() + make_interval(secs => $2) where id = $1', [
    id,
    seconds,
  ]);
};
