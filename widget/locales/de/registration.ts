import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** German for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'Konto anlegen',
  subtitle: 'Das dauert eine halbe Minute.',
  displayName: 'Ihr Name',
  displayNameHint: 'So sehen andere Sie.',
  username: 'Benutzername',
  usernameHint: '3 bis 32 Buchstaben, Ziffern, Punkte oder Striche.',
  passwordHint: 'Mindestens 8 Zeichen.',
  email: 'E-Mail (freiwillig)',
  phone: 'Telefon (freiwillig)',
  phoneHint: 'Mit Landesvorwahl, etwa +49 30 901820.',
  more: 'E-Mail oder Telefon angeben',
  submit: 'Konto anlegen',
  submitting: 'Konto wird angelegt …',
  toSignIn: 'Schon ein Konto? Anmelden',
  usernameInvalid:
    '3 bis 32 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche; am Anfang ein Buchstabe oder eine Ziffer.',
  usernameTaken: 'Dieser Benutzername ist vergeben. Versuchen Sie einen anderen.',
  displayNameInvalid: 'Verwenden Sie 1 bis 64 Zeichen.',
  passwordInvalid: 'Verwenden Sie mindestens 8 Zeichen.',
  emailInvalid: 'Das sieht nicht nach einer E-Mail-Adresse aus.',
  emailTaken: 'Diese E-Mail-Adresse gehört schon zu einem Konto.',
  phoneInvalid: 'Geben Sie die Nummer mit Landesvorwahl an, etwa +49 30 901820.',
  phoneTaken: 'Diese Telefonnummer gehört schon zu einem Konto.',
  taken: 'Benutzername, E-Mail-Adresse oder Telefonnummer ist vergeben.',
};
