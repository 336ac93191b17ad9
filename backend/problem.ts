import { errorCodes, type ErrorCode } from '../protocol/codes.ts';

/** One field that was wrong and why. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/**
 * A refusal that a client is told about: thrown by any use case, turned into a problem document by REST and into an
 * error reply by the hub. Anything else that is thrown is an `internal` error, and its message stays in the log.
 */
export class Problem extends Error {
  readonly code: ErrorCode;
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs: number | undefined;
  readonly issues: readonly Issue[] | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    details: { retryAfterMs?: number; issues?: readonly Issue[]; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.name = 'Problem';
    this.code = code;
    this.retryAfterMs = details.retryAfterMs;
    this.issues = details.issues;
  }

  /** The HTTP status that this code travels under. */
  get status(): number {
    return errorCodes[this.code];
  }
}

/** What exists but may not be known, and what does not exist, are refused alike. */
export const notFound = (what: string): Problem =>
  new Problem('not_found', `unable to find the ${what}; it does not exist or you may not see it`);
