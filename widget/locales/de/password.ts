import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** German for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'Passwort ändern',
  current: 'Aktuelles Passwort',
  next: 'Neues Passwort',
  hint: 'Mindestens 8 Zeichen.',
  done: 'Ihr Passwort ist geändert. Ihre anderen Geräte sind abgemeldet.',
  wrong: 'Das ist nicht Ihr aktuelles Passwort.',
  none: 'Ihr Konto hat kein Passwort: Die Website meldet Sie an.',
};
