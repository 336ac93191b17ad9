/** What somebody is about to call, to be looked over before it is done. */
export interface CallPlan {
  readonly conversationId: string;
  readonly video: boolean;
}

/** Asks the panel around for the view in which one sees oneself before one calls or joins. */
export async function planCall(from: Element, plan: CallPlan): Promise<void> {
  await import('./teatime-call.ts');
  from.dispatchEvent(new CustomEvent('call-plan', { detail: plan, bubbles: true, composed: true }));
}
