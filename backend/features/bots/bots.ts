import { botScope, type BotScope } from '../../../protocol/bots.ts';
import { hashOfBotToken, newBotToken } from '../../bot-tokens.ts';
import type { Database } from '../../database/connect.ts';
import {
  findBot,
  insertBot,
  listBots,
  removeBot,
  replaceToken,
  updateBot,
  type BotChanges,
  type BotRow,
} from './store.ts';

/** A bot with its token, which nobody can tell later. */
export interface BotWithToken {
  readonly bot: BotRow;
  readonly token: string;
}

/** The bots of sites, for the server API and the command line alike. Sockets of tokens that ended are closed by every process on its own look. */
export interface Bots {
  create(
    siteId: string,
    bot: { name: string; pictureUrl?: string | undefined; scopes?: readonly BotScope[] | undefined },
  ): Promise<BotWithToken>;
  list(siteId: string, page: { before?: string | undefined; limit: number }): Promise<BotRow[]>;
  find(siteId: string, botId: string): Promise<BotRow>;
  change(siteId: string, botId: string, changes: BotChanges): Promise<BotRow>;
  /** The one before is useless at once. `ended` stood for it. */
  rotate(siteId: string, botId: string): Promise<BotWithToken & { ended: string }>;
  /** Takes the token away and returns what stood for it. */
  revoke(siteId: string, botId: string): Promise<string>;
  /** Forgets the bot, not what it said, and returns what stood for its token. */
  remove(siteId: string, botId: string): Promise<string>;
}

/** Makes the use cases. */
export const createBotBook = (db: Database): Bots => ({
  async create(siteId, { name, pictureUrl, scopes = botScope.options }) {
    const token = newBotToken();
    const id = await insertBot(db, { siteId, name, pictureUrl, scopes, tokenHash: hashOfBotToken(token) });
    return { bot: await findBot(db, siteId, id), token };
  },
  list: (siteId, page) => listBots(db, siteId, page),
  find: (siteId, botId) => findBot(db, siteId, botId),
  async change(siteId, botId, changes) {
    await updateBot(db, await findBot(db, siteId, botId), changes);
    return findBot(db, siteId, botId);
  },
  async rotate(siteId, botId) {
    const token = newBotToken();
    const ended = await replaceToken(db, siteId, botId, hashOfBotToken(token));
    return { bot: await findBot(db, siteId, botId), token, ended };
  },
  revoke: (siteId, botId) => replaceToken(db, siteId, botId, null),
  remove: (siteId, botId) => removeBot(db, siteId, botId),
});
