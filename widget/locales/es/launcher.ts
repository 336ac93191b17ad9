import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('es');

/** Spanish for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'Abrir el chat',
  close: 'Cerrar el chat',
  unread: (n) => count(n, { one: '# mensaje sin leer', many: '# de mensajes sin leer', other: '# mensajes sin leer' }),
};
