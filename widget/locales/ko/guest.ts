import type { enGuest } from '../en-guest.ts';
import type { Phrase } from '../strings.ts';

/** Korean for coming in as a guest. */
export const guest: Phrase<typeof enGuest> = {
  title: '게스트로 채팅하기',
  subtitle: '이름만 있으면 됩니다.',
  displayName: '이름',
  displayNameInvalid: '1~64자로 입력하세요.',
  submit: '채팅 시작',
  submitting: '잠시만요…',
};
