import { html } from 'lit';
import { atom } from 'nanostores';
import type { Feature } from '../context.ts';
import '../elements/teatime-conversation/teatime-conversation.ts';
import type { TeatimeConversation } from '../elements/teatime-conversation/teatime-conversation.ts';
import { mount, type Mounted } from './mount.ts';
import type { ConversationState } from './pane.ts';
import { aChatState, type ChatState } from './states.ts';

/** Two frames: in the first one sizes are observed, in the second one what follows from them is drawn. */
export const frames = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

/** A conversation on the page. */
export interface Pane {
  readonly mounted: Mounted<TeatimeConversation>;
  readonly state: ConversationState;
  readonly chat: ChatState;
  /** Waits until everything is drawn and in its place. */
  settled(): Promise<void>;
  /** Finds through the shadow roots: each selector inside what the one before found; fails when nothing matches. */
  find<T extends HTMLElement = HTMLElement>(...path: string[]): T;
  /** As `find`, but gives all that match the last selector. */
  all<T extends HTMLElement = HTMLElement>(...path: string[]): T[];
  /** What was done to the conversation, but for typing and reading. */
  done(): ConversationState['calls'];
}

/** Shows an open conversation with everything in it. */
export async function showPane(
  state: ConversationState,
  { methods = {}, off = [] }: { methods?: Parameters<typeof aChatState>[1]; off?: readonly Feature[] } = {},
): Promise<Pane> {
  const chat = aChatState([], {
    lastSeen: () => atom(undefined),
    loadMembers: async () => undefined,
    ...methods,
  });
  const mounted = await mount<TeatimeConversation>(
    html`<teatime-conversation .conversation=${state.conversation}></teatime-conversation>`,
    { chat: chat.chat, size: [480, 500], off },
  );
  const settled = async () => {
    await mounted.settled();
    await frames();
    await mounted.settled();
  };
  await settled();
  const all = <T extends HTMLElement>(...path: string[]): T[] => {
    let root: ParentNode = mounted.element.renderRoot;
    for (const selector of path.slice(0, -1)) {
      const found: Element | null = root.querySelector(selector);
      if (!found?.shadowRoot) throw new Error(`unable to look into ${selector}; it is not there`);
      root = found.shadowRoot;
    }
    return [...root.querySelectorAll<T>(path.at(-1) ?? '*')];
  };
  return {
    mounted,
    state,
    chat,
    settled,
    all,
    find<T extends HTMLElement>(...path: string[]) {
      const found = all<T>(...path)[0];
      if (!found) throw new Error(`unable to find ${path.join(' → ')}`);
      return found;
    },
    done: () => state.calls.filter(([method]) => method !== 'typing' && method !== 'markRead'),
  };
}
