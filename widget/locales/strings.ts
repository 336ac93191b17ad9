import type { en } from './en.ts';
import type { enFiles } from './en-files.ts';
import type { enAvatar } from './en-avatar.ts';
import type { enCalls } from './en-calls.ts';
import type { enGuest } from './en-guest.ts';
import type { enLater } from './en-later.ts';
import type { enNotices } from './en-notices.ts';
import type { enPassword } from './en-password.ts';
import type { enRegistration } from './en-registration.ts';

/** The same phrases in any wording: what a language holds in the place of English ones. */
export type Phrase<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Phrase<T[K]> };
type Some<T> = T extends string | ((...args: never[]) => string) ? T : { readonly [K in keyof T]?: Some<T[K]> };

/** Everything that the widget says, by area. A phrase with something to fill in is a function. English is the reference. */
export type Strings = Phrase<
  typeof en &
    typeof enLater &
    typeof enFiles &
    typeof enCalls &
    typeof enNotices & {
      registration: typeof enRegistration;
      guest: typeof enGuest;
      password: typeof enPassword;
      avatar: typeof enAvatar;
    }
>;

/** A host's own wording: any part of the strings; what is left out stays as it is. */
export type StringOverrides = Some<Strings>;

/** The strings with a host's wording laid over them. What is not of the same kind as the phrase it would replace is ignored. */
export function withOverrides(strings: Strings, overrides: StringOverrides | undefined): Strings {
  return overrides ? (merge(strings, overrides) as Strings) : strings;
}

function merge(base: unknown, over: unknown): unknown {
  if (typeof base !== 'object' || base === null) return typeof over === typeof base ? over : base;
  if (typeof over !== 'object' || over === null) return base;
  const merged: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(base)) {
    merged[key] = Object.hasOwn(over, key) ? merge(value, (over as Record<string, unknown>)[key]) : value;
  }
  return merged;
}
