import { html, nothing, type TemplateResult } from 'lit';
import ChevronDown from 'lucide/dist/esm/icons/chevron-down.mjs';
import MicOff from 'lucide/dist/esm/icons/mic-off.mjs';
import Mic from 'lucide/dist/esm/icons/mic.mjs';
import PhoneOff from 'lucide/dist/esm/icons/phone-off.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { CallHandle, CallView } from '../../model/types.ts';
import { iconButton } from '../icon-button.ts';
import { others, stateText } from './call-words.ts';

/** What can be done from the bar. */
export interface BarActions {
  /** Shows the call. */
  open(): void;
  /** Calls again, or joins again. */
  again(): void;
  moveHere(): void;
  act(action: (calls: CallHandle) => unknown): void;
}

/** A call in one line: while something else is on screen, while it is in another tab, and when it is over. */
export function callBar(
  call: CallView,
  { title, ended }: { readonly title: string; readonly ended: { readonly text: string; readonly again?: string } },
  words: Strings['calls'],
  { open, again, moveHere, act }: BarActions,
): TemplateResult {
  const { stage } = words;
  const leave = iconButton(PhoneOff, stage.leave, () => act((calls) => calls.leave()), { className: 'leave' });
  if (call.state === 'ended') {
    return html`<div class="bar over">
      <p role="status">${ended.text}</p>
      ${ended.again ? html`<button class="button" type="button" @click=${again}>${ended.again}</button>` : nothing}
      ${iconButton(X, words.ended.dismiss, () => act((calls) => calls.dismiss()), { size: 18 })}
    </div>`;
  }
  if (call.state === 'elsewhere') {
    return html`<div class="bar">
      <p role="status">${call.rejoin ? words.state.rejoin : words.state.elsewhere}</p>
      <button class="button primary" type="button" @click=${moveHere}>
        ${call.rejoin ? words.state.comeBack : words.state.moveHere}
      </button>
      ${call.rejoin ? leave : nothing}
    </div>`;
  }
  const speaker = others(call).find(({ speaking, audio }) => speaking && audio);
  const { muted } = call;
  return html`<div class="bar">
    <div class="open">
      <button type="button" aria-label=${words.state.open(title)} @click=${open}>
        <bdi class="truncate">${title}</bdi>
      </button>
      <span class="state truncate"
        >${stateText(call, words)}${speaker ? ` · ${words.state.speaking(speaker.user.displayName)}` : nothing}</span
      >
    </div>
    ${iconButton(
      muted ? MicOff : Mic,
      muted ? stage.unmute : stage.mute,
      () => act((calls) => calls.setMuted(!muted)),
      {
        className: muted ? 'off' : '',
      },
    )}
    ${iconButton(ChevronDown, stage.unfold, open)} ${leave}
  </div>`;
}
