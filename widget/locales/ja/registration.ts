import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Japanese for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'アカウントを作成',
  subtitle: '30 秒ほどで終わります。',
  displayName: '名前',
  displayNameHint: 'ほかの人に表示されます。',
  username: 'ユーザー名',
  usernameHint: '英字、数字、ピリオド、ハイフンで 3～32 文字。',
  passwordHint: '8 文字以上。',
  email: 'メール（任意）',
  phone: '電話番号（任意）',
  phoneHint: '国番号を付けて入力（例: +81 3 5550 0000）。',
  more: 'メールか電話番号を追加',
  submit: 'アカウントを作成',
  submitting: 'アカウントを作成しています…',
  toSignIn: 'アカウントをお持ちの方はログイン',
  usernameInvalid: '英字、数字、ピリオド、ハイフン、アンダースコアで 3～32 文字にし、先頭は英字か数字にしてください。',
  usernameTaken: 'そのユーザー名は使われています。別の名前をお試しください。',
  displayNameInvalid: '1～64 文字で入力してください。',
  passwordInvalid: '8 文字以上で入力してください。',
  emailInvalid: 'メールアドレスの形式ではないようです。',
  emailTaken: 'そのメールアドレスはすでにアカウントで使われています。',
  phoneInvalid: '国番号を付けて入力してください（例: +81 3 5550 0000）。',
  phoneTaken: 'その電話番号はすでにアカウントで使われています。',
  taken: 'ユーザー名、メール、電話番号のいずれかが使われています。',
};
