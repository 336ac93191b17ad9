import { createHash } from 'node:crypto';
import { acrossSites, inSite } from '../../database/wall.ts';
import type { Deps } from '../../feature.ts';
import { Problem } from '../../problem.ts';
import { openSeal } from '../../seal.ts';
import { createSendMessage, type Lanes } from '../messages/index.ts';
import { checkWebhook } from '../webhooks/index.ts';
import { giveIdBack, readLock, useId, type HookLock } from './store.ts';

/** A request to a hook, as it came. */
export interface HookRequest {
  readonly hookId: string;
  readonly text: string;
  /** The body that the text was read from. */
  readonly rawBody: string;
  header(name: string): string;
}

/** What hooks' secrets are sealed with, and as whose. */
export const hookSealing = (tokens: Pick<Deps['tokens'], 'keyFor'>) => ({
  key: tokens.keyFor('incoming hook secrets'),
  whose: (hookId: string): string => `incoming hook ${hookId}`,
});

const longestId = 255;

/** Makes the use case of a request to a hook. Whatever is wrong with who asks is answered alike, so that nobody learns which hooks there are. */
export const createReceive = (deps: Deps, lanes: Lanes) => {
  const { db, tokens } = deps;
  const sealing = hookSealing(tokens);
  const send = createSendMessage(deps, lanes);

  const isSigned = (lock: HookLock, id: string, { hookId, rawBody, header }: HookRequest): boolean => {
    const timestamp = header('webhook-timestamp');
    if (!/^\d{1,12}$/.test(timestamp)) return false;
    const secret = openSeal(sealing.key, sealing.whose(hookId), lock.secret);
    const signed = { id, timestamp: Number(timestamp), signatures: header('webhook-signature') };
    return checkWebhook(secret, signed, rawBody, Date.now() / 1000);
  };

  const post = async ({ siteId, userId, conversationId }: HookLock, id: string, { hookId, text }: HookRequest) => {
    if (!(await useId(db, siteId, hookId, id))) {
      throw new Problem('token_replayed', 'unable to take the request; one with this webhook-id was taken before');
    }
    try {
      const session = { siteId, userId, sessionId: hookId, kind: 'bot' } as const;
      return await send(session, { conversationId, text, clientId: clientIdOf(hookId, id) });
    } catch (error) {
      await giveIdBack(db, hookId, id).catch(() => undefined);
      throw error;
    }
  };

  return async (request: HookRequest) => {
    const id = request.header('webhook-id');
    const lock = await acrossSites(() => readLock(db, request.hookId));
    // Dots stand between the parts that are signed.
    const named = id.length > 0 && id.length <= longestId && !id.includes('.');
    if (!lock || !named || !isSigned(lock, id, request)) throw unsigned();
    return inSite(lock.siteId, () => post(lock, id, request));
  };
};

const unsigned = (): Problem =>
  new Problem(
    'unauthorized',
    'unable to take the request; there is no such hook, or its signature is missing, wrong, or of another time than now',
  );

/** The client id of a request's message: always the same, so that no race and no crash posts it twice. A UUID of version 8 (RFC 9562 §5.8). */
const clientIdOf = (hookId: string, requestId: string): string => {
  const hex = createHash('sha256').update(`${hookId} ${requestId}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
};
