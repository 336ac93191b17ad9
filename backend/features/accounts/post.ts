import type { Queries } from '../../database/transaction.ts';
import type { Deps } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { putMailing, type Mailing } from '../../mail/outbox.ts';
import { createPostman, type Postman } from '../../mail/postman.ts';
import { createCompose, type MailingKind } from './compose.ts';
import { keepAddress, type LinkOwner } from './links.ts';

/** What features do by mail. */
export interface Post extends Pick<Postman, 'start' | 'close'> {
  /** Has people written to about something, once the queries are committed and `wake` is called. */
  tell(queries: Queries, mailing: Omit<Mailing, 'kind'> & { readonly kind: MailingKind }): Promise<void>;
  /** Keeps an address that somebody gave, and has it asked whether it is theirs. */
  giveAddress(queries: Queries, given: LinkOwner): Promise<void>;
  wake(): void;
}

const hour = 60 * 60;

/** Makes the post of a process; `undefined` where the server sends no mail. */
export const createPost = ({ config, db, log }: Pick<Deps, 'config' | 'db' | 'log'>): Post | undefined => {
  const { mail } = config;
  if (!mail) return undefined;
  const postman = createPostman({ mail, db, log, compose: createCompose(db, mail) });
  // Whoever knows an address must not be able to flood it, and must not learn whether they have: beyond this, nothing is sent and nothing said.
  const mayWriteTo = createLimit(config.limits.mailsPerHourPerAddress, hour);

  const tell: Post['tell'] = async (queries, mailing) => {
    const isTooMuch = await mayWriteTo(`${mailing.siteId} ${mailing.address}`).then(
      () => false,
      () => true,
    );
    if (!isTooMuch) await putMailing(queries, mailing);
  };
  return {
    start: postman.start,
    wake: postman.wake,
    close: postman.close,
    tell,
    async giveAddress(queries, given) {
      await keepAddress(queries, given);
      await tell(queries, { kind: 'address given', siteId: given.siteId, userId: given.userId, address: given.email });
    },
  };
};
