import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Hebrew for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'צ׳אט כאורח',
  subtitle: 'צריך רק שם.',
  displayName: 'השם שלך',
  displayNameInvalid: 'יש להשתמש ב־1 עד 64 תווים.',
  submit: 'להתחיל לשוחח',
  submitting: 'רק רגע…',
};
