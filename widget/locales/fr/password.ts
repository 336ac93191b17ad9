import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** French for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'Changer de mot de passe',
  current: 'Mot de passe actuel',
  next: 'Nouveau mot de passe',
  hint: 'Au moins 8 caractères.',
  done: 'Votre mot de passe est changé. Vos autres appareils sont déconnectés.',
  wrong: 'Ce n’est pas votre mot de passe actuel.',
  none: 'Votre compte n’a pas de mot de passe : le site vous connecte.',
};
