import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('ko');

/** Korean for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: '채팅 열기',
  close: '채팅 닫기',
  unread: (n) => count(n, { other: '읽지 않은 메시지 #개' }),
};
