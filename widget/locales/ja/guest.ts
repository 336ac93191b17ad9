import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Japanese for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: 'ゲストとしてチャット',
  subtitle: '名前だけで始められます。',
  displayName: 'お名前',
  displayNameInvalid: '1〜64文字で入力してください。',
  submit: 'チャットを始める',
  submitting: '少々お待ちください…',
};
