import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Portuguese for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'Crie sua conta',
  subtitle: 'Leva meio minuto.',
  displayName: 'Seu nome',
  displayNameHint: 'O que os outros veem.',
  username: 'Usuário',
  usernameHint: 'De 3 a 32 letras, números, pontos ou hifens.',
  passwordHint: 'Pelo menos 8 caracteres.',
  email: 'E-mail (opcional)',
  phone: 'Telefone (opcional)',
  phoneHint: 'Com o código do país, como +55 11 5550 0000.',
  more: 'Adicionar e-mail ou telefone',
  submit: 'Criar conta',
  submitting: 'Criando sua conta…',
  toSignIn: 'Já tem conta? Entre',
  usernameInvalid: 'Use de 3 a 32 letras, números, pontos, hifens ou sublinhados; comece com letra ou número.',
  usernameTaken: 'Esse usuário já existe. Tente outro.',
  displayNameInvalid: 'Use de 1 a 64 caracteres.',
  passwordInvalid: 'Use pelo menos 8 caracteres.',
  emailInvalid: 'Isso não parece um e-mail.',
  emailTaken: 'Esse e-mail já pertence a uma conta.',
  phoneInvalid: 'Escreva o número com o código do país, como +55 11 5550 0000.',
  phoneTaken: 'Esse telefone já pertence a uma conta.',
  taken: 'O usuário, o e-mail ou o telefone já existe.',
};
