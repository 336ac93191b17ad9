import { counter } from '../count.ts';
import type { enLauncher } from '../en-launcher.ts';
import type { Phrase } from '../strings.ts';

const count = counter('ru');

/** Russian for the launcher button. */
export const launcher: Phrase<typeof enLauncher> = {
  open: 'Открыть чат',
  close: 'Закрыть чат',
  unread: (n) =>
    count(n, {
      one: '# непрочитанное сообщение',
      few: '# непрочитанных сообщения',
      many: '# непрочитанных сообщений',
      other: '# непрочитанного сообщения',
    }),
};
