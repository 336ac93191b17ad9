import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Hebrew for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'שינוי סיסמה',
  current: 'הסיסמה הנוכחית',
  next: 'סיסמה חדשה',
  hint: 'לפחות 8 תווים.',
  done: 'הסיסמה שונתה. שאר המכשירים שלך נותקו.',
  wrong: 'זאת לא הסיסמה הנוכחית שלך.',
  none: 'לחשבון שלך אין סיסמה: האתר מכניס אותך.',
};
