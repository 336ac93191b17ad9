import { errorCodes, type ErrorCode } from '../../protocol/codes.ts';

/** What went wrong, in a form that the interface can put into words: `code` is the protocol's, or one of the client's own. */
export interface Failure {
  readonly code: ErrorCode | 'network' | 'timeout' | 'storage';
  /** The server's explanation, for developers. */
  readonly message: string;
  readonly retryAfterMs?: number;
  /** The fields that were wrong, by name. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** What every promise of the chat rejects with. */
export class ChatError extends Error {
  readonly failure: Failure;
  /** Set when a socket closed while a command was in flight: the close code of RFC 6455, so the outcome is unknown. */
  readonly closeCode: number | undefined;

  constructor(failure: Failure, details: { closeCode?: number; cause?: unknown } = {}) {
    super(failure.message, { cause: details.cause });
    this.name = 'ChatError';
    this.failure = failure;
    this.closeCode = details.closeCode;
  }
}

/** The failure behind anything that was thrown. */
export const failureOf = (error: unknown): Failure =>
  error instanceof ChatError
    ? error.failure
    : { code: 'internal', message: error instanceof Error ? error.message : String(error) };

/** Narrows a code off the wire: one that this build does not know counts as `internal`. */
export const knownCode = (code: unknown): ErrorCode =>
  typeof code === 'string' && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'internal';

/** Whether the server turned down who is asking, and not what was asked. */
export const isRefusal = (failure: Failure): boolean =>
  failure.code !== 'network' &&
  failure.code !== 'timeout' &&
  failure.code !== 'storage' &&
  errorCodes[failure.code] === 401;

/** Whether trying the same again later may work: the line, the server's load or the pace was at fault. */
export const isPassing = ({ code }: Failure): boolean =>
  code === 'network' ||
  code === 'timeout' ||
  code === 'rate_limited' ||
  (code !== 'storage' && errorCodes[code] >= 500);
