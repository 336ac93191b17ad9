import { html, nothing, type TemplateResult } from 'lit';
import Download from 'lucide/dist/esm/icons/download.mjs';
import type { Chat } from '../../model/types.ts';
import { fileSize } from '../file-size.ts';
import { iconButton } from '../icon-button.ts';
import { icon } from '../icon.ts';
import { extensionOf, fileIcon } from './file-icon.ts';
import type { TileParts } from './media-tile.ts';
import { isPlayable } from './playable.ts';
import type { ShownFile } from './shown-file.ts';
import { uploadDeeds, uploadWords } from './upload-state.ts';

/** What a line needs of the element that it is in. */
export interface LineParts extends TileParts {
  readonly chat: Chat;
}

/** Fetched with the first sound; its room is the line's. */
const loadPlayer = () => import('../teatime-voice-player/teatime-voice-player.ts');

/** A file below the grid: sound with its player, anything else as a card with icon, name and size. */
export function fileLine(file: ShownFile, parts: LineParts): TemplateResult {
  if ((file.kind === 'audio' || file.kind === 'voice') && isPlayable(file.type) && (file.preview ?? file.id))
    return soundLine(file, parts);
  return file.upload && file.upload.status !== 'ready' ? uploadLine(file, file.upload, parts) : card(file, parts);
}

function soundLine(file: ShownFile, parts: LineParts): TemplateResult {
  const { strings, lang, chat, deeds } = parts;
  const { upload, kind, name } = file;
  void loadPlayer().catch(() => undefined);
  const pending = upload && upload.status !== 'ready' ? upload : undefined;
  return html`<div class="line ${kind}">
    <div class="what">
      ${kind === 'audio' && !pending ? html`<bdi class="name truncate">${name}</bdi>` : nothing}
      <teatime-voice-player
        .key=${file.id ?? ''}
        .src=${file.preview ?? (async () => (await chat.fileAddress(file.id!)).url)}
        .durationMs=${file.durationMs}
        .waveform=${file.waveform}
        .label=${kind === 'voice' ? strings.files.voice : strings.files.audio(name)}
      ></teatime-voice-player>
      ${pending ? uploadWords(pending, strings, lang) : nothing}
    </div>
    ${pending ? uploadDeeds(pending, strings, deeds) : nothing}
    ${
      kind === 'audio' && file.id
        ? iconButton(Download, strings.files.download(name), () => parts.download(file), { size: 18 })
        : nothing
    }
  </div>`;
}

function uploadLine(file: ShownFile, upload: NonNullable<ShownFile['upload']>, parts: LineParts): TemplateResult {
  const { strings, lang, deeds } = parts;
  return html`<div class="line card ${upload.status}">
    ${mark(file)}
    <div class="what">${fileName(file.name)} ${uploadWords(upload, strings, lang)}</div>
    ${uploadDeeds(upload, strings, deeds)}
  </div>`;
}

function card(file: ShownFile, parts: LineParts): TemplateResult {
  const { strings, lang, addresses } = parts;
  const words = strings.files;
  const gone = file.id !== undefined && addresses.isGone(file.id);
  const size = fileSize(file.size, lang);
  const unplayable = (file.kind === 'audio' || file.kind === 'voice') && !isPlayable(file.type);
  const notes = gone
    ? words.gone
    : [size, unplayable && words.unplayable, file.unscanned && words.unscanned].filter(Boolean).join(' · ');
  const save = (): void => parts.download(file);
  // The button covers the whole card; the words stay outside of it, so that they are read as they are shown.
  return html`<div class="line card">
    ${mark(file)}
    <div class="what">
      ${fileName(file.name)}<span class="sub" title=${notes}><bdi>${notes}</bdi></span>
    </div>
    ${gone || !file.id ? nothing : iconButton(Download, words.download(file.name), save, { className: 'whole', size: 18 })}
  </div>`;
}

function mark(file: ShownFile): TemplateResult {
  const pdf = file.type === 'application/pdf';
  return html`<span class="mark ${pdf ? 'pdf' : ''}">${icon(fileIcon(file), { size: 20 })}</span>`;
}

/** A name that is too long loses its middle, never its end, which says what it is. */
function fileName(name: string): TemplateResult {
  const chars = [...name];
  if (chars.length <= 24) return html`<bdi class="name truncate" title=${name}>${name}</bdi>`;
  const tail = extensionOf(name).length + 4;
  return html`<bdi class="name" title=${name} aria-hidden="true"
      ><span class="truncate">${chars.slice(0, -tail).join('')}</span><span>${chars.slice(-tail).join('')}</span></bdi
    ><span class="visually-hidden">${name}</span>`;
}
