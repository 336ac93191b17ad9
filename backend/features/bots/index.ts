import { route, type Deps, type Feature } from '../../feature.ts';
import { readPageQuery, toPage } from '../admin/index.ts';
import { createChangeMembers } from '../conversations/index.ts';
import type { Lanes } from '../messages/index.ts';
import { createBotBook } from './bots.ts';
import { groupsOf, toBot } from './store.ts';
import { createTokenWatch } from './watch.ts';

export { createBotBook, type Bots, type BotWithToken } from './bots.ts';

/** Bots: users that programs are, which take part where they were added, by a token of their own. */
export const createBots = (deps: Deps, lanes: Lanes): Feature => {
  const { config, db, hub } = deps;
  const bots = createBotBook(db);
  const members = createChangeMembers(deps, lanes);
  const watch = createTokenWatch(deps);

  return {
    commands: [],
    routes: [
      route('POST /admin/bots', async ({ site, body, note }) => {
        const { bot, token } = await bots.create(site.id, body);
        note({ target: bot.id });
        return { status: 201, body: { bot: toBot(config, bot), token } };
      }),
      route('GET /admin/bots', async ({ site, query }) => {
        const { limit, after } = readPageQuery(query);
        const { rows, next } = toPage(await bots.list(site.id, { before: after, limit: limit + 1 }), limit);
        return { status: 200, body: { bots: rows.map((row) => toBot(config, row)), ...next } };
      }),
      route('GET /admin/bots/:botId', async ({ site, params }) => ({
        status: 200,
        body: { bot: toBot(config, await bots.find(site.id, params.botId)) },
      })),
      route('PATCH /admin/bots/:botId', async ({ site, params, body }) => {
        const bot = await bots.change(site.id, params.botId, body);
        // What its sockets may do was decided when they opened.
        if (body.scopes) hub.closeSession(bot.token_id, 'insufficient_state');
        return { status: 200, body: { bot: toBot(config, bot) } };
      }),
      route('POST /admin/bots/:botId/token', async ({ site, params }) => {
        const { bot, token, ended } = await bots.rotate(site.id, params.botId);
        hub.closeSession(ended, 'session_revoked');
        return { status: 200, body: { bot: toBot(config, bot), token } };
      }),
      route('DELETE /admin/bots/:botId/token', async ({ site, params }) => {
        hub.closeSession(await bots.revoke(site.id, params.botId), 'session_revoked');
        return { status: 204, body: null };
      }),
      route('DELETE /admin/bots/:botId', async ({ site, params }) => {
        hub.closeSession(await bots.remove(site.id, params.botId), 'session_revoked');
        for (const conversationId of await groupsOf(db, site.id, params.botId)) {
          await members.remove({ siteId: site.id }, conversationId, params.botId);
        }
        return { status: 204, body: null };
      }),
    ],
    open: watch.open,
    async close() {
      watch.stop();
    },
  };
};
