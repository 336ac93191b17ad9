import type { Command } from 'commander';
import type { Database } from '../database/connect.ts';
import { inSite } from '../database/wall.ts';
import { countOld } from '../features/retention/index.ts';
import { changeSite, createSite, findSite, listSites, readPolicy, type SiteRow } from '../features/sites/index.ts';
import { normaliseAllowedOrigin } from '../http/origin.ts';
import { Problem } from '../problem.ts';
import { addSiteSettings } from './site-settings.ts';
import { withInstallation } from './installation.ts';
import { print, table } from './output.ts';
import { record } from './record.ts';

/** Commands that make sites and change them. */
export const addSiteCommands = (program: Command): void => {
  const site = program.command('site').description('sites: each has people, conversations and keys of its own');

  site
    .command('create <key>')
    .description('make a site')
    .option('--name <name>', 'what people read; by default the key')
    .option('--origin <origin...>', 'pages that may embed it, such as https://www.example.com')
    .action(async (key: string, { name = key, origin = [] }: { name?: string; origin?: string[] }) => {
      const allowedOrigins = origin.map(readOrigin);
      show(await change('site create', (db) => createSite(db, { key, name, allowedOrigins })));
    });

  site
    .command('list')
    .description('all sites')
    .action(async () => {
      const sites = await withInstallation(({ db }) => listSites(db));
      print(sites.map(toPlain), () =>
        table(
          ['key', 'name', 'state', 'people', 'conversations', 'origins'],
          sites.map((row) => [
            row.key,
            row.name,
            stateOf(row),
            row.people,
            row.conversations,
            row.allowedOrigins.length,
          ]),
        ),
      );
    });

  site
    .command('show <key>')
    .description('one site')
    .action(async (key: string) => show(await withInstallation(({ db }) => findSite(db, key))));

  addSiteSettings(site, async (work, details) => show(await change('site update', work, details)));

  site
    .command('retention <key>')
    .description('how many messages and files are older than a site keeps them; deletes nothing')
    .option('--days <days>', 'older than this, by default as the site has it')
    .action(async (key: string, { days }: { days?: string }) => {
      const found = await withInstallation(async ({ db }) => {
        const { id } = await findSite(db, key);
        return inSite(id, async () => {
          const kept = readDays(days) ?? (await readPolicy(db, id)).retention?.messageDays;
          return {
            days: kept ?? null,
            ...(kept === undefined ? { messages: 0, files: 0 } : await countOld(db, id, kept)),
          };
        });
      });
      print(found, () =>
        found.days === null
          ? `${key} keeps all messages: teatime site update ${key} --retention-days`
          : `${found.messages} messages and ${found.files} files are older than ${found.days} days`,
      );
    });

  for (const [verb, enabled, words] of [
    ['disable', false, 'switch a site off: its sockets close within a second, and nobody can sign in'],
    ['enable', true, 'switch a site on again'],
  ] as const) {
    site
      .command(`${verb} <key>`)
      .description(words)
      .action(async (key: string) => show(await change(`site ${verb}`, (db) => changeSite(db, key, { enabled }))));
  }

  const origin = program.command('origin').description('pages that may embed a site');
  const changeOrigins =
    (verb: string, decide: (now: readonly string[], origin: string) => readonly string[]) =>
    async (key: string, text: string): Promise<void> => {
      const given = readOrigin(text);
      const changed = await change(
        `origin ${verb}`,
        async (db) => {
          const { allowedOrigins } = await findSite(db, key);
          return changeSite(db, key, { allowedOrigins: decide(allowedOrigins, given) });
        },
        { origin: given },
      );
      show(changed);
    };
  origin
    .command('add <site> <origin>')
    .description('let pages of an origin embed a site')
    .action(changeOrigins('add', (now, added) => [...new Set([...now, added])]));
  origin
    .command('remove <site> <origin>')
    .description('let pages of an origin no longer embed a site')
    .action(changeOrigins('remove', (now, removed) => now.filter((each) => normaliseAllowedOrigin(each) !== removed)));
};

/** Changes a site, and says so in its audit log. */
const change = (
  act: string,
  work: (db: Database) => Promise<SiteRow>,
  details: Readonly<Record<string, string>> = {},
): Promise<SiteRow> =>
  withInstallation(async ({ db }) => {
    const site = await work(db);
    await inSite(site.id, () => record(db, site.id, act, { target: site.key, details }));
    return site;
  });

const readDays = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Problem('validation_failed', `unable to count; --days ${text} is no number of days`);
};

const readOrigin = (text: string): string => {
  const origin = normaliseAllowedOrigin(text);
  if (origin !== undefined) return origin;
  throw new Problem(
    'validation_failed',
    `unable to use ${text}; an origin is written as https://www.example.com, or https://*.example.com`,
  );
};

const stateOf = ({ enabled }: SiteRow): string => (enabled ? 'on' : 'off');

const toPlain = (row: SiteRow): object => ({ ...row, createdAt: row.createdAt.toISOString() });

const show = (row: SiteRow): void =>
  print(toPlain(row), () =>
    [
      `${row.key}  ${row.name}, ${stateOf(row)}, since ${row.createdAt.toISOString().slice(0, 10)}`,
      `  ${row.people} people, ${row.conversations} conversations`,
      ...(row.allowedOrigins.length > 0
        ? row.allowedOrigins.map((each) => `  ${each}`)
        : ['  no pages but the server’s own may embed it: teatime origin add']),
      ...lines('policy', row.policy),
      ...lines('branding', row.branding),
    ].join('\n'),
  );

/** One line for each thing that a site has decided. */
const lines = (what: string, written: unknown, path = ''): string[] =>
  written !== null && typeof written === 'object' && !Array.isArray(written)
    ? Object.entries(written).flatMap(([name, value]) => lines(what, value, path === '' ? name : `${path}.${name}`))
    : [`  ${what} ${path}: ${Array.isArray(written) ? written.join(', ') : String(written)}`];
