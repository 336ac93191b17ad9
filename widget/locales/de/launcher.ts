import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('de');

/** German for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'Chat öffnen',
  close: 'Chat schließen',
  unread: (n) => count(n, { one: '# ungelesene Nachricht', other: '# ungelesene Nachrichten' }),
};
