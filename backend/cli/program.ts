import { Command, CommanderError } from 'commander';
import { addBotCommands } from './bot-commands.ts';
import { withInstallation } from './installation.ts';
import { addKeyCommands } from './key-commands.ts';
import { print, printJson } from './output.ts';
import { addServerKeyCommands } from './server-key-commands.ts';
import { addSiteCommands } from './site-commands.ts';
import { addUserCommands } from './user-commands.ts';
import { addWebhookCommands } from './webhook-commands.ts';
import { databaseProblem } from '../database/database-problem.ts';

const usage = 2;

/** Runs a command of `teatime` to its end; resolves with the exit code: 0, 1 when it failed, 2 when there is no such command or option. */
export const runProgram = async (args: readonly string[]): Promise<number> => {
  printJson(false);
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has written what is wrong with the line itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usage;
    const problem = databaseProblem(error);
    const reason = problem?.cause instanceof Error ? problem.cause.message : '';
    const message = error instanceof Error ? error.message : String(error);
    console.error(problem ? `unable to reach the database${reason && `; ${reason}`}` : message);
    return 1;
  }
};

const createProgram = (): Command => {
  const program = new Command('teatime')
    .description(
      'Runs TeaTime, and looks after its sites. Settings are read from the environment, as the server reads them.',
    )
    .option('--json', 'answer in JSON')
    .on('option:json', () => printJson(true))
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();

  program
    .command('start', { isDefault: true })
    .description('run the server')
    .action(async () => {
      await import('../main.ts');
    });
  program
    .command('migrate')
    .description('bring the schema of the database up to date')
    .action(async () => {
      await withInstallation(async () => print({ migrated: true }, () => 'The schema is up to date.'));
    });
  addSiteCommands(program);
  addKeyCommands(program);
  addServerKeyCommands(program);
  addUserCommands(program);
  addWebhookCommands(program);
  addBotCommands(program);
  program
    .command('doctor')
    .description('look whether the settings, the database, the storage and the sites are sound')
    .action(async () => (await import('./doctor.ts')).runDoctor());
  return program;
};
