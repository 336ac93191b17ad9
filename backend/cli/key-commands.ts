import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createSiteKeys, mintSignOnToken, type SiteKeys } from '../features/sign-on/index.ts';
import { findSite, type SiteRow } from '../features/sites/index.ts';
import { Problem } from '../problem.ts';
import { withInstallation } from './installation.ts';
import { print, table } from './output.ts';

/** Commands for the keys by which sites sign their people on, and for a token to try one. */
export const addKeyCommands = (program: Command): void => {
  const key = program.command('key').description('keys by which a site signs its own people on');

  key
    .command('add <site> [kid]')
    .description('add a key: a new secret, which is shown this once, or the public half of one of yours')
    .option('--public <file>', 'a public key in PEM form: Ed25519, P-256, or RSA')
    .action(async (siteKey: string, kid: string | undefined, { public: file }: { public?: string }) => {
      await onKeys(siteKey, (keys, site) => addKey(keys, site, kid ?? newKid(), file));
    });

  key
    .command('rotate <site> [kid]')
    .description('add a new secret beside those in use; revoke the old ones when your back end signs with it')
    .action(async (siteKey: string, kid: string | undefined) => {
      await onKeys(siteKey, (keys, site) => addKey(keys, site, kid ?? newKid(), undefined));
    });

  key
    .command('revoke <site> <kid>')
    .description('make a key useless, at once')
    .action(async (siteKey: string, kid: string) => {
      await onKeys(siteKey, async (keys, site) => {
        if (!(await keys.revoke(site.id, kid)))
          throw new Problem('not_found', `unable to revoke the key; site ${siteKey} has none named ${kid} in use`);
        print({ site: siteKey, kid, revoked: true }, () => `Key ${kid} of site ${siteKey} is revoked.`);
      });
    });

  key
    .command('list <site>')
    .description('the keys of a site, never what is secret of them')
    .action(async (siteKey: string) => {
      await onKeys(siteKey, async (keys, site) => {
        const rows = await keys.list(site.id);
        const plain = rows.map((row) => ({
          kid: row.kid,
          algorithm: row.algorithm,
          createdAt: row.created_at.toISOString(),
          revokedAt: row.revoked_at?.toISOString() ?? null,
        }));
        print(plain, () =>
          table(
            ['kid', 'algorithm', 'since', 'state'],
            plain.map((row) => [
              row.kid,
              row.algorithm,
              row.createdAt.slice(0, 10),
              row.revokedAt === null ? 'in use' : `revoked ${row.revokedAt.slice(0, 10)}`,
            ]),
          ),
        );
      });
    });

  program
    .command('token')
    .description('sign-on tokens, to try things out')
    .command('mint <site> <externalId>')
    .description('sign a token for somebody of a site, by its newest secret; it is good for 10 minutes, once')
    .requiredOption('--name <name>', 'what others read')
    .option('--email <address>')
    .option('--picture <url>')
    .action(async (siteKey: string, externalId: string, person: { name: string; email?: string; picture?: string }) => {
      await onKeys(siteKey, async (keys, site) => {
        const signing = await keys.newestSecret(site.id);
        if (!signing)
          throw new Problem(
            'not_found',
            `unable to sign a token; site ${siteKey} has no secret: teatime key add ${siteKey}`,
          );
        const token = await mintSignOnToken(signing, { site: siteKey, externalId, ...person });
        print({ token }, () => token);
      });
    });
};

const newKid = (): string => `key-${randomUUID().slice(0, 8)}`;

const onKeys = (siteKey: string, work: (keys: SiteKeys, site: SiteRow) => Promise<void>): Promise<void> =>
  withInstallation(async ({ db, tokens }) => work(createSiteKeys(db, tokens), await findSite(db, siteKey)));

const addKey = async (keys: SiteKeys, { id, key }: SiteRow, kid: string, file: string | undefined): Promise<void> => {
  if (file !== undefined) {
    const algorithm = await keys.addPublicKey(id, kid, await readFile(file, 'utf8'));
    return print({ site: key, kid, algorithm }, () => `Key ${kid} (${algorithm}) of site ${key} is added.`);
  }
  // As text, since that is what configuration holds: 43 characters of 256 bits.
  const secret = randomBytes(32).toString('base64url');
  await keys.addSecret(id, kid, Buffer.from(secret));
  return print({ site: key, kid, algorithm: 'HS256', secret }, () =>
    [
      `Key ${kid} (HS256) of site ${key} is added. Its secret is shown this once:`,
      '',
      `  ${secret}`,
      '',
      'Keep it in the settings of your back end; see docs/sso.md.',
    ].join('\n'),
  );
};
