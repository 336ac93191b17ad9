import { enRegistration } from '../../locales/en-registration.ts';
import { addPhrases } from '../../locales/phrases.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Failure } from '../../model/types.ts';
import type { Field, FieldErrors, FieldName, OtherForm, Values } from './fields.ts';

// Few who open a chat make an account: the form for it is fetched when it is wanted.
addPhrases({ registration: enRegistration });

/** Makes an account. The fields for e-mail and phone are there on request. */
export const form: OtherForm = {
  words: ({ registration }) => registration,
  fields,
  check,
  errors,
  send: (chat, { username = '', displayName = '', password = '', email, phone }) =>
    chat.register({
      username: username.trim(),
      displayName: displayName.trim(),
      password,
      ...(email?.trim() && { email: email.trim() }),
      ...(phone?.trim() && { phone: phone.trim() }),
    }),
};

function fields({ signIn, registration: words }: Strings, withContact: boolean): Field[] {
  const { displayName, displayNameHint, username, usernameHint, passwordHint, email, phone, phoneHint } = words;
  const contact: Field[] = [
    { name: 'email', label: email, autocomplete: 'email', type: 'email' },
    { name: 'phone', label: phone, autocomplete: 'tel', type: 'tel', hint: phoneHint },
  ];
  const password = { label: signIn.password, autocomplete: 'new-password', hint: passwordHint };
  return [
    { name: 'displayName', label: displayName, autocomplete: 'name', hint: displayNameHint, required: true },
    { name: 'username', label: username, autocomplete: 'username', hint: usernameHint, required: true },
    { name: 'password', type: 'password', required: true, ...password },
    ...(withContact ? contact : []),
  ];
}

// The rules are the protocol's.
function check(strings: Strings, values: Values): FieldErrors {
  const { signIn, registration: words } = strings;
  const found: FieldErrors = {};
  const { password = '', displayName, username = '', email, phone } = values;
  if (!displayName?.trim()) found.displayName = signIn.missing;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/.test(username.trim())) found.username = words.usernameInvalid;
  if (password === '') found.password = signIn.missing;
  else if (password.length < 8) found.password = words.passwordInvalid;
  if (email?.trim() && !/^\S+@\S+\.\S+$/.test(email.trim())) found.email = words.emailInvalid;
  if (phone?.trim() && !/^\+[\d\s().-]{7,}$/.test(phone.trim())) found.phone = words.phoneInvalid;
  return found;
}

function errors({ registration: words }: Strings, failure: Failure, otherwise: string): FieldErrors {
  const invalid: FieldErrors = {
    displayName: words.displayNameInvalid,
    username: words.usernameInvalid,
    password: words.passwordInvalid,
    email: words.emailInvalid,
    phone: words.phoneInvalid,
  };
  const taken: FieldErrors = { username: words.usernameTaken, email: words.emailTaken, phone: words.phoneTaken };
  const reserved: FieldErrors = { displayName: otherwise, username: otherwise };
  const byCode: Partial<Record<Failure['code'], FieldErrors>> = {
    conflict: taken,
    validation_failed: invalid,
    name_reserved: reserved,
  };
  const known = byCode[failure.code] ?? {};
  const named = Object.keys(failure.fields ?? {}).filter((name): name is FieldName => Object.hasOwn(known, name));
  if (named.length > 0) return Object.fromEntries(named.map((name) => [name, known[name]]));
  return { form: failure.code === 'conflict' ? words.taken : otherwise };
}
