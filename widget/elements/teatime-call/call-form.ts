import type { CallView } from '../../model/types.ts';
import { byPage } from './by-page.ts';
import { isOn } from './call-words.ts';

/** What a call looks like in its panel: somebody calls, a look at oneself, the call itself, or one line. */
export type CallForm = 'incoming' | 'setup' | 'stage' | 'bar';

/** What the form depends on. */
export interface FormSource {
  readonly call: CallView | undefined;
  /** What one is about to call; `answering`: it is the call that rings. */
  readonly plan: { readonly answering?: boolean } | undefined;
  /** The conversation that the panel shows. */
  readonly shown: string | undefined;
  readonly folded: boolean;
  readonly trouble: string;
}

/** Which form a call has now, if any. */
export function formOf({ call, plan, shown, folded, trouble }: FormSource): CallForm | undefined {
  // Somebody who calls goes before the call that one was about to make.
  if (call?.state === 'incoming' && !plan?.answering && !byPage.has(call.id)) return 'incoming';
  if (plan) return 'setup';
  // What went wrong is said even where there is no call.
  if (!call || call.state === 'incoming') return trouble ? 'bar' : undefined;
  return isOn(call) && call.conversationId === shown && !folded ? 'stage' : 'bar';
}

/** What is drawn of it: another one has other buttons. */
export function sceneOf(form: CallForm | undefined, call: CallView | undefined): string {
  return form === 'bar' && call ? `bar ${isOn(call) ? 'on' : call.state}` : (form ?? '');
}
