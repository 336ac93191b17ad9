import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('ja');

/** Japanese for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'チャットを開く',
  close: 'チャットを閉じる',
  unread: (n) => count(n, { other: '未読メッセージ # 件' }),
};
