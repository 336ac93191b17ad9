import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Arabic for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'الدردشة كضيف',
  subtitle: 'يكفي اسم فقط.',
  displayName: 'اسمك',
  displayNameInvalid: 'استخدم من 1 إلى 64 حرفًا.',
  submit: 'بدء الدردشة',
  submitting: 'لحظة من فضلك…',
};
