import type { enRegistration } from '../en-registration.ts';
import type { Phrase } from '../strings.ts';

/** Chinese for making an account. */
export const registration: Phrase<typeof enRegistration> = {
  title: '创建账号',
  subtitle: '只需半分钟。',
  displayName: '你的名字',
  displayNameHint: '其他人看到的名字。',
  username: '用户名',
  usernameHint: '3 到 32 个字母、数字、点或短横线。',
  passwordHint: '至少 8 个字符。',
  email: '邮箱（选填）',
  phone: '手机号（选填）',
  phoneHint: '含国家代码，例如 +86 10 5550 0000。',
  more: '添加邮箱或手机号',
  submit: '创建账号',
  submitting: '正在创建账号…',
  toSignIn: '已有账号？登录',
  usernameInvalid: '请使用 3 到 32 个字母、数字、点、短横线或下划线，并以字母或数字开头。',
  usernameTaken: '该用户名已被使用。请换一个。',
  displayNameInvalid: '请使用 1 到 64 个字符。',
  passwordInvalid: '请使用至少 8 个字符。',
  emailInvalid: '这不像是邮箱地址。',
  emailTaken: '该邮箱已属于某个账号。',
  phoneInvalid: '请填写含国家代码的号码，例如 +86 10 5550 0000。',
  phoneTaken: '该手机号已属于某个账号。',
  taken: '用户名、邮箱或手机号已被使用。',
};
