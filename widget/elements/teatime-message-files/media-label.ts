import type { Strings } from '../../locales/strings.ts';
import { fileSize } from '../file-size.ts';
import type { ShownFile } from './shown-file.ts';

/** A picture or a video in words, for screen readers. */
export function mediaLabel(
  { kind, name, size }: Pick<ShownFile, 'kind' | 'name' | 'size'>,
  { files }: Strings,
  lang: string,
): string {
  return files[kind === 'video' ? 'video' : 'image'](name, fileSize(size, lang));
}
