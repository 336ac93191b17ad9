import type { Chat } from '../../model/types.ts';
import type { ShownFile } from './shown-file.ts';

/** What may be shown in a page is fetched first, up to so many bytes: a plain link to it would show it instead of saving it. */
const fetchUpTo = 64 * 1000 * 1000;

/** Saves a file to the device. Rejects with what `Chat.fileAddress` rejects with. */
export async function download(
  chat: Chat,
  file: Pick<ShownFile, 'id' | 'name' | 'size' | 'kind' | 'preview'>,
): Promise<void> {
  const { id, name, size, kind, preview } = file;
  if (preview) return save(preview, name);
  if (!id) return;
  const { url } = await chat.fileAddress(id);
  const blob = kind === 'file' || size > fetchUpTo ? undefined : await fetchBlob(url);
  if (!blob) return save(url, name);
  const local = URL.createObjectURL(blob);
  save(local, name);
  // The browser takes hold of it while the click is dealt with; some do so a little later.
  setTimeout(() => URL.revokeObjectURL(local), 30_000);
}

/** Nothing when the page's rules or the network stand in the way: the browser is better at telling people about that. */
async function fetchBlob(url: string): Promise<Blob | undefined> {
  try {
    const response = await fetch(url);
    return response.ok ? await response.blob() : undefined;
  } catch {
    return undefined;
  }
}

function save(url: string, name: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  // Should the browser show it after all, then never in the place of the page.
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.click();
}
