import { acrossSites } from '../../database/wall.ts';
import { route, type Deps, type Feature } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { seal } from '../../seal.ts';
import { createChangeMembers } from '../conversations/index.ts';
import type { Lanes } from '../messages/index.ts';
import { newWebhookSecret, showSecret } from '../webhooks/index.ts';
import { createReceive, hookSealing } from './receive.ts';
import {
  dropOldIds,
  findHook,
  insertHook,
  insertVoice,
  listHooks,
  removeHook,
  removeVoice,
  replaceHookSecret,
  toHook,
} from './store.ts';

const hourMs = 60 * 60_000;
const mostHooks = 20;

/** Hooks by which other programs post into a conversation. */
export const createIncomingHooks = (deps: Deps, lanes: Lanes): Feature => {
  const { config, db, log, tokens } = deps;
  const sealing = hookSealing(tokens);
  const members = createChangeMembers(deps, lanes);
  const receive = createReceive(deps, lanes);
  const sweep = setInterval(
    () => void acrossSites(() => dropOldIds(db)).catch(() => log.warn('unable to drop old ids of incoming hooks')),
    hourMs,
  );
  sweep.unref();

  /** Makes the user that a hook speaks as, and brings them in. */
  const bringVoice = async (siteId: string, conversationId: string, name: string): Promise<string> => {
    const userId = await insertVoice(db, siteId, name);
    try {
      await members.add({ siteId }, conversationId, [userId]);
    } catch (error) {
      await removeVoice(db, siteId, userId);
      throw error;
    }
    return userId;
  };

  return {
    commands: [],
    routes: [
      route('GET /admin/conversations/:conversationId/hooks', async ({ site, params, baseUrl }) => {
        const hooks = await listHooks(db, site.id, params.conversationId);
        if (!hooks) throw notFound('conversation');
        return { status: 200, body: { hooks: hooks.map((row) => toHook(config, baseUrl, row)) } };
      }),
      route('POST /admin/conversations/:conversationId/hooks', async ({ site, params, body, baseUrl, note }) => {
        const { conversationId } = params;
        if (((await listHooks(db, site.id, conversationId))?.length ?? 0) >= mostHooks)
          throw new Problem('conflict', `unable to add the hook; a conversation has at most ${mostHooks}`);
        const userId = await bringVoice(site.id, conversationId, body.name);
        const secret = newWebhookSecret();
        const hook = await insertHook(db, { siteId: site.id, conversationId, userId }, (hookId) =>
          seal(sealing.key, sealing.whose(hookId), secret),
        );
        note({ target: hook.hook_id });
        return { status: 201, body: { hook: toHook(config, baseUrl, hook), secret: showSecret(secret) } };
      }),
      route('POST /admin/hooks/:hookId/rotate', async ({ site, params, baseUrl }) => {
        const secret = newWebhookSecret();
        const sealed = seal(sealing.key, sealing.whose(params.hookId), secret);
        const hook = await replaceHookSecret(db, site.id, params.hookId, sealed);
        return { status: 200, body: { hook: toHook(config, baseUrl, hook), secret: showSecret(secret) } };
      }),
      route('DELETE /admin/hooks/:hookId', async ({ site, params }) => {
        const { conversation_id: conversationId, id: userId } = await findHook(db, site.id, params.hookId);
        await removeHook(db, site.id, params.hookId);
        await members.remove({ siteId: site.id }, conversationId, userId).catch((error: unknown) => {
          // Somebody has removed it from the conversation before.
          if (!(error instanceof Problem && error.code === 'not_found')) throw error;
        });
        return { status: 204, body: null };
      }),
      route('POST /hooks/:hookId', async ({ params, body, rawBody, header }) => {
        const { message } = await receive({ hookId: params.hookId, text: body.text, rawBody, header });
        const { id, conversationId, seq, createdAt } = message;
        return { status: 201, body: { message: { id, conversationId, seq, createdAt } } };
      }),
    ],
    async close() {
      clearInterval(sweep);
    },
  };
};
