import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { z } from 'zod';
import { externalId, userRef } from '../../protocol/admin-users.ts';
import { password } from '../../protocol/sessions.ts';
import { displayName, email, username } from '../../protocol/users.ts';
import { inTransaction } from '../database/transaction.ts';
import { inSite } from '../database/wall.ts';
import {
  createAccount,
  disableUser,
  enableUser,
  eraseUser,
  findAdminUser,
  listAdminUsers,
  toAdminUser,
  type FateOfMessages,
} from '../features/admin-users/index.ts';
import { createPasswords } from '../features/sessions/index.ts';
import { lockPerson, upsertPerson } from '../features/sign-on/index.ts';
import { findSite, type SiteRow } from '../features/sites/index.ts';
import { Problem } from '../problem.ts';
import { withInstallation, type Installation } from './installation.ts';
import { print, table } from './output.ts';
import { record } from './record.ts';

interface NewPerson {
  readonly username?: string;
  readonly name?: string;
  readonly email?: string;
  readonly externalId?: string;
  readonly passwordStdin?: true;
}

/** Commands for the people of a site. They act on the database; servers that run notice within a second. */
export const addUserCommands = (program: Command): void => {
  const user = program
    .command('user')
    .description('people of a site; each is named by their id, or by external: and yours');

  user
    .command('create <site>')
    .description('make an account with a user name and a password, or a person of your own product')
    .option('--username <name>', 'what they sign in by')
    .option('--name <name>', 'what others read; by default the user name')
    .option('--email <address>')
    .option('--external-id <id>', 'instead of a user name: who they are to your own product')
    .option(
      '--password-stdin',
      'read the password from the standard input; by default one is made, and shown this once',
    )
    .action(async (siteKey: string, options: NewPerson) => {
      const made =
        options.externalId === undefined
          ? await createByName(siteKey, options)
          : await createByExternalId(siteKey, options);
      print(made, () => wordsOf(siteKey, made));
    });

  user
    .command('list <site>')
    .description('people of a site, newest first')
    .option('--search <text>', 'by their names, e-mail address, phone number or your id')
    .option('--disabled', 'only those who are kept out')
    .option('--limit <number>', 'how many', '100')
    .action(
      async (siteKey: string, { search, disabled, limit }: { search?: string; disabled?: true; limit: string }) => {
        const count = Number(limit);
        if (!Number.isInteger(count) || count < 1 || count > 100_000)
          throw new Problem(
            'validation_failed',
            'unable to list people; --limit must be a whole number from 1 to 100000',
          );
        const people = await onSite(siteKey, async ({ config, db }, site) => {
          const rows = await listAdminUsers(db, site.id, { limit: count, search, state: disabled && 'disabled' });
          return rows.map((row) => toAdminUser(config, row));
        });
        print(people, () =>
          table(
            ['id', 'user name', 'name', 'external id', 'kind', 'state'],
            people.map((each) => [
              each.id,
              each.username,
              each.displayName,
              each.externalId ?? '',
              each.kind ?? 'person',
              each.disabledAt === undefined ? 'active' : `disabled ${each.disabledAt.slice(0, 10)}`,
            ]),
          ),
        );
      },
    );

  for (const [verb, words, act] of [
    ['disable', 'keep somebody out: their sockets close within a second', disableUser],
    ['enable', 'let somebody in again', enableUser],
  ] as const) {
    user
      .command(`${verb} <site> <user>`)
      .description(words)
      .action(async (siteKey: string, who: string) => {
        const changed = await onSite(siteKey, async ({ config, db }, site) => {
          await act(db, site.id, readRef(who));
          const row = await findAdminUser(db, site.id, readRef(who));
          await record(db, site.id, `user ${verb}`, { target: row.id });
          return toAdminUser(config, row);
        });
        print(changed, () => `${changed.displayName} (${changed.id}) of site ${siteKey} is ${verb}d.`);
      });
  }

  user
    .command('erase <site> <user>')
    .description(
      'erase somebody for good; what is left to do in conversations, a running server does, or the next one that starts',
    )
    .option('--messages <fate>', 'keep what they said, under no name, or delete it', 'keep')
    .requiredOption('--yes', 'I know that it cannot be undone')
    .action(async (siteKey: string, who: string, { messages }: { messages: string }) => {
      if (messages !== 'keep' && messages !== 'delete')
        throw new Problem('validation_failed', 'unable to erase somebody; --messages must be keep or delete');
      const fate: FateOfMessages = messages;
      const { userId } = await onSite(siteKey, async ({ db }, site) => {
        const erased = await eraseUser(db, site.id, readRef(who), fate);
        await record(db, site.id, 'user erase', { target: erased.userId, details: { messages: fate } });
        return erased;
      });
      print({ site: siteKey, userId, erased: true }, () => `${userId} of site ${siteKey} is erased.`);
    });
};

