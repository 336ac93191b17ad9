/** What somebody is about to call. */
export interface CallPlan {
  readonly conversationId: string;
  readonly video: boolean;
  /** Look at oneself first, even where the call could begin at once. */
  readonly check?: boolean;
}

/** Asks the panel around for the call: it begins where camera and microphone are allowed already, and after a look at oneself otherwise. */
export async function planCall(from: Element, plan: CallPlan): Promise<void> {
  await import('./teatime-call.ts');
  from.dispatchEvent(new CustomEvent('call-plan', { detail: plan, bubbles: true, composed: true }));
}
