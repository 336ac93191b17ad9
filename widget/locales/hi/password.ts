import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Hindi for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'पासवर्ड बदलें',
  current: 'मौजूदा पासवर्ड',
  next: 'नया पासवर्ड',
  hint: 'कम से कम 8 अक्षर।',
  done: 'पासवर्ड बदल गया। आपके बाकी डिवाइस साइन आउट हो गए।',
  wrong: 'यह आपका मौजूदा पासवर्ड नहीं है।',
  none: 'आपके खाते में पासवर्ड नहीं है: साइट आपको साइन इन कराती है।',
};
