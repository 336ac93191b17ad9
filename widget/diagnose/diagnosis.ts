/** What is looked at. Each STUN and TURN address is a check of its own. */
export type CheckName = 'socket' | 'ice' | 'stun' | 'turn-udp' | 'turn-tcp' | 'microphone' | 'camera';

/** What came of one check. */
export interface Check {
  readonly check: CheckName;
  /** `skip`: there is nothing to check, or it could not be done. */
  readonly status: 'pass' | 'fail' | 'skip';
  /**
   * Stable, to switch on. Of STUN and TURN `ok`, `none`, `unauthorized`, `unreachable`, `refused`; of devices `granted`, `prompt`, `unknown` (the browser
   * does not tell), `denied`, `policy`, `missing`, `insecure`; of `socket` the status of `connection`; of `ice` `ok` or the code of an error.
   */
  readonly code: string;
  /** What was seen, in English, for developers. */
  readonly message: string;
  /** What to do about it, in English, for developers; empty when there is nothing to do. */
  readonly fix: string;
}

/** Whether calls can work on this page: they can when nothing has failed. */
export type Diagnosis = readonly Check[];

/** Makes a check: one that has failed when there is something to be done, unless `status` says otherwise. */
export const checked = (
  check: CheckName,
  code: string,
  message: string,
  fix = '',
  status: Check['status'] = fix ? 'fail' : 'pass',
): Check => ({ check, status, code, message, fix });
