import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** French for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'Discuter sans compte',
  subtitle: 'Un nom suffit.',
  displayName: 'Votre nom',
  displayNameInvalid: 'Utilisez de 1 à 64 caractères.',
  submit: 'Commencer à discuter',
  submitting: 'Un instant…',
};
