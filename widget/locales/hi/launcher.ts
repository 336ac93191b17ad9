import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('hi');

/** Hindi for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'चैट खोलें',
  close: 'चैट बंद करें',
  unread: (n) => count(n, { one: '# नया संदेश', other: '# नए संदेश' }),
};
