import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('he');

/** Hebrew for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'פתיחת הצ׳אט',
  close: 'סגירת הצ׳אט',
  unread: (n) => count(n, { one: 'הודעה # שלא נקראה', two: '# הודעות שלא נקראו', other: '# הודעות שלא נקראו' }),
};
