import { enGuest } from '../../locales/en-guest.ts';
import { addPhrases } from '../../locales/phrases.ts';
import type { OtherForm } from './fields.ts';

addPhrases({ guest: enGuest });

/** Comes in with a name and nothing else. */
export const form: OtherForm = {
  words: ({ guest, signIn }) => ({ ...guest, toSignIn: signIn.submit }),
  fields: ({ guest }) => [{ name: 'displayName', label: guest.displayName, autocomplete: 'name', required: true }],
  check: ({ signIn }, { displayName }) => (displayName?.trim() ? {} : { displayName: signIn.missing }),
  errors({ guest }, { code }, otherwise) {
    if (code === 'validation_failed') return { displayName: guest.displayNameInvalid };
    return code === 'name_reserved' ? { displayName: otherwise } : { form: otherwise };
  },
  send: (chat, { displayName = '' }) => chat.enterAsGuest(displayName.trim()),
};
