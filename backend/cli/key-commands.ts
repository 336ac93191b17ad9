import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { externalPrefix } from '../../protocol/admin-users.ts';
import { inSite } from '../database/wall.ts';
import {
  createKeySets,
  createSiteKeys,
  mintSignOnToken,
  type KeySets,
  type SiteKeys,
} from '../features/sign-on/index.ts';
import { findSite, type SiteRow } from '../features/sites/index.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { Problem } from '../problem.ts';
import { withInstallation } from './installation.ts';
import { print, table } from './output.ts';
import { record } from './record.ts';

/** Commands for the keys by which sites sign their people on, and for a token to try one. */
export const addKeyCommands = (program: Command): void => {
  const key = program.command('key').description('keys by which a site signs its own people on');

  key
    .command('add <site> [kid]')
    .description('add a key: a new secret, which is shown this once, the public half of one of yours, or all of a set')
    .addOption(new Option('--public <file>', 'a public key in PEM form: Ed25519, P-256, or RSA').conflicts('jwks'))
    .option('--jwks <url>', 'the address of a set of public keys, which is read anew as it changes')
    .action(async (siteKey: string, given: string | undefined, from: { public?: string; jwks?: string }) => {
      await onKeys(siteKey, async (keys, site, sets) => {
        const kid = given ?? newKid();
        if (from.jwks === undefined) await addKey(keys, site, kid, from.public);
        else {
          await sets.add(site.id, kid, from.jwks);
          print(
            { site: siteKey, kid, jwks: from.jwks },
            () => `The keys at ${from.jwks} sign people on to site ${siteKey}, as ${kid}.`,
          );
        }
        return { act: 'key add', target: kid };
      });
    });

  key
    .command('rotate <site> [kid]')
    .description('add a new secret beside those in use; revoke the old ones when your back end signs with it')
    .action(async (siteKey: string, kid: string | undefined) => {
      await onKeys(siteKey, async (keys, site) => {
        const target = kid ?? newKid();
        await addKey(keys, site, target, undefined);
        return { act: 'key rotate', target };
      });
    });

  key
    .command('revoke <site> <kid>')
    .description('make a key or a set useless, at once')
    .action(async (siteKey: string, kid: string) => {
      await onKeys(siteKey, async (keys, site, sets) => {
        if (!(await keys.revoke(site.id, kid)) && !(await sets.revoke(site.id, kid)))
          throw new Problem('not_found', `unable to revoke the key; site ${siteKey} has none named ${kid} in use`);
        print({ site: siteKey, kid, revoked: true }, () => `Key ${kid} of site ${siteKey} is revoked.`);
        return { act: 'key revoke', target: kid };
      });
    });

  key
    .command('list <site>')
    .description('the keys of a site, never what is secret of them')
    .action(async (siteKey: string) => {
      await onKeys(siteKey, async (keys, site, sets) => {
        const times = (row: { created_at: Date; revoked_at: Date | null }) => ({
          createdAt: row.created_at.toISOString(),
          revokedAt: row.revoked_at?.toISOString() ?? null,
        });
        const plain = [
          ...(await keys.list(site.id)).map((row) => ({ kid: row.kid, algorithm: row.algorithm, ...times(row) })),
          ...(await sets.list(site.id)).map((row) => ({ kid: row.name, jwks: row.url, ...times(row) })),
        ];
        print(plain, () =>
          table(
            ['kid', 'signs by', 'since', 'state'],
            plain.map((row) => [
              row.kid,
              'jwks' in row ? row.jwks : row.algorithm,
              row.createdAt.slice(0, 10),
              row.revokedAt === null ? 'in use' : `revoked ${row.revokedAt.slice(0, 10)}`,
            ]),
          ),
        );
        return undefined;
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
        return { act: 'token mint', target: externalPrefix + externalId };
      });
    });
};

const newKid = (): string => `key-${randomUUID().slice(0, 8)}`;

interface Act {
  readonly act: string;
  readonly target: string;
}

/** Works on the keys of a site; what was done to them is written into its audit log. */
const onKeys = (
  siteKey: string,
  work: (keys: SiteKeys, site: SiteRow, sets: KeySets) => Promise<Act | undefined>,
): Promise<void> =>
  withInstallation(async ({ config, db, tokens }) => {
    const site = await findSite(db, siteKey);
    await inSite(site.id, async () => {
      const done = await work(createSiteKeys(db, tokens), site, createKeySets(db, createOutbound(config)));
      if (done) await record(db, site.id, done.act, { target: done.target });
    });
  });

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
