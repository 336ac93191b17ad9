import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('pt');

/** Portuguese for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'Abrir o chat',
  close: 'Fechar o chat',
  unread: (n) =>
    count(n, { one: '# mensagem não lida', many: '# de mensagens não lidas', other: '# mensagens não lidas' }),
};
