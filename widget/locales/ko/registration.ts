import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Korean for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: '계정 만들기',
  subtitle: '30초면 돼요.',
  displayName: '이름',
  displayNameHint: '다른 사람에게 보이는 이름이에요.',
  username: '사용자 이름',
  usernameHint: '영문자, 숫자, 마침표, 하이픈 3~32자.',
  passwordHint: '8자 이상.',
  email: '이메일(선택)',
  phone: '전화번호(선택)',
  phoneHint: '국가 번호를 포함하세요. 예: +82 2 5550 0000',
  more: '이메일이나 전화번호 추가',
  submit: '계정 만들기',
  submitting: '계정을 만드는 중…',
  toSignIn: '계정이 있나요? 로그인',
  usernameInvalid: '영문자, 숫자, 마침표, 하이픈, 밑줄로 3~32자를 쓰고 영문자나 숫자로 시작하세요.',
  usernameTaken: '이미 사용 중인 이름이에요. 다른 이름을 써 보세요.',
  displayNameInvalid: '1~64자로 입력하세요.',
  passwordInvalid: '8자 이상으로 입력하세요.',
  emailInvalid: '이메일 주소가 아닌 것 같아요.',
  emailTaken: '이미 다른 계정에서 쓰는 이메일이에요.',
  phoneInvalid: '국가 번호를 포함해 입력하세요. 예: +82 2 5550 0000',
  phoneTaken: '이미 다른 계정에서 쓰는 전화번호예요.',
  taken: '사용자 이름, 이메일 또는 전화번호가 이미 사용 중이에요.',
};
