import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Hindi for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'अपना खाता बनाएँ',
  subtitle: 'बस आधा मिनट लगेगा।',
  displayName: 'आपका नाम',
  displayNameHint: 'जो दूसरों को दिखता है।',
  username: 'यूज़र नाम',
  usernameHint: '3 से 32 अंग्रेज़ी अक्षर, अंक, बिंदु या डैश।',
  passwordHint: 'कम से कम 8 अक्षर।',
  email: 'ई-मेल (वैकल्पिक)',
  phone: 'फ़ोन (वैकल्पिक)',
  phoneHint: 'देश के कोड के साथ, जैसे +91 11 5550 0000।',
  more: 'ई-मेल या फ़ोन जोड़ें',
  submit: 'खाता बनाएँ',
  submitting: 'आपका खाता बन रहा है…',
  toSignIn: 'पहले से खाता है? साइन इन करें',
  usernameInvalid: '3 से 32 अंग्रेज़ी अक्षर, अंक, बिंदु, डैश या अंडरस्कोर इस्तेमाल करें; शुरुआत अक्षर या अंक से करें।',
  usernameTaken: 'यह यूज़र नाम लिया जा चुका है। कोई और आज़माएँ।',
  displayNameInvalid: '1 से 64 अक्षर इस्तेमाल करें।',
  passwordInvalid: 'कम से कम 8 अक्षर इस्तेमाल करें।',
  emailInvalid: 'यह ई-मेल पता नहीं लगता।',
  emailTaken: 'यह ई-मेल पता पहले से किसी खाते का है।',
  phoneInvalid: 'नंबर देश के कोड के साथ लिखें, जैसे +91 11 5550 0000।',
  phoneTaken: 'यह फ़ोन नंबर पहले से किसी खाते का है।',
  taken: 'यूज़र नाम, ई-मेल या फ़ोन नंबर लिया जा चुका है।',
};
