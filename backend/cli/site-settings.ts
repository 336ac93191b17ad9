import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { z } from 'zod';
import { branding, siteName, sitePolicy, type Branding, type SitePolicy } from '../../protocol/sites.ts';
import type { Database } from '../database/connect.ts';
import { changeSite, findSite, type SiteChanges, type SiteRow } from '../features/sites/index.ts';
import { Problem } from '../problem.ts';

interface Options {
  readonly name?: string;
  readonly logo?: string;
  readonly accent?: string;
  readonly registration?: string;
  readonly passwordSignIn?: string;
  readonly guests?: string;
  readonly calls?: string;
  readonly whoMayStart?: string;
  readonly whoMayStartDirect?: string;
  readonly whoMayStartGroups?: string;
  readonly history?: string;
  readonly files?: string;
  readonly maxFileSize?: string;
  readonly maxBytesPerPerson?: string;
  readonly fileTypes?: string;
  readonly retentionDays?: string;
  readonly policy?: string;
}

/** Does something to a site, says so in its audit log, and shows what came of it. */
type ChangeSite = (
  work: (db: Database) => Promise<SiteRow>,
  details: Readonly<Record<string, string>>,
) => Promise<void>;

/** The command that changes what a site decides and how it looks. Each option changes one thing; `default` takes back what the site has decided. */
export const addSiteSettings = (site: Command, change: ChangeSite): void => {
  const words = '(on, off or default)';
  site
    .command('update <key>')
    .description('change a site: its name, how it looks, what it decides; `default` as a value takes a decision back')
    .option('--name <name>', 'what people read')
    .option('--logo <url>', 'https address of a picture above the sign-in, or default')
    .option('--accent <colour>', 'colour of buttons and marks, such as #0a6c4f, or default')
    .option('--registration <state>', `whether people can make accounts ${words}`)
    .option('--password-sign-in <state>', `whether people can sign in with a password ${words}`)
    .option('--guests <state>', `whether people can come in with a name alone ${words}`)
    .option('--calls <state>', `whether people can call ${words}`)
    .option('--who-may-start <who>', 'who may begin conversations: everybody, people, nobody or default')
    .option('--who-may-start-direct <who>', 'the same for direct messages alone')
    .option('--who-may-start-groups <who>', 'the same for groups alone')
    .option('--history <what>', 'what those see who are added to a group later: all, sinceJoining or default')
    .option('--files <state>', `whether people can send files ${words}`)
    .option('--max-file-size <bytes>', 'largest file in bytes, or default')
    .option('--max-bytes-per-person <bytes>', 'room for the files of each person in bytes, or default')
    .option('--file-types <types>', 'media types that are taken, with commas in between, such as image/*, or default')
    .option('--retention-days <days>', 'delete messages that are older, or default: none is')
    .option('--policy <file>', 'replace the whole policy by that of a JSON file')
    .action(async (key: string, options: Options) => {
      if (Object.keys(options).length === 0)
        throw new Problem('validation_failed', 'unable to change the site; say what, see teatime site update --help');
      const details = { changed: Object.keys(options).sort().join(' ') };
      await change(async (db) => {
        const before = await findSite(db, key);
        return changeSite(db, key, {
          ...(options.name !== undefined && { name: check('--name', siteName, options.name) }),
          ...policyOf(before, options),
          ...brandingOf(before, options),
        });
      }, details);
    });
};

const policyOf = (before: SiteRow, options: Options): Pick<SiteChanges, 'policy' | 'wholePolicy'> => {
  const { policy: file, name: _name, logo: _logo, accent: _accent, ...decisions } = options;
  if (file === undefined && Object.keys(decisions).length === 0) return {};
  const whole = file === undefined ? before.policy : readJson(file);
  const isWritten = sitePolicy.safeParse(whole);
  if (!isWritten.success) {
    const first = isWritten.error.issues[0];
    const where = file ?? 'the policy that the site has, which --policy replaces';
    const what = [first?.path.join('.'), first?.message].filter(Boolean).join(': ');
    throw new Problem('validation_failed', `unable to change the site; ${where} cannot be read (${what})`);
  }
  const now: SitePolicy = isWritten.data;
  const { accounts, calls, conversations, files, retention } = now;
  const everywhere = options.whoMayStart;
  const next = {
    ...now,
    accounts: changed(accounts, {
      registration: onOff('--registration', options.registration),
      passwordSignIn: onOff('--password-sign-in', options.passwordSignIn),
      guests: onOff('--guests', options.guests),
    }),
    calls: changed(calls, { allowed: onOff('--calls', options.calls) }),
    conversations: changed(conversations, {
      whoMayStartDirect: plain(options.whoMayStartDirect ?? everywhere),
      whoMayStartGroups: plain(options.whoMayStartGroups ?? everywhere),
      historyForNewMembers: plain(options.history),
    }),
    files: changed(files, {
      allowed: onOff('--files', options.files),
      fileBytes: plain(options.maxFileSize, Number),
      bytesPerPerson: plain(options.maxBytesPerPerson, Number),
      types: plain(options.fileTypes, (text) => text.split(/[\s,]+/).filter(Boolean)),
    }),
    retention: changed(retention, { messageDays: plain(options.retentionDays, Number) }),
  };
  const given = Object.fromEntries(Object.entries(next).filter(([, part]) => part !== undefined));
  return { policy: check('the policy', sitePolicy, given), wholePolicy: true };
};

const brandingOf = (before: SiteRow, { logo, accent }: Options): Pick<SiteChanges, 'branding'> => {
  if (logo === undefined && accent === undefined) return {};
  const now = branding.safeParse(before.branding).data ?? {};
  const next = changed<Branding>(now, { logoUrl: plain(logo), accent: plain(accent) });
  return { branding: check('the branding', branding, next ?? {}) };
};

/** What an option says: nothing, that a decision is taken back, or another. */
type Said = { readonly value: unknown } | 'default' | undefined;

const plain = (text: string | undefined, read: (text: string) => unknown = String): Said =>
  text === undefined || text === 'default' ? text : { value: read(text) };

const onOff = (option: string, text: string | undefined): Said => {
  if (text === 'on' || text === 'off') return { value: text === 'on' };
  if (text === undefined || text === 'default') return text;
  throw new Problem('validation_failed', `unable to take ${option} ${text}; it is on, off or default`);
};

const changed = <Part extends object>(
  part: Part | undefined,
  said: Readonly<Partial<Record<keyof Part, Said>>>,
): object | undefined => {
  const next: Record<string, unknown> = { ...part };
  for (const [name, word] of Object.entries(said) as [string, Said][]) {
    if (word === 'default') delete next[name];
    else if (word !== undefined) next[name] = word.value;
  }
  return Object.keys(next).length > 0 ? next : undefined;
};

const check = <Schema extends z.ZodType>(what: string, schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
  throw new Problem('validation_failed', `unable to change the site; ${what} is not valid: ${faults.join('; ')}`);
};

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem('validation_failed', `unable to change the site; ${file} is no JSON file (${why})`);
  }
};
