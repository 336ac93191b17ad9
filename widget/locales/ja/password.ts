import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Japanese for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: 'パスワードを変更',
  current: '現在のパスワード',
  next: '新しいパスワード',
  hint: '8文字以上。',
  done: 'パスワードを変更しました。ほかの端末はサインアウトされました。',
  wrong: '現在のパスワードと違います。',
  none: 'このアカウントにパスワードはありません。サイトがサインインを行います。',
};
