import { plural } from './plural.ts';

/** English for the launcher button, apart so that the closed launcher does not load all the others. */
export const enLauncher = {
  open: 'Open chat',
  close: 'Close chat',
  unread: (n: number) => plural('en', n, { one: '# unread message', other: '# unread messages' }),
};
