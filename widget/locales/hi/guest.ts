import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Hindi for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'मेहमान के रूप में चैट करें',
  subtitle: 'बस एक नाम काफ़ी है।',
  displayName: 'आपका नाम',
  displayNameInvalid: '1 से 64 अक्षर लिखें।',
  submit: 'चैट शुरू करें',
  submitting: 'एक पल…',
};
