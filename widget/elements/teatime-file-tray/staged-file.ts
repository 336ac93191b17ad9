import { html, nothing, svg, type TemplateResult } from 'lit';
import RotateCw from 'lucide/dist/esm/icons/rotate-cw.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { Failure, StagedFile } from '../../model/types.ts';
import { clock } from '../clock.ts';
import { failureText } from '../failure-text.ts';
import { fileSize } from '../file-size.ts';
import { icon } from '../icon.ts';
import { iconButton } from '../icon-button.ts';
import { fileIcon } from '../teatime-message-files/file-icon.ts';

interface Surroundings {
  readonly strings: Strings;
  readonly lang: string;
  /** The preview could not be shown. */
  readonly broken: boolean;
  onBroken(): void;
  onRemove(): void;
  onRetry(): void;
}

/** Failures that the same file would meet again. */
const final: ReadonlySet<Failure['code']> = new Set([
  'file_rejected',
  'payload_too_large',
  'unsupported_media_type',
  'validation_failed',
]);

/** A file of the tray: a picture of it, or its icon, name and size; how far it has come; and what can be done. */
export function stagedFile(file: StagedFile, around: Surroundings): TemplateResult {
  const { strings, onRemove, onRetry } = around;
  const { name, status, failure } = file;
  const failed = status === 'failed';
  const seen = isSeen(file) && !around.broken;
  return html`<li class="file ${status} ${seen ? 'seen' : ''}" title=${name}>
    <div class="face">
      ${seen ? preview(file, around) : icon(fileIcon(file), { size: 24 })} ${progress(file, strings)}
    </div>
    ${
      seen && !failed
        ? html`<span class="visually-hidden">${name}, ${detail(file, around)}</span>`
        : html`<div class="words">
            <bdi class="name truncate">${name}</bdi>
            <span class="detail"><bdi>${detail(file, around)}</bdi></span>
          </div>`
    }
    ${
      failed && !(failure && final.has(failure.code))
        ? iconButton(RotateCw, strings.tray.retry(name), onRetry, { size: 18 })
        : nothing
    }
    ${iconButton(X, strings.tray.remove(name), onRemove, { size: 14, className: 'remove' })}
  </li>`;
}

function isSeen({ kind, preview }: StagedFile): boolean {
  return preview !== undefined && (kind === 'image' || kind === 'video');
}

function preview({ kind, preview, durationMs }: StagedFile, { onBroken }: Surroundings) {
  if (kind === 'image') return html`<img src=${preview} alt="" decoding="async" @error=${onBroken} />`;
  // Safari shows no picture of a video before it plays, unless a time is asked for (Media Fragments §4.2.1).
  return html`<video src="${preview}#t=0.1" muted playsinline preload="metadata" @error=${onBroken}></video>
    <span class="length">${durationMs === undefined ? nothing : clock(durationMs)}</span>`;
}

function detail({ size, status, failure, progress }: StagedFile, { strings, lang }: Surroundings): string {
  const words = strings.tray;
  switch (status) {
    case 'failed':
      return failureText(strings, failure ?? { code: 'internal', message: '' });
    case 'waiting':
      return `${fileSize(size, lang)} · ${words.waiting}`;
    case 'uploading':
      return `${fileSize(size, lang)} · ${new Intl.NumberFormat(lang, { style: 'percent' }).format(progress)}`;
    case 'processing':
      return words.processing;
    case 'ready':
      return fileSize(size, lang);
  }
}

function progress({ name, status, progress }: StagedFile, { tray: words }: Strings) {
  if (status === 'ready' || status === 'failed') return nothing;
  const percent = status === 'processing' ? 100 : Math.round(progress * 100);
  return html`<span
    class="progress"
    role="progressbar"
    aria-label=${words.uploading(name)}
    aria-valuenow=${percent}
    aria-valuetext=${status === 'uploading' ? nothing : words[status]}
  >
    ${svg`<svg viewBox="0 0 36 36" aria-hidden="true">
      <circle class="track" cx="18" cy="18" r="15"></circle>
      <circle class="done" cx="18" cy="18" r="15" pathLength="100" stroke-dasharray="${
        status === 'processing' ? 25 : percent
      } 100"></circle>
    </svg>`}
  </span>`;
}
