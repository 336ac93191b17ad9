import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { MailConfig } from '../config.ts';
import type { Database } from '../database/connect.ts';
import { acrossSites, inSite } from '../database/wall.ts';
import type { Letter } from './letter.ts';
import { pause } from '../pause.ts';
import { dropMailing, postponeMailing, takeMailings, type TakenMailing } from './outbox.ts';
import { createSmtp, isRefusedForGood } from './smtp.ts';

/** Sends what is in the outbox; the postmen of several processes share the work. */
export interface Postman {
  start(): void;
  /** Something new is in the outbox. */
  wake(): void;
  /** Takes nothing more, and waits a little for what is under way. */
  close(): Promise<void>;
}

/** What a postman is made of. `compose` writes what a mailing says, or nothing when nobody is to be told any more. */
export interface PostmanParts {
  readonly mail: MailConfig;
  readonly db: Database;
  readonly log: Pick<Logger, 'warn'>;
  compose(mailing: TakenMailing): Promise<Letter | undefined>;
}

// What one process puts in another may find first: those that nobody was woken for are looked for this often.
const pollMs = 1000;
const atOnce = 6;
/** Longer than a mail server is waited for, so that no two send the same. */
const leaseSeconds = 120;
/** After how many seconds a mail that could not be sent is tried again; the last one again and again. */
const retrySeconds = [2, 10, 30, 2 * 60, 10 * 60, 30 * 60] as const;
const givenUpAfterSeconds = 24 * 60 * 60;
const closePatienceMs = 3000;

/** Makes the postman of a process. */
export const createPostman = ({ mail, db, log, compose }: PostmanParts): Postman => {
  const smtp = createSmtp(mail);
  const stopped = new AbortController();
  let wake = (): void => undefined;
  let woken = false;
  let working: Promise<void> | undefined;

  const carry = async (mailing: TakenMailing): Promise<void> => {
    const { id, kind, siteId, address, attempts, age } = mailing;
    try {
      const letter = await compose(mailing);
      if (letter) await smtp.send(letter, { id, to: address });
      await dropMailing(db, id);
    } catch (error) {
      // Neither addresses nor what servers answer, which names them, get into the log.
      const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
      const facts = { event: 'mail_failed', mail: id, kind, siteId, attempts, code, responseCode };
      if (isRefusedForGood(error) || age > givenUpAfterSeconds) {
        log.warn(facts, 'unable to send a mail; it is given up');
        return dropMailing(db, id);
      }
      log.warn(facts, 'unable to send a mail; it is tried again later');
      await postponeMailing(db, id, retrySeconds[attempts - 1] ?? 30 * 60);
    }
    return undefined;
  };

  const round = async (): Promise<boolean> => {
    const taken = await acrossSites(() => takeMailings(db, atOnce, leaseSeconds));
    // What cannot even be written down comes due again by itself.
    await Promise.all(taken.map((mailing) => inSite(mailing.siteId, () => carry(mailing)).catch(() => undefined)));
    return taken.length === atOnce;
  };

  const work = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      woken = false;
      const called = new Promise<void>((resolve) => (wake = resolve));
      // While the database is away, others say so.
      const isMore = await round().catch(() => false);
      if (isMore || woken) continue;
      await pause(called, pollMs);
    }
  };

  const call = (): void => {
    woken = true;
    wake();
  };
  return {
    start: () => void (working ??= work()),
    wake: call,
    async close() {
      stopped.abort();
      call();
      // What a server that is silent has not taken by then comes due again, when its lease is over.
      await Promise.race([working, wait(closePatienceMs, undefined, { ref: false })]);
      smtp.close();
    },
  };
};
