import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Russian for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'Сменить пароль',
  current: 'Текущий пароль',
  next: 'Новый пароль',
  hint: 'Не меньше 8 знаков.',
  done: 'Пароль изменён. На других устройствах выполнен выход.',
  wrong: 'Это не ваш текущий пароль.',
  none: 'У вашей учётной записи нет пароля: вход выполняет сайт.',
};
