import type { Strings } from '../strings.ts';
import { avatar } from './avatar.ts';
import { base } from './base.ts';
import { calls } from './calls.ts';
import { files } from './files.ts';
import { later } from './later.ts';
import { guest } from './guest.ts';
import { launcher } from './launcher.ts';
import { notices } from './notices.ts';
import { pane } from './pane.ts';
import { password } from './password.ts';
import { registration } from './registration.ts';

/** All that the widget says, in Hebrew. */
export const he: Strings = {
  launcher,
  ...base,
  pane,
  ...later,
  ...files,
  ...calls,
  ...notices,
  registration,
  guest,
  password,
  avatar,
};
