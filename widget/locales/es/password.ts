import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Spanish for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'Cambiar la contraseña',
  current: 'Contraseña actual',
  next: 'Contraseña nueva',
  hint: 'Al menos 8 caracteres.',
  done: 'Tu contraseña ha cambiado. Se cerró la sesión en tus otros dispositivos.',
  wrong: 'Esa no es tu contraseña actual.',
  none: 'Tu cuenta no tiene contraseña: el sitio te identifica.',
};
