import Archive from 'lucide/dist/esm/icons/file-archive.mjs';
import Code from 'lucide/dist/esm/icons/file-code.mjs';
import Sheet from 'lucide/dist/esm/icons/file-spreadsheet.mjs';
import FileText from 'lucide/dist/esm/icons/file-text.mjs';
import File from 'lucide/dist/esm/icons/file.mjs';
import Film from 'lucide/dist/esm/icons/film.mjs';
import Image from 'lucide/dist/esm/icons/image.mjs';
import Music from 'lucide/dist/esm/icons/file-music.mjs';
import Presentation from 'lucide/dist/esm/icons/presentation.mjs';
import type { IconNode } from '../icon.ts';

const byExtension: readonly (readonly [RegExp, IconNode])[] = [
  [/^(?:zip|rar|7z|tar|gz|tgz|bz2|xz|zst)$/, Archive],
  [/^(?:xlsx?|ods|csv|tsv|numbers)$/, Sheet],
  [/^(?:pptx?|odp|key)$/, Presentation],
  [/^(?:pdf|docx?|odt|rtf|txt|md|pages|epub)$/, FileText],
  [/^(?:json|xml|html?|svg|css|m?[jt]sx?|py|rb|go|rs|java|c|h|cpp|sh|sql|ya?ml)$/, Code],
];

/** What stands for a file that is not shown itself: by its media type, then by its name. */
export function fileIcon({ name, type }: { readonly name: string; readonly type: string }): IconNode {
  if (type.startsWith('image/') && type !== 'image/svg+xml') return Image;
  if (type.startsWith('video/')) return Film;
  if (type.startsWith('audio/')) return Music;
  if (type === 'application/pdf') return FileText;
  return byExtension.find(([pattern]) => pattern.test(extensionOf(name).toLowerCase()))?.[1] ?? File;
}

/** The end of a file's name, after the dot; empty when there is none that says something. */
export function extensionOf(name: string): string {
  return /.\.([a-z0-9]{1,5})$/i.exec(name)?.[1] ?? '';
}