const onSite = <T>(siteKey: string, work: (installation: Installation, site: SiteRow) => Promise<T>): Promise<T> =>
  withInstallation(async (installation) => {
    const site = await findSite(installation.db, siteKey);
    return inSite(site.id, () => work(installation, site));
  });

interface Made {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly externalId?: string | undefined;
  /** One that was made for them. */
  readonly password?: string | undefined;
}

const createByName = async (siteKey: string, options: NewPerson): Promise<Made> => {
  const name = check('--username', username, options.username);
  const shown = check('--name', displayName, options.name ?? name);
  const address = options.email === undefined ? undefined : check('--email', email, options.email);
  // The line end is the terminal's.
  const given = options.passwordStdin && (await text(process.stdin)).replace(/\r?\n$/, '');
  const secret = given === undefined ? randomBytes(12).toString('base64url') : check('the password', password, given);
  const passwordHash = await createPasswords().hash(secret);
  const { id } = await onSite(siteKey, async ({ db }, site) => {
    const row = await createAccount(db, site.id, { username: name, displayName: shown, email: address, passwordHash });
    await record(db, site.id, 'user create', { target: row.id });
    return row;
  });
  return { id, username: name, displayName: shown, ...(given === undefined && { password: secret }) };
};

const createByExternalId = async (siteKey: string, options: NewPerson): Promise<Made> => {
  const theirs = check('--external-id', externalId, options.externalId);
  const shown = check('--name', displayName, options.name);
  const address = options.email === undefined ? undefined : check('--email', email, options.email);
  const row = await onSite(siteKey, ({ db }, site) =>
    inTransaction(db, async (transaction) => {
      await lockPerson(transaction, site.id, theirs);
      const known = await findAdminUser(transaction, site.id, `external:${theirs}`).catch(() => undefined);
      if (known) throw new Problem('conflict', `unable to create the person; ${known.id} has the external id already`);
      const made = await upsertPerson(transaction, site.id, {
        externalId: theirs,
        name: shown,
        email: address,
        pictureUrl: undefined,
        custom: {},
      });
      await record(transaction, site.id, 'user create', { target: made.id });
      return made;
    }),
  );
  return { id: row.id, username: row.username, displayName: row.display_name, externalId: theirs };
};

const wordsOf = (siteKey: string, { id, displayName: shown, username: name, password: secret }: Made): string =>
  [
    `${shown} (${id}) of site ${siteKey} is created, with the user name ${name}.`,
    ...(secret === undefined ? [] : ['The password is shown this once:', '', `  ${secret}`]),
  ].join('\n');

const check = <T>(what: string, schema: z.ZodType<T>, value: unknown): T => {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const reason = value === undefined ? 'is needed' : (read.error.issues[0]?.message ?? 'is not valid');
  throw new Problem('validation_failed', `unable to create the person; ${what} ${reason}`);
};

const readRef = (who: string): string => {
  const read = userRef.safeParse(who);
  if (read.success) return read.data;
  throw new Problem(
    'validation_failed',
    `unable to find ${who}; people are named by their id, or by external: and yours`,
  );
};
