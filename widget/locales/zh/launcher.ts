import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('zh');

/** Chinese for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: '打开聊天',
  close: '关闭聊天',
  unread: (n) => count(n, { other: '# 条未读消息' }),
};
