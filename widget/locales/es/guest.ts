import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Spanish for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'Chatear sin cuenta',
  subtitle: 'Basta con un nombre.',
  displayName: 'Tu nombre',
  displayNameInvalid: 'Usa de 1 a 64 caracteres.',
  submit: 'Empezar a chatear',
  submitting: 'Un momento…',
};
