import { css, html, LitElement, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import Phone from 'lucide/dist/esm/icons/phone.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import type { ReadableAtom } from 'nanostores';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-calls.ts';
import type { Chat, OpenConversation } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import { planCall } from './call-plan.ts';
import { Hold, heldButton } from './held-button.ts';

/** Buttons in a conversation's header: call, call with video, or join the call that is on. Held, they lead to a look at oneself first. */
export class TeatimeCallButtons extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
      }
      .button {
        padding: 6px 14px;
      }
      @media (pointer: fine) {
        .button {
          min-block-size: 36px;
        }
      }
      .icon-button {
        /* Holding a button is not selecting or calling out anything. */
        touch-action: manipulation;
        user-select: none;
        -webkit-touch-callout: none;
      }
    `,
  ];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #call = new StoreController(this, () => this.chat?.$call);
  readonly #calls = new StoreController(this, () => this.chat?.$calls);
  readonly #limits = new StoreController(this, () => this.chat?.$callLimits);
  readonly #blocked = new StoreController(this, () => this.chat?.$blocked);
  readonly #view = new StoreController(this, () => this.conversation?.$conversation);

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;

  @property({ attribute: false }) conversation: OpenConversation | undefined;

  readonly #holds = { audio: new Hold(), video: new Hold() };

  readonly #plan = (video: boolean, check = false): void => {
    const { conversation } = this;
    if (!conversation) return;
    // Without a line to the server the code cannot be had; the panel says that there is none.
    planCall(this, { conversationId: conversation.id, video, ...(check && { check }) }).catch(() => undefined);
  };

  override render() {
    const words = this.#strings.value?.calls;
    const features = this.#features.value;
    const view = this.#view.value;
    if (!words || !view || !features?.has('calls') || !this.#limits.value) return nothing;
    if (view.peer && this.#blocked.value?.has(view.peer.id)) return nothing;
    const here = this.#call.value;
    // What is to be done about that call is on screen already.
    if (here && here.state !== 'ended' && here.conversationId === view.id) return nothing;
    const on = this.#calls.value?.get(view.id);
    if (on && on.state !== 'ended') {
      const inside = on.participants.filter(({ state }) => state === 'joined').length;
      const label = words.joinCall(inside);
      // Whoever comes among people likes to look into the mirror first.
      const join = (): void => this.#plan(on.kind === 'video' && features.has('video'), true);
      return html`<button class="button primary" type="button" aria-label=${label} title=${label} @click=${join}>
        ${icon(on.kind === 'video' ? Video : Phone, { size: 18 })} ${words.join}
      </button>`;
    }
    const actions = (video: boolean) => ({ press: () => this.#plan(video), hold: () => this.#plan(video, true) });
    const description = words.hold;
    return html`${heldButton(this.#holds.audio, { node: Phone, label: words.audioCall, description }, actions(false))}
    ${
      features.has('video')
        ? heldButton(this.#holds.video, { node: Video, label: words.videoCall, description }, actions(true))
        : nothing
    }`;
  }
}

define('teatime-call-buttons', TeatimeCallButtons);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-call-buttons': TeatimeCallButtons;
  }
}
