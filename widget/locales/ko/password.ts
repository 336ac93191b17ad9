import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Korean for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: '비밀번호 변경',
  current: '현재 비밀번호',
  next: '새 비밀번호',
  hint: '8자 이상.',
  done: '비밀번호를 변경했어요. 다른 기기는 로그아웃됐어요.',
  wrong: '현재 비밀번호가 아니에요.',
  none: '이 계정에는 비밀번호가 없어요. 사이트가 로그인해 줘요.',
};
