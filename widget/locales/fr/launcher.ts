import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('fr');

/** French for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'Ouvrir le chat',
  close: 'Fermer le chat',
  unread: (n) => count(n, { one: '# message non lu', many: '# de messages non lus', other: '# messages non lus' }),
};
