import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Portuguese for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'Conversar sem conta',
  subtitle: 'Basta um nome.',
  displayName: 'Seu nome',
  displayNameInvalid: 'Use de 1 a 64 caracteres.',
  submit: 'Começar a conversar',
  submitting: 'Um momento…',
};
