import { run } from './account.js';

run({
  path: 'auth/password/forgot',
  done: 'forgotDone',
  read(form) {
    const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('email'));
    const email = field.value.trim();
    return field.validity.valid && email !== '' ? { body: { email } } : { fault: 'emailFault', field };
  },
});
