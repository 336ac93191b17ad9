import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Spanish for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: 'Crea tu cuenta',
  subtitle: 'Solo lleva medio minuto.',
  displayName: 'Tu nombre',
  displayNameHint: 'Así te verán los demás.',
  username: 'Usuario',
  usernameHint: 'De 3 a 32 letras, números, puntos o guiones.',
  passwordHint: 'Al menos 8 caracteres.',
  email: 'Correo (opcional)',
  phone: 'Teléfono (opcional)',
  phoneHint: 'Con el código del país, como +34 910 000 000.',
  more: 'Añadir correo o teléfono',
  submit: 'Crear cuenta',
  submitting: 'Creando tu cuenta…',
  toSignIn: '¿Ya tienes cuenta? Inicia sesión',
  usernameInvalid: 'Usa de 3 a 32 letras, números, puntos, guiones o guiones bajos; empieza por una letra o un número.',
  usernameTaken: 'Ese usuario ya existe. Prueba con otro.',
  displayNameInvalid: 'Usa de 1 a 64 caracteres.',
  passwordInvalid: 'Usa al menos 8 caracteres.',
  emailInvalid: 'Eso no parece un correo electrónico.',
  emailTaken: 'Ese correo ya pertenece a una cuenta.',
  phoneInvalid: 'Escribe el número con el código del país, como +34 910 000 000.',
  phoneTaken: 'Ese teléfono ya pertenece a una cuenta.',
  taken: 'El usuario, el correo o el teléfono ya existe.',
};
