import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Russian for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'Создайте аккаунт',
  subtitle: 'Это займёт полминуты.',
  displayName: 'Ваше имя',
  displayNameHint: 'Его видят другие.',
  username: 'Имя пользователя',
  usernameHint: 'От 3 до 32 латинских букв, цифр, точек или дефисов.',
  passwordHint: 'Не менее 8 символов.',
  email: 'Почта (необязательно)',
  phone: 'Телефон (необязательно)',
  phoneHint: 'С кодом страны, например +7 495 000-00-00.',
  more: 'Добавить почту или телефон',
  submit: 'Создать аккаунт',
  submitting: 'Создание аккаунта…',
  toSignIn: 'Уже есть аккаунт? Войти',
  usernameInvalid:
    'От 3 до 32 латинских букв, цифр, точек, дефисов или подчёркиваний; первой должна быть буква или цифра.',
  usernameTaken: 'Это имя пользователя занято. Попробуйте другое.',
  displayNameInvalid: 'От 1 до 64 символов.',
  passwordInvalid: 'Не менее 8 символов.',
  emailInvalid: 'Это не похоже на адрес почты.',
  emailTaken: 'Этот адрес почты уже принадлежит другому аккаунту.',
  phoneInvalid: 'Укажите номер с кодом страны, например +7 495 000-00-00.',
  phoneTaken: 'Этот номер уже принадлежит другому аккаунту.',
  taken: 'Имя пользователя, почта или телефон уже заняты.',
};
