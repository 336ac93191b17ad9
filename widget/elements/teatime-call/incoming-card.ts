import { html, nothing, type TemplateResult } from 'lit';
import PhoneOff from 'lucide/dist/esm/icons/phone-off.mjs';
import Phone from 'lucide/dist/esm/icons/phone.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { CallView } from '../../model/types.ts';
import { icon } from '../icon.ts';
import '../teatime-avatar/teatime-avatar.ts';

/** What can be done about a call that rings. */
export interface IncomingActions {
  accept(video: boolean): void;
  decline(): void;
  /** Look at camera and microphone first. */
  check(): void;
}

/** Who calls, how, and the choice: answer with or without a picture, or not at all. */
export function incomingCard(
  { caller, kind }: CallView,
  { group, video }: { readonly group: string | undefined; readonly video: boolean },
  words: Strings['calls']['incoming'],
  { accept, decline, check }: IncomingActions,
): TemplateResult {
  const name = caller?.displayName ?? group ?? '';
  const withVideo = kind === 'video' && video;
  return html`<div class="card" role="alertdialog" tabindex="-1" aria-labelledby="who" aria-describedby="what">
    <span class="face">
      <teatime-avatar .name=${name} .src=${caller?.avatarUrl} .color=${caller?.avatarColor ?? 'leaf'}></teatime-avatar>
    </span>
    <h2 id="who"><bdi>${name}</bdi></h2>
    <p id="what">
      ${words[withVideo ? 'video' : 'audio']} ${group ? html`<bdi>${words.inGroup(group)}</bdi>` : nothing}
    </p>
    <div class="choices">
      <button class="choice decline" type="button" @click=${decline}>
        <span>${icon(PhoneOff, { size: 24 })}</span>${words.decline}
      </button>
      ${
        video
          ? html`<button class="choice ${withVideo ? 'accept' : ''}" type="button" @click=${() => accept(true)}>
              <span>${icon(Video, { size: 24 })}</span>${words.acceptVideo}
            </button>`
          : nothing
      }
      <button class="choice ${withVideo ? '' : 'accept'}" type="button" @click=${() => accept(false)}>
        <span>${icon(Phone, { size: 24 })}</span>${withVideo ? words.acceptAudio : words.accept}
      </button>
    </div>
    <button class="button quiet" type="button" @click=${check}>${words.check}</button>
  </div>`;
}
