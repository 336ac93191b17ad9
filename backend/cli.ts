#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { addBotCommands } from './cli/bot-commands.ts';
import { withInstallation } from './cli/installation.ts';
import { addKeyCommands } from './cli/key-commands.ts';
import { print, printJson } from './cli/output.ts';
import { addServerKeyCommands } from './cli/server-key-commands.ts';
import { addSiteCommands } from './cli/site-commands.ts';
import { addUserCommands } from './cli/user-commands.ts';
import { addWebhookCommands } from './cli/webhook-commands.ts';
import { databaseProblem } from './database/database-problem.ts';

const program = new Command('teatime')
  .description(
    'Runs TeaTime, and looks after its sites. Settings are read from the environment, as the server reads them.',
  )
  .option('--json', 'answer in JSON')
  .on('option:json', printJson)
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

program
  .command('start', { isDefault: true })
  .description('run the server')
  .action(async () => {
    await import('./main.ts');
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
  .action(async () => (await import('./cli/doctor.ts')).runDoctor());

const usage = 2;

try {
  await program.parseAsync();
} catch (error) {
  // Commander has written what is wrong with the line itself.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : usage;
  else {
    const problem = databaseProblem(error);
    const reason = problem?.cause instanceof Error ? problem.cause.message : '';
    const message = error instanceof Error ? error.message : String(error);
    console.error(problem ? `unable to reach the database${reason && `; ${reason}`}` : message);
    process.exitCode = 1;
  }
}
