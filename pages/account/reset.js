import { run, takeToken } from './account.js';

const token = takeToken();
const field = /** @type {HTMLInputElement} */ (document.querySelector('#password'));
document.querySelector('#show')?.addEventListener('change', (event) => {
  field.type = /** @type {HTMLInputElement} */ (event.target).checked ? 'text' : 'password';
});

run({
  path: 'auth/password/reset',
  done: 'resetDone',
  usable: token !== '',
  read: () =>
    field.value.normalize('NFKC').length >= 8
      ? { body: { token, password: field.value } }
      : { fault: 'passwordFault', field },
});
