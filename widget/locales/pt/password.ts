import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Portuguese for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'Mudar a senha',
  current: 'Senha atual',
  next: 'Nova senha',
  hint: 'Pelo menos 8 caracteres.',
  done: 'Sua senha foi mudada. Seus outros dispositivos saíram da conta.',
  wrong: 'Essa não é a sua senha atual.',
  none: 'Sua conta não tem senha: o site identifica você.',
};
