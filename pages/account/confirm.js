import { run, takeToken } from './account.js';

const token = takeToken();

// Only when somebody presses the button: programs that look into mails open links too.
run({
  path: 'auth/email/confirm',
  done: 'confirmDone',
  usable: token !== '',
  read: () => ({ body: { token } }),
});
