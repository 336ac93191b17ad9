import type { Strings } from '../locales/strings.ts';
import type { Failure } from '../model/types.ts';

/** The failure that a promise of the chat was rejected with. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof Error && 'failure' in error) return error.failure as Failure;
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
}

/** A failure in words for people: never the server's text. */
export function failureText(strings: Strings, failure: Failure): string {
  const words: Readonly<Partial<Record<string, string>>> = strings.errors;
  return words[failure.code] ?? strings.errors.internal;
}
