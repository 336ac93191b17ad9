import { readBotToken } from '../bot-tokens.ts';
import type { Database } from '../database/connect.ts';
import { Problem } from '../problem.ts';
import type { Step } from './context.ts';

/** Reads the token of a bot's request. What is wrong with it is told only to endpoints that need one. */
export const readBot = (db: Database): Step => {
  return async (ctx, next) => {
    const token = /^Bearer +(ttb_\S+)$/i.exec(ctx.get('Authorization'))?.[1];
    if (token === undefined) return next();
    try {
      ctx.state.token = await readBotToken(db, token);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'token_invalid') throw error;
      ctx.state.tokenProblem = error;
    }
    return next();
  };
};
