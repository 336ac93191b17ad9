import type { Command } from 'commander';
import { botScope, type BotScope } from '../../protocol/bots.ts';
import { displayName } from '../../protocol/users.ts';
import { inSite } from '../database/wall.ts';
import { createBotBook, type Bots, type BotWithToken } from '../features/bots/index.ts';
import { findSite, type SiteRow } from '../features/sites/index.ts';
import { Problem } from '../problem.ts';
import { withInstallation } from './installation.ts';
import { print, table } from './output.ts';
import { record } from './record.ts';

/** Commands that make bots and look after their tokens. */
export const addBotCommands = (program: Command): void => {
  const bot = program.command('bot').description('bots: users that programs are, each with a token');

  bot
    .command('create <site> <name>')
    .description('make a bot; its token is shown this once')
    .option('--scope <scope...>', `what it may do, by default all: ${botScope.options.join(', ')}`)
    .action(async (siteKey: string, name: string, { scope }: { scope?: string[] }) => {
      const scopes = scope?.map(readScope);
      await onBots(siteKey, async (bots, site) => {
        const made = await bots.create(site.id, { name: readName(name), scopes });
        showToken(siteKey, made);
        return { act: 'bot create', target: made.bot.id };
      });
    });

  bot
    .command('list <site>')
    .description('the bots of a site')
    .action(async (siteKey: string) => {
      await onBots(siteKey, async (bots, site) => {
        const rows = await bots.list(site.id, { limit: 1000 });
        const plain = rows.map((row) => ({
          id: row.id,
          name: row.display_name,
          scopes: row.scopes,
          createdAt: row.created_at.toISOString(),
          tokenCreatedAt: row.has_token ? row.token_created_at.toISOString() : null,
        }));
        print(plain, () =>
          table(
            ['id', 'name', 'token since', 'scopes'],
            plain.map((row) => [
              row.id,
              row.name,
              row.tokenCreatedAt?.slice(0, 10) ?? 'revoked',
              row.scopes.join(', '),
            ]),
          ),
        );
        return undefined;
      });
    });

  bot
    .command('rotate <site> <id>')
    .description('give a bot a new token; the one before is useless at once')
    .action(async (siteKey: string, id: string) => {
      await onBots(siteKey, async (bots, site) => {
        showToken(siteKey, await bots.rotate(site.id, readId(id)));
        return { act: 'bot rotate', target: readId(id) };
      });
    });

  bot
    .command('revoke <site> <id>')
    .description('take the token of a bot away; `rotate` gives it another one')
    .action(async (siteKey: string, id: string) => {
      await onBots(siteKey, async (bots, site) => {
        await bots.revoke(site.id, readId(id));
        print({ site: siteKey, id, revoked: true }, () => `The token of bot ${id} is revoked.`);
        return { act: 'bot revoke', target: readId(id) };
      });
    });

  bot
    .command('delete <site> <id>')
    .description('delete a bot; what it said stays')
    .action(async (siteKey: string, id: string) => {
      await onBots(siteKey, async (bots, site) => {
        await bots.remove(site.id, readId(id));
        print({ site: siteKey, id, deleted: true }, () => `Bot ${id} is deleted.`);
        return { act: 'bot delete', target: readId(id) };
      });
    });
};

interface Act {
  readonly act: string;
  readonly target: string;
}

/** Works on the bots of a site; what was done to them is written into its audit log. */
const onBots = (siteKey: string, work: (bots: Bots, site: SiteRow) => Promise<Act | undefined>): Promise<void> =>
  withInstallation(async ({ db }) => {
    const site = await findSite(db, siteKey);
    await inSite(site.id, async () => {
      const done = await work(createBotBook(db), site);
      if (done) await record(db, site.id, done.act, { target: done.target });
    });
  });

const showToken = (site: string, { bot, token }: BotWithToken): void =>
  print({ site, id: bot.id, name: bot.display_name, scopes: bot.scopes, token }, () =>
    [
      `Bot ${bot.display_name} of site ${site} has the id ${bot.id}. Its token is shown this once:`,
      '',
      `  ${token}`,
      '',
      'Keep it in the settings of your program, and add the bot to a conversation; see docs/bots.md.',
    ].join('\n'),
  );

const readName = (text: string): string => {
  const { data, error } = displayName.safeParse(text);
  if (data === undefined)
    throw new Problem('validation_failed', `unable to take the name; it ${error?.issues[0]?.message}`);
  return data;
};

const readScope = (text: string): BotScope => {
  const { data } = botScope.safeParse(text);
  if (data === undefined)
    throw new Problem(
      'validation_failed',
      `unable to take the scope ${text}; there are ${botScope.options.join(', ')}`,
    );
  return data;
};

const readId = (text: string): string => {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text.toLowerCase();
  throw new Problem('validation_failed', `unable to find the bot; ${text} is no id: teatime bot list tells them`);
};
