import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** German for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'Als Gast chatten',
  subtitle: 'Ein Name genügt.',
  displayName: 'Ihr Name',
  displayNameInvalid: 'Verwenden Sie 1 bis 64 Zeichen.',
  submit: 'Chat beginnen',
  submitting: 'Einen Moment …',
};
