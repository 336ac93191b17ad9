import type { Strings } from '../../locales/strings.ts';
import type { CallParticipant, CallView, DeviceProblem } from '../../model/types.ts';
import { browser } from '../browser.ts';
import { clock } from '../clock.ts';

type Words = Strings['calls'];

/** States in which one is in the call here. */
export function isOn({ state }: CallView): boolean {
  return state === 'outgoing' || state === 'connecting' || state === 'connected' || state === 'reconnecting';
}

/** Those who are in the call or are being asked, but for oneself. */
export function others({ participants }: CallView): readonly CallParticipant[] {
  return participants.filter(({ own, state }) => !own && /^(?:ringing|connecting|connected|reconnecting)$/.test(state));
}

/** Where a call stands: how long it has been going on, or what is being waited for. */
export function stateText(call: CallView, words: Words): string {
  const { state, startedAt } = call;
  if (state === 'outgoing' || state === 'reconnecting') return words.state[state];
  if (state !== 'connected') return words.state.connecting;
  if (others(call).length === 0) return words.state.alone;
  return startedAt === undefined ? words.state.connected : clock(Math.max(0, Date.now() - startedAt));
}

/** Why a call is over, and what can be done about it: begin one again, or go back into the one that goes on. */
export function endedText(
  { reason = 'completed', caller, participants }: CallView,
  title: string,
  group: boolean,
  words: Words,
): { readonly text: string; readonly again?: string } {
  const { ended, entry } = words;
  const called = participants.some(({ own, user }) => own && user.id === caller?.id);
  switch (reason) {
    case 'completed':
    case 'moved':
      return { text: ended[reason] };
    case 'left':
    case 'full':
      return { text: ended[reason], again: ended.rejoin };
    case 'declined':
      if (!called) return { text: ended.declinedOwn };
      return { text: group ? ended.declinedGroup : ended.declined(title), again: ended.again };
    case 'missed':
    case 'cancelled':
      return called ? { text: ended[reason], again: ended.again } : { text: ended.missedOwn, again: entry.callBack };
    case 'busy':
      return { text: ended.busy(title), again: ended.again };
    default:
      return { text: ended[reason], again: ended.again };
  }
}

/** Why a device cannot be used, and what to do about it in this browser. */
export function problemText({ device, reason }: DeviceProblem, { problem: words }: Words): string {
  if (reason === 'insecure') return words.insecure;
  if (reason !== 'denied') return words[reason](device);
  return device === 'screen' ? words.screenDenied : words.denied[browser()](device);
}

/** What has changed of a call since it was last looked at, for those who do not see it. How it ended is said by its own line. */
export function changeText(before: CallView | undefined, now: CallView | undefined, words: Words): string {
  if (!now || now.state === 'ended') return '';
  if (before?.id !== now.id || before.state !== now.state) {
    return now.state === 'incoming' || now.state === 'elsewhere' ? '' : words.state[now.state];
  }
  for (const { user, state, own, screen } of now.participants) {
    const them = before.participants.find((other) => other.user.id === user.id);
    if (screen && !own && !them?.screen) return words.state.shares(user.displayName);
    const was = them?.state;
    if (own || was === state) continue;
    if (state === 'connected' && was !== 'reconnecting') return words.state.joined(user.displayName);
    if (state === 'left' || state === 'declined') return words.state.left(user.displayName);
  }
  return '';
}
