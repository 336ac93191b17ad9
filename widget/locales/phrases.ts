import { atom } from 'nanostores';
import { en } from './en.ts';
import type { Strings } from './strings.ts';

/**
 * What the widget says in English, as far as it is loaded. The phrases of views that are loaded later come with them, by `addPhrases`: no view
 * is ever there without its own.
 */
export const $english = atom<Strings>(en as Strings);

/** Adds the phrases that a view has brought along. */
export function addPhrases(phrases: Partial<Strings>): void {
  $english.set({ ...$english.get(), ...phrases });
}
