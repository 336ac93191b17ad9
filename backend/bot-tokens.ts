import { createHash, randomBytes } from 'node:crypto';
import type { BotScope } from '../protocol/bots.ts';
import type { Queries } from './database/transaction.ts';
import { acrossSites } from './database/wall.ts';
import { tokenInvalid, type Tokens, type VerifiedToken } from './tokens.ts';

/** What the tokens of bots begin with, so that they are told apart from people's, and found where they should not be. */
export const botTokenPrefix = 'ttb_';

/** A token of 256 bits that nobody has. */
export const newBotToken = (): string => botTokenPrefix + randomBytes(32).toString('base64url');

/** What is kept of a bot's token. */
export const hashOfBotToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** A socket is asked for its token again after so long: no timer runs for much longer. */
const socketSeconds = 20 * 24 * 60 * 60;

/** Whose token it is, as the database says now: a token that ended is of no use from then on. Throws `token_invalid`. */
export const readBotToken = async (queries: Queries, token: string): Promise<VerifiedToken> => {
  const [row] = await acrossSites(() => queries.query<BotRow>('bot_tokens_find', findText, [hashOfBotToken(token)]));
  if (!row) throw tokenInvalid();
  return {
    userId: row.user_id,
    siteId: row.site_id,
    sessionId: row.token_id,
    kind: 'bot',
    scopes: row.scopes,
    expiresAt: Math.floor(Date.now() / 1000) + socketSeconds,
  };
};

/** Verifies the tokens of people and of bots alike, for sockets. */
export const verifierOfBoth = (tokens: Tokens, queries: Queries): Pick<Tokens, 'verify'> => ({
  verify: (token) => (token.startsWith(botTokenPrefix) ? readBotToken(queries, token) : tokens.verify(token)),
});

interface BotRow {
  readonly [column: string]: unknown;
  readonly user_id: string;
  readonly site_id: string;
  readonly token_id: string;
  readonly scopes: BotScope[];
}

const findText = `
select b.user_id, b.site_id, b.token_id, b.scopes from bots b join users u on u.id = b.user_id
where b.token_hash = $1 and u.disabled_at is null`;
