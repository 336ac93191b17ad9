import { css, html, LitElement, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import PhoneOff from 'lucide/dist/esm/icons/phone-off.mjs';
import Phone from 'lucide/dist/esm/icons/phone.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import '../../locales/add-calls.ts';
import type { Strings } from '../../locales/strings.ts';
import type { TimelineItem } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import type { MessageScene } from '../teatime-message/scene.ts';
import { planCall } from './call-plan.ts';

/** A call that is over, in the timeline: how it went, and a button to call again. */
export class TeatimeCallEntry extends LitElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        min-inline-size: 150px;
        /* The text of a message keeps its blanks. */
        white-space: normal;
      }
      p {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .missed .icon {
        color: var(--tt-danger);
      }
      button {
        margin-inline-start: 26px;
        min-block-size: 28px;
        font-weight: 550;
        color: var(--tt-accent-text);
      }
      button:hover {
        text-decoration: underline;
      }
    `,
  ];

  @property({ attribute: false }) item: TimelineItem | undefined;
  @property({ attribute: false }) scene: MessageScene | undefined;

  override render() {
    const { item, scene } = this;
    const call = item?.message.call;
    // An entry that was there before its class has a scene from before the words for calls, until the next one comes.
    const words = (scene?.strings.calls as Strings['calls'] | undefined)?.entry;
    if (!item || !scene || !call || !words) return nothing;
    const { conversationId } = item.message;
    const missed = !item.own && /^(?:missed|cancelled|busy)$/.test(call.outcome);
    const video = call.kind === 'video' && scene.features.has('video');
    const again = (): void => void planCall(this, { conversationId, video }).catch((error) => scene.tell(error));
    return html`<p class=${missed ? 'missed' : ''}>
        ${icon(missed ? PhoneOff : call.kind === 'video' ? Video : Phone, { size: 18 })}
        <span>${words.text(call, item.own)}</span>
      </p>
      ${
        scene.features.has('calls')
          ? html`<button type="button" @click=${again}>${item.own ? words.again : words.callBack}</button>`
          : nothing
      }`;
  }
}

define('teatime-call-entry', TeatimeCallEntry);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-call-entry': TeatimeCallEntry;
  }
}
