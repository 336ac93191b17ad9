import { html, type TemplateResult } from 'lit';
import Check from 'lucide/dist/esm/icons/check.mjs';
import CheckCheck from 'lucide/dist/esm/icons/check-check.mjs';
import CircleAlert from 'lucide/dist/esm/icons/circle-alert.mjs';
import Clock from 'lucide/dist/esm/icons/clock.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { DeliveryState } from '../../model/types.ts';
import { icon } from '../icon.ts';

const icons = { sending: Clock, failed: CircleAlert, sent: Check, delivered: CheckCheck, read: CheckCheck };

/** How far a message has come: one small mark, with its name in words beside it for screen readers. */
export function statusMark(delivery: DeliveryState, strings: Strings): TemplateResult {
  const name = strings.pane.message[delivery];
  return html`<span class="status ${delivery}" title=${name}
    >${icon(icons[delivery], { size: delivery === 'sending' ? 12 : 14 })}<span class="visually-hidden"
      >${name}</span
    ></span
  >`;
}
