import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Hebrew for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'פתיחת חשבון',
  subtitle: 'זה לוקח חצי דקה.',
  displayName: 'השם שלכם',
  displayNameHint: 'מה שאחרים רואים.',
  username: 'שם משתמש',
  usernameHint: '3 עד 32 אותיות לטיניות, ספרות, נקודות או מקפים.',
  passwordHint: 'לפחות 8 תווים.',
  email: 'דוא״ל (לא חובה)',
  phone: 'טלפון (לא חובה)',
  phoneHint: 'עם קידומת המדינה, למשל ‎+972 2 550 0000.',
  more: 'הוספת דוא״ל או טלפון',
  submit: 'פתיחת חשבון',
  submitting: 'החשבון נפתח…',
  toSignIn: 'יש כבר חשבון? התחברות',
  usernameInvalid: '3 עד 32 אותיות לטיניות, ספרות, נקודות, מקפים או קווים תחתונים; התו הראשון אות או ספרה.',
  usernameTaken: 'שם המשתמש הזה תפוס. נסו שם אחר.',
  displayNameInvalid: 'בין 1 ל־64 תווים.',
  passwordInvalid: 'לפחות 8 תווים.',
  emailInvalid: 'זה לא נראה כמו כתובת דוא״ל.',
  emailTaken: 'כתובת הדוא״ל הזו כבר שייכת לחשבון.',
  phoneInvalid: 'כתבו את המספר עם קידומת המדינה, למשל ‎+972 2 550 0000.',
  phoneTaken: 'מספר הטלפון הזה כבר שייך לחשבון.',
  taken: 'שם המשתמש, הדוא״ל או הטלפון תפוסים.',
};
