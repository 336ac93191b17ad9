import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import Download from 'lucide/dist/esm/icons/download.mjs';
import Play from 'lucide/dist/esm/icons/play.mjs';
import type { Strings } from '../../locales/strings.ts';
import type { OpenConversation } from '../../model/types.ts';
import { clock } from '../clock.ts';
import { icon } from '../icon.ts';
import type { FileAddresses } from './file-addresses.ts';
import { fileIcon } from './file-icon.ts';
import { mediaLabel } from './media-label.ts';
import { placeholder } from './placeholder.ts';
import { isPlayable } from './playable.ts';
import type { ShownFile } from './shown-file.ts';
import { uploadRing } from './upload-state.ts';

/** What a tile needs of the element that it is in. */
export interface TileParts {
  readonly strings: Strings;
  readonly lang: string;
  readonly addresses: FileAddresses;
  readonly deeds: Pick<OpenConversation, 'cancelUpload' | 'retryUpload'>;
  /** Keys of files whose `preview` this browser cannot draw. */
  readonly undrawable: ReadonlySet<string>;
  /** Keys of files whose picture is there, so that what stood for it can go. */
  readonly loaded: Set<string>;
  undraw(file: ShownFile): void;
  open(file: ShownFile): void;
  download(file: ShownFile): void;
  redraw(): void;
}

/** A picture or a video in the grid. A video that is `alone` plays in its place, the others in the lightbox. */
export function mediaTile(
  file: ShownFile,
  parts: TileParts,
  { alone = false, hidden = 0 }: { alone?: boolean; hidden?: number } = {},
): TemplateResult {
  const { strings, loaded } = parts;
  return html`<div class="tile">
    ${file.placeholder && !loaded.has(file.key) ? placeholder(file.placeholder) : nothing}
    ${renderMedia(file, parts, alone && !file.upload)}
    ${hidden > 0 ? html`<span class="hidden" aria-hidden="true">${strings.files.more(hidden)}</span>` : nothing}
    ${file.upload ? uploadRing(file.upload, strings, parts.deeds) : nothing}
  </div>`;
}

function renderMedia(file: ShownFile, parts: TileParts, inPlace: boolean): TemplateResult | typeof nothing {
  const { strings, addresses, undrawable } = parts;
  const words = strings.files;
  const preview = undrawable.has(file.key) ? undefined : file.preview;
  const where = preview || !file.id ? undefined : addresses.get(file.id);
  if (where === 'gone') return html`<p class="words veil">${words.gone}</p>`;
  if (where === 'broken')
    return html`<div class="words veil">
      <p>${words.broken}</p>
      <button class="button" type="button" @click=${() => addresses.retry(file.id!)}>${words.tryAgain}</button>
    </div>`;
  if (!preview && !file.id) return html`<span class="words">${icon(fileIcon(file), { size: 28 })}</span>`;
  const failed = (): void => {
    if (preview) parts.undraw(file);
    else if (file.id) addresses.failed(file.id);
  };
  const attempt = file.id && !preview ? addresses.attempt(file.id) : -1;
  if (file.kind === 'image')
    return renderImage(file, preview ?? where?.thumbnailUrl ?? where?.url, attempt, failed, parts);
  if (!isPlayable(file.type)) return renderUnplayable(file, where?.thumbnailUrl, parts);
  return renderVideo(file, preview ?? where?.url, where?.thumbnailUrl, attempt, failed, parts, inPlace);
}

function renderImage(
  file: ShownFile,
  src: string | undefined,
  attempt: number,
  failed: () => void,
  parts: TileParts,
): TemplateResult {
  const { strings, lang, loaded } = parts;
  const label = strings.files.open(mediaLabel(file, strings, lang));
  return html`<button class="open" type="button" aria-label=${label} @click=${() => parts.open(file)}>
      ${
        src
          ? keyed(
              attempt,
              html`<img
                class=${isSmall(file) ? 'small' : ''}
                alt=${file.name}
                src=${src}
                loading="lazy"
                decoding="async"
                draggable="false"
                @load=${() => see(file, loaded, parts)}
                @error=${failed}
              />`,
            )
          : nothing
      }
    </button>
    ${file.type === 'image/gif' ? html`<span class="badge" aria-hidden="true">${strings.files.animated}</span>` : nothing}`;
}

function renderVideo(
  file: ShownFile,
  src: string | undefined,
  poster: string | undefined,
  attempt: number,
  failed: () => void,
  parts: TileParts,
  inPlace: boolean,
): TemplateResult {
  const { strings, lang, loaded } = parts;
  const label = mediaLabel(file, strings, lang);
  // Without a picture of it, the first frame is asked for: Safari shows none otherwise.
  const address = src && !poster ? `${src}#t=0.001` : src;
  const video = address
    ? keyed(
        attempt,
        html`<video
          aria-label=${label}
          src=${address}
          poster=${poster ?? nothing}
          preload="metadata"
          playsinline
          ?controls=${inPlace}
          .muted=${!inPlace}
          tabindex=${inPlace ? 0 : -1}
          @loadeddata=${() => see(file, loaded, parts)}
          @error=${failed}
        ></video>`,
      )
    : nothing;
  if (inPlace) return html`${video}`;
  return html`${video}<button
      class="open play"
      type="button"
      aria-label=${strings.files.open(label)}
      @click=${() => parts.open(file)}
    >
      <span class="disc">${icon(Play, { size: 22 })}</span>
    </button>
    ${file.durationMs === undefined ? nothing : html`<span class="badge" aria-hidden="true">${clock(file.durationMs)}</span>`}`;
}

function renderUnplayable(file: ShownFile, poster: string | undefined, parts: TileParts): TemplateResult {
  const { strings } = parts;
  return html`${poster ? html`<img class="dim" alt="" src=${poster} decoding="async" />` : nothing}
    <div class="words veil">
      <p>${strings.files.unplayable}</p>
      ${
        file.id
          ? html`<button class="button" type="button" @click=${() => parts.download(file)}>
              ${icon(Download, { size: 18 })}<span>${strings.lightbox.download}</span>
            </button>`
          : nothing
      }
    </div>`;
}

function see({ key }: ShownFile, loaded: Set<string>, { redraw }: TileParts): void {
  if (loaded.has(key)) return;
  loaded.add(key);
  redraw();
}

/** Too small to fill its tile: it is shown as it is. */
function isSmall({ width = 999, height = 999 }: ShownFile): boolean {
  return width < 140 && height < 140;
}
