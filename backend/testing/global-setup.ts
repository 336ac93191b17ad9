import { shareTemplate, startTestPostgres } from './postgres.ts';
import { shareProgramFolder } from './process.ts';

/** Runs once for all test files: one Postgres, with a template that each file's databases are cloned from. */
export const setup = async (): Promise<() => Promise<void>> => {
  const removePrograms = await shareProgramFolder();
  const postgres = await startTestPostgres();
  shareTemplate(postgres.templateUrl);
  return async () => {
    removePrograms();
    await postgres.stop();
  };
};
