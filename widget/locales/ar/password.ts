import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Arabic for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'تغيير كلمة المرور',
  current: 'كلمة المرور الحالية',
  next: 'كلمة المرور الجديدة',
  hint: '8 أحرف على الأقل.',
  done: 'تغيّرت كلمة المرور، وخرجت أجهزتك الأخرى.',
  wrong: 'هذه ليست كلمة مرورك الحالية.',
  none: 'لا كلمة مرور لحسابك: الموقع هو من يُدخلك.',
};
