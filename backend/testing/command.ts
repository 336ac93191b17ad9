import { runProgram } from '../cli/program.ts';
import type { CommandEnd } from './process.ts';

/**
 * Runs a command of `teatime` in this very process, with these environment variables only: a process of its own, as `runCommand` starts, takes a second
 * to begin. One at a time.
 */
export const runHere = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandEnd> => {
  const written = { stdout: '', stderr: '' };
  const { env: environment, exitCode, stdout, stderr } = process;
  const [writeOut, writeErr, { log, error }] = [stdout.write, stderr.write, console];
  const take = (where: keyof typeof written) => (text: unknown) => {
    written[where] += String(text);
    return true;
  };
  try {
    process.env = { PATH: environment['PATH'] ?? '', HOME: environment['HOME'] ?? '', ...env };
    process.exitCode = undefined;
    [stdout.write, stderr.write] = [take('stdout'), take('stderr')];
    [console.log, console.error] = [
      (text: unknown) => take('stdout')(`${String(text)}\n`),
      (text: unknown) => take('stderr')(`${String(text)}\n`),
    ];
    const code = await runProgram(args);
    return { code, ...written };
  } finally {
    process.env = environment;
    process.exitCode = exitCode;
    [stdout.write, stderr.write] = [writeOut, writeErr];
    Object.assign(console, { log, error });
  }
};
