import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** French for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'Créez votre compte',
  subtitle: 'Une demi-minute suffit.',
  displayName: 'Votre nom',
  displayNameHint: 'Ce que les autres voient.',
  username: 'Identifiant',
  usernameHint: 'De 3 à 32 lettres, chiffres, points ou tirets.',
  passwordHint: 'Au moins 8 caractères.',
  email: 'E-mail (facultatif)',
  phone: 'Téléphone (facultatif)',
  phoneHint: 'Avec l’indicatif du pays, comme +33 1 99 00 00 00.',
  more: 'Ajouter un e-mail ou un téléphone',
  submit: 'Créer le compte',
  submitting: 'Création de votre compte…',
  toSignIn: 'Déjà un compte\u202f? Se connecter',
  usernameInvalid:
    'De 3 à 32 lettres, chiffres, points, tirets ou tirets bas\u202f; commencez par une lettre ou un chiffre.',
  usernameTaken: 'Cet identifiant est pris. Essayez-en un autre.',
  displayNameInvalid: 'Utilisez de 1 à 64 caractères.',
  passwordInvalid: 'Utilisez au moins 8 caractères.',
  emailInvalid: 'Cela ne ressemble pas à une adresse e-mail.',
  emailTaken: 'Cette adresse e-mail appartient déjà à un compte.',
  phoneInvalid: 'Écrivez le numéro avec l’indicatif du pays, comme +33 1 99 00 00 00.',
  phoneTaken: 'Ce numéro de téléphone appartient déjà à un compte.',
  taken: 'L’identifiant, l’e-mail ou le téléphone est déjà pris.',
};
