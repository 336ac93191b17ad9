import type { Strings } from '../../locales/strings.ts';
import type { StagedFile } from '../../model/types.ts';
import { failureText } from '../failure-text.ts';

/** What a screen reader is to say after the tray changed: what was added, what failed, and when all has arrived. */
export function trayNews(before: readonly StagedFile[], after: readonly StagedFile[], strings: Strings): string {
  const words = strings.tray;
  const statuses = new Map(before.map(({ key, status }) => [key, status]));
  const added = after.filter(({ key }) => !statuses.has(key));
  const failed = after.filter(({ key, status }) => status === 'failed' && statuses.get(key) !== 'failed');
  const isReady = ({ status }: StagedFile) => status === 'ready';
  const arrived = after.length > 0 && after.every(isReady) && !(before.length > 0 && before.every(isReady));
  const [only, another] = added;
  return [
    another ? words.addedMany(added.length) : only ? words.added(only.name) : '',
    ...failed.map(({ name, failure }) => words.failed(name, failure ? failureText(strings, failure) : '').trim()),
    arrived ? words.ready(after.length) : '',
  ]
    .filter(Boolean)
    .join(' ');
}
