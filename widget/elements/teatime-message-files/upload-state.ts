import { html, nothing, svg, type TemplateResult } from 'lit';
import Retry from 'lucide/dist/esm/icons/rotate-cw.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { OpenConversation, StagedFile } from '../../model/types.ts';
import { failureText } from '../failure-text.ts';
import { fileSize } from '../file-size.ts';
import { iconButton } from '../icon-button.ts';
import { icon } from '../icon.ts';

type Deeds = Pick<OpenConversation, 'cancelUpload' | 'retryUpload'>;

/** Over a picture or a video that is on its way: a ring that fills around the button that cancels; what failed can be tried again. */
export function uploadRing(upload: StagedFile, strings: Strings, deeds: Deeds): TemplateResult | typeof nothing {
  const { status, progress, key, name } = upload;
  if (status === 'ready') return nothing;
  if (status === 'failed')
    return html`<div class="veil failed">
      <div class="deeds">${retryButton(upload, strings, deeds)}${cancelButton(upload, strings, deeds)}</div>
      <p class="reason" title=${reason(upload, strings)}><bdi>${reason(upload, strings)}</bdi></p>
    </div>`;
  return html`<div class="veil">
    ${progressMark(upload, strings)}
    <button
      class="ring"
      type="button"
      aria-label=${strings.files.cancel(name)}
      title=${strings.files.cancel(name)}
      @click=${() => deeds.cancelUpload(key)}
    >
      <svg viewBox="0 0 44 44" aria-hidden="true" class=${status}>
        ${svg`<circle cx="22" cy="22" r="19"></circle>
        <circle class="done" cx="22" cy="22" r="19" pathLength="100" stroke-dasharray="${status === 'processing' ? 25 : Math.max(3, progress * 100)} 100"></circle>`}
      </svg>
      ${icon(X, { size: 18 })}
    </button>
  </div>`;
}

/** Under the name of a file that is on its way: how far it has come, or what went wrong. */
export function uploadWords(upload: StagedFile, strings: Strings, lang: string): TemplateResult | typeof nothing {
  const { status, progress, size } = upload;
  const { files: words } = strings;
  if (status === 'ready') return nothing;
  if (status === 'failed') return html`<span class="sub reason"><bdi>${reason(upload, strings)}</bdi></span>`;
  const text =
    status === 'uploading'
      ? words.uploading(fileSize(size * progress, lang), fileSize(size, lang))
      : words[status === 'waiting' ? 'waiting' : 'processing'];
  return html`<span class="sub"><bdi>${text}</bdi></span
    >${progressMark(upload, strings)}`;
}

/** The buttons at the end of a line. */
export function uploadDeeds(upload: StagedFile, strings: Strings, deeds: Deeds): TemplateResult {
  return html`${upload.status === 'failed' ? retryButton(upload, strings, deeds) : nothing}${cancelButton(upload, strings, deeds)}`;
}

/** A bar below a line; screen readers are told of it over a picture, too. */
function progressMark({ name, progress }: StagedFile, strings: Strings): TemplateResult {
  const percent = Math.round(progress * 100);
  return html`<span
    class="progress"
    role="progressbar"
    aria-label=${strings.files.progress(name)}
    aria-valuenow=${percent}
    ><span .style=${`inline-size: ${percent}%`}></span
  ></span>`;
}

const reason = ({ failure }: StagedFile, strings: Strings): string =>
  failureText(strings, failure ?? { code: 'network', message: '' });

const retryButton = ({ key, name }: StagedFile, { files }: Strings, deeds: Deeds): TemplateResult =>
  iconButton(Retry, files.retry(name), () => deeds.retryUpload(key), { size: 18 });

const cancelButton = ({ key, name }: StagedFile, { files }: Strings, deeds: Deeds): TemplateResult =>
  iconButton(X, files.cancel(name), () => deeds.cancelUpload(key), { size: 18 });
