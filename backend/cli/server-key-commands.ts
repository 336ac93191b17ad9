import type { Command } from 'commander';
import { serverScope } from '../../protocol/server-keys.ts';
import { inSite } from '../database/wall.ts';
import {
  createServerKey,
  listAudit,
  listServerKeys,
  revokeServerKeys,
  type ServerKeyRow,
} from '../features/admin/index.ts';
import { findSite, type SiteRow } from '../features/sites/index.ts';
import { Problem } from '../problem.ts';
import { withInstallation, type Installation } from './installation.ts';
import { print, table } from './output.ts';
import { record } from './record.ts';

/** Commands for the keys by which a site's own servers use the server API, and for the log of what was done by them. */
export const addServerKeyCommands = (program: Command): void => {
  const serverKey = program.command('server-key').description('keys by which a site’s own servers use the server API');

  serverKey
    .command('add <site>')
    .description('add a key, which is shown this once')
    .option('--name <name>', 'what it is for', 'server')
    .option('--scope <scope...>', `what it may do: * for all, or some of ${serverScope.options.join(', ')}`, ['*'])
    .action(async (siteKey: string, { name, scope }: { name: string; scope: string[] }) => {
      const scopes = scope.flatMap((each) => each.split(',')).filter(Boolean);
      const made = await onSite(siteKey, async ({ db }, site) => {
        const key = await createServerKey(db, site.id, { name, scopes });
        await record(db, site.id, 'server-key add', {
          target: key.id,
          details: { name, scopes: key.scopes.join(' ') },
        });
        return key;
      });
      print({ site: siteKey, name, ...made }, () =>
        [
          `Server key ${made.id} (${name}) of site ${siteKey} is added. It is shown this once:`,
          '',
          `  ${made.secret}`,
          '',
          `It may: ${made.scopes.join(', ')}. Keep it in the settings of your back end, never in a page; see docs/server-api.md.`,
        ].join('\n'),
      );
    });

  serverKey
    .command('list <site>')
    .description('the server keys of a site, never the keys themselves')
    .action(async (siteKey: string) => {
      const rows = await onSite(siteKey, ({ db }, site) => listServerKeys(db, site.id));
      print(rows.map(toPlain), () =>
        table(
          ['id', 'name', 'scopes', 'since', 'last used', 'state'],
          rows
            .map(toPlain)
            .map((row) => [
              row.id,
              row.name,
              row.scopes.join(' '),
              row.createdAt.slice(0, 10),
              row.lastUsedAt?.slice(0, 10) ?? 'never',
              row.revokedAt === null ? 'in use' : `revoked ${row.revokedAt.slice(0, 10)}`,
            ]),
        ),
      );
    });

  serverKey
    .command('revoke <site> <key>')
    .description('make a server key useless, at once: by its id, or all with this name')
    .action(async (siteKey: string, key: string) => {
      const revoked = await onSite(siteKey, async ({ db }, site) => {
        const rows = await revokeServerKeys(db, site.id, key);
        for (const { id } of rows) await record(db, site.id, 'server-key revoke', { target: id });
        return rows;
      });
      if (revoked.length === 0)
        throw new Problem('not_found', `unable to revoke the server key; site ${siteKey} has none named ${key} in use`);
      print(revoked.map(toPlain), () =>
        revoked.map(({ id, name }) => `Server key ${id} (${name}) of site ${siteKey} is revoked.`).join('\n'),
      );
    });

  program
    .command('audit <site>')
    .description('what was done to a site by server keys and on the command line, newest first')
    .option('--limit <number>', 'how much of it', '50')
    .option('--target <id>', 'only what was done to this one')
    .action(async (siteKey: string, { limit, target }: { limit: string; target?: string }) => {
      const count = Number(limit);
      if (!Number.isInteger(count) || count < 1 || count > 10_000)
        throw new Problem(
          'validation_failed',
          'unable to show the log; --limit must be a whole number from 1 to 10000',
        );
      const entries = await onSite(siteKey, ({ db }, site) => listAudit(db, site.id, { limit: count, target }));
      print(entries, () =>
        table(
          ['at', 'by', 'act', 'target', 'outcome'],
          entries.map(({ at, by, act, target: what = '', outcome, code }) => [
            `${at.slice(0, 19)}Z`,
            `${by.kind} ${by.name}`,
            act,
            what,
            code === undefined ? outcome : `${outcome}: ${code}`,
          ]),
        ),
      );
    });
};

const onSite = <T>(siteKey: string, work: (installation: Installation, site: SiteRow) => Promise<T>): Promise<T> =>
  withInstallation(async (installation) => {
    const site = await findSite(installation.db, siteKey);
    return inSite(site.id, () => work(installation, site));
  });

const toPlain = (row: ServerKeyRow) => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});
