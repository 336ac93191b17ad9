import type { Strings } from '../../locales/strings.ts';
import type { Failure } from '../../model/types.ts';

/** A field of the forms. */
export type FieldName = 'identifier' | 'password' | 'displayName' | 'username' | 'email' | 'phone';

/** What is wrong, by field; `form` is what no single field is to blame for. */
export type FieldErrors = Partial<Record<FieldName | 'form', string>>;

type Words = Strings['signIn'];

/** What can be told wrong without asking the server. The rules are the protocol's. */
export function checkFields(words: Words, values: Partial<Record<FieldName, string>>): FieldErrors {
  const errors: FieldErrors = {};
  const { identifier, password, displayName, username, email, phone } = values;
  if (identifier !== undefined && !identifier.trim()) errors.identifier = words.missing;
  if (displayName !== undefined && !displayName.trim()) errors.displayName = words.missing;
  if (username !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/.test(username.trim()))
    errors.username = words.usernameInvalid;
  if (password === '') errors.password = words.missing;
  else if (password !== undefined && identifier === undefined && password.length < 8)
    errors.password = words.passwordInvalid;
  if (email?.trim() && !/^\S+@\S+\.\S+$/.test(email.trim())) errors.email = words.emailInvalid;
  if (phone?.trim() && !/^\+[\d\s().-]{7,}$/.test(phone.trim())) errors.phone = words.phoneInvalid;
  return errors;
}

/** What the server objected to, in words, at the fields that it named. `otherwise` is the text for any other failure. */
export function fieldErrors(words: Words, failure: Failure, otherwise: string): FieldErrors {
  const invalid: FieldErrors = {
    displayName: words.displayNameInvalid,
    username: words.usernameInvalid,
    password: words.passwordInvalid,
    email: words.emailInvalid,
    phone: words.phoneInvalid,
  };
  const taken: FieldErrors = { username: words.usernameTaken, email: words.emailTaken, phone: words.phoneTaken };
  const known = failure.code === 'conflict' ? taken : failure.code === 'validation_failed' ? invalid : {};
  const named = Object.keys(failure.fields ?? {}).filter((name): name is FieldName => Object.hasOwn(known, name));
  if (named.length > 0) return Object.fromEntries(named.map((name) => [name, known[name]]));
  return { form: failure.code === 'conflict' ? words.taken : otherwise };
}
