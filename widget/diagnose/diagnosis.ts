/** What is looked at. Each STUN and TURN address, and each directive that stands in the way, is a check of its own. */
export type CheckName =
  | 'server'
  | 'origin'
  | 'clock'
  | 'session'
  | 'cookies'
  | 'storage'
  | 'csp'
  | 'socket'
  | 'ice'
  | 'stun'
  | 'turn-udp'
  | 'turn-tcp'
  | 'permissions-policy'
  | 'microphone'
  | 'camera';

/** What came of one check. */
export interface Check {
  readonly check: CheckName;
  /** `warn`: the chat works, but not all of it. `skip`: there is nothing to check, or it could not be done. */
  readonly status: 'pass' | 'warn' | 'fail' | 'skip';
  /** Stable, to switch on: docs/diagnose.md lists those of each check. */
  readonly code: string;
  /** What was seen, in English, for developers. */
  readonly message: string;
  /** What to do about it, in English, for developers; empty when there is nothing to do. */
  readonly fix: string;
}

/** Whether the chat and its calls can work on this page: they can when nothing has failed. */
export type Diagnosis = readonly Check[];

/** What `diagnose` may do beyond looking. */
export interface DiagnoseOptions {
  /** Opens microphone and camera for a moment, asking the person if need be: nothing else tells that another program has them. */
  readonly devices?: boolean;
}

/** Makes a check: one that has failed when there is something to be done, unless `status` says otherwise. */
export const checked = (
  check: CheckName,
  code: string,
  message: string,
  fix = '',
  status: Check['status'] = fix ? 'fail' : 'pass',
): Check => ({ check, status, code, message, fix });
