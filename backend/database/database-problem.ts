import { Problem } from '../problem.ts';

// What Node says when a server cannot be reached. ENOENT: the unix socket of a Postgres that is not running.
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EACCES',
]);

// SQLSTATEs after which trying again makes sense (PostgreSQL, appendix A): the server is going down, starting, full or
// read-only, a time-out cut the statement off, two transactions were in each other's way, or the tables are still being made.
const passingStates = /^(?:08...|53...|57P..|57014|55P03|25P0[234]|25006|40001|40P01|42P01)$/;

// pg and knex's pool throw these without a code.
const passingWords =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|Timeout acquiring a connection|Unable to acquire a connection|Connection ended unexpectedly/;

/** When a client may try again after the database was away. */
export const databaseRetryMs = 1000;

/** The refusal to give when an error means that the database is away, overloaded or too slow; `undefined` for every other error. */
export const databaseProblem = (error: unknown): Problem | undefined => {
  if (error instanceof Problem) return error.code === 'dependency_unavailable' ? error : undefined;
  if (!isPassing(error)) return undefined;
  return new Problem('dependency_unavailable', 'unable to reach the database; try again in a moment', {
    retryAfterMs: databaseRetryMs,
    cause: error,
  });
};

const isPassing = (error: unknown): boolean => {
  // Node throws one of these when each address of a host name failed.
  if (error instanceof AggregateError) return error.errors.some(isPassing);
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as Error & { code?: unknown; syscall?: unknown };
  if (typeof code === 'string') {
    if (code === 'ENOENT' || code === 'EACCES') return syscall === 'connect';
    if (networkCodes.has(code) || passingStates.test(code)) return true;
  }
  return passingWords.test(error.message);
};
