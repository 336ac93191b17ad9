import type { enPassword } from '../en-password.ts';
import type { Phrase } from '../strings.ts';

/** Chinese for changing one's password. */
export const password: Phrase<typeof enPassword> = {
  change: '更改密码',
  current: '当前密码',
  next: '新密码',
  hint: '至少 8 个字符。',
  done: '密码已更改，你的其他设备已退出登录。',
  wrong: '这不是你当前的密码。',
  none: '你的账号没有密码：由网站让你登录。',
};
