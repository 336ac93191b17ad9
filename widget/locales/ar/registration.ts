import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Arabic for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'إنشاء حسابك',
  subtitle: 'لا يستغرق الأمر سوى نصف دقيقة.',
  displayName: 'اسمك',
  displayNameHint: 'ما يراه الآخرون.',
  username: 'اسم المستخدم',
  usernameHint: 'من 3 إلى 32 من الحروف اللاتينية أو الأرقام أو النقاط أو الشرطات.',
  passwordHint: '8 أحرف على الأقل.',
  email: 'البريد الإلكتروني (اختياري)',
  phone: 'الهاتف (اختياري)',
  phoneHint: 'مع رمز البلد، مثل \u2066+20 2 27940000\u2069.',
  more: 'إضافة بريد إلكتروني أو هاتف',
  submit: 'إنشاء الحساب',
  submitting: 'جارٍ إنشاء حسابك…',
  toSignIn: 'لديك حساب؟ تسجيل الدخول',
  usernameInvalid: 'استخدم من 3 إلى 32 من الحروف اللاتينية أو الأرقام أو النقاط أو الشرطات، وابدأ بحرف أو رقم.',
  usernameTaken: 'اسم المستخدم هذا محجوز. جرّب غيره.',
  displayNameInvalid: 'استخدم من 1 إلى 64 حرفًا.',
  passwordInvalid: 'استخدم 8 أحرف على الأقل.',
  emailInvalid: 'لا يبدو هذا عنوان بريد إلكتروني.',
  emailTaken: 'هذا البريد الإلكتروني مرتبط بحساب آخر.',
  phoneInvalid: 'اكتب الرقم مع رمز البلد، مثل \u2066+20 2 27940000\u2069.',
  phoneTaken: 'رقم الهاتف هذا مرتبط بحساب آخر.',
  taken: 'اسم المستخدم أو البريد الإلكتروني أو رقم الهاتف محجوز.',
};
