import { html, nothing, svg, type TemplateResult } from 'lit';
import MicOff from 'lucide/dist/esm/icons/mic-off.mjs';
import ScreenShare from 'lucide/dist/esm/icons/screen-share.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { CallParticipant } from '../../model/types.ts';
import { icon } from '../icon.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { pictureOf } from './picture-of.ts';

/** How a tile differs from others. */
export interface TileLook {
  readonly className?: string;
  /** The column that it begins in, where that does not follow from the one before. */
  readonly column?: number | undefined;
  /** What else is in it. */
  readonly more?: unknown;
}

/** Somebody in a call: their picture or face, their name, and how they are doing. */
export function tile(
  person: CallParticipant,
  words: Strings['calls'],
  { className = '', column, more = nothing }: TileLook = {},
): TemplateResult {
  const { user, own, state, stream, speaking, screen, audio, quality, videoPaused } = person;
  const name = own ? words.stage.you : user.displayName;
  const waiting =
    state === 'connected'
      ? videoPaused
        ? words.stage.paused
        : undefined
      : (words.person as Partial<Record<typeof state, string>>)[state];
  const isIn = state === 'connected' || state === 'reconnecting';
  const marks = [
    name,
    waiting,
    isIn && !audio ? words.stage.muted : undefined,
    screen ? words.stage.sharing : undefined,
    isIn && quality < 2 ? words.stage.quality[quality] : undefined,
  ];
  return html`<div
    class="tile ${className} ${own ? 'own' : ''} ${speaking && audio ? 'speaking' : ''} ${state}"
    .style=${column === undefined ? '' : `grid-column-start: ${column}`}
    role="group"
    aria-label=${marks.filter(Boolean).join(', ')}
  >
    ${
      stream
        ? html`<video
            class="${own && !screen ? 'mirror' : ''} ${screen ? 'whole' : ''}"
            data-user=${user.id}
            autoplay
            playsinline
            .muted=${true}
            .srcObject=${pictureOf(stream)}
          ></video>`
        : html`<teatime-avatar
            .name=${user.displayName}
            .src=${user.avatarUrl}
            .color=${user.avatarColor}
          ></teatime-avatar>`
    }
    ${waiting ? html`<span class="waiting">${waiting}</span>` : nothing}
    <span class="name" aria-hidden="true">
      ${isIn && !audio ? icon(MicOff, { size: 14 }) : nothing} ${screen ? icon(ScreenShare, { size: 14 }) : nothing}
      <bdi class="truncate">${name}</bdi>
      ${isIn ? bars(quality, words.stage.quality[quality] ?? '') : nothing}
    </span>
    ${more}
  </div>`;
}

/** The quality of a link as three bars. */
function bars(quality: number, label: string) {
  const bar = (n: number) =>
    svg`<rect x=${n * 5 - 5} y=${12 - n * 4} width="3.5" height=${n * 4} rx="1" class=${n <= quality ? 'on' : ''}></rect>`;
  return html`<svg class="quality q${quality}" width="14" height="12" viewBox="0 0 14 12">
    <title>${label}</title>
    ${[1, 2, 3].map(bar)}
  </svg>`;
}
