/** English for the launcher button, apart so that the closed launcher does not load all the others. */
export const enLauncher = {
  open: 'Open chat',
  close: 'Close chat',
  // In the closed launcher every byte counts: these are the two forms that `plural` would choose from.
  unread: (n: number) => `${n} unread message${n === 1 ? '' : 's'}`,
};
