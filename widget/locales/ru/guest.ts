import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Russian for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'Чат без аккаунта',
  subtitle: 'Достаточно имени.',
  displayName: 'Ваше имя',
  displayNameInvalid: 'Введите от 1 до 64 символов.',
  submit: 'Начать общение',
  submitting: 'Минутку…',
};
