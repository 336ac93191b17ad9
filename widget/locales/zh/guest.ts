import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Chinese for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: '以访客身份聊天',
  subtitle: '只需要一个名字。',
  displayName: '你的名字',
  displayNameInvalid: '请使用 1 到 64 个字符。',
  submit: '开始聊天',
  submitting: '请稍候…',
};
