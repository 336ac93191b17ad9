/** English for changing one's password. */
export const enPassword = {
  change: 'Change password',
  current: 'Current password',
  next: 'New password',
  hint: 'At least 8 characters.',
  done: 'Your password is changed. Your other devices are signed out.',
  wrong: 'That is not your current password.',
  none: 'Your account has no password: the site signs you in.',
};
