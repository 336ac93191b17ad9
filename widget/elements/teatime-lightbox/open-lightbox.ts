import type { TimelineItem } from '../../model/types.ts';
import { isMedia } from '../teatime-message/file-box.ts';
import type { MessageScene } from '../teatime-message/scene.ts';
import { shownFiles, type ShownFile } from '../teatime-message-files/shown-file.ts';
import './teatime-lightbox.ts';
import type { LightboxItem, TeatimeLightbox } from './teatime-lightbox.ts';

/** What is opened, and where. */
export interface LightboxRequest {
  /** In its shadow root the lightbox is put, so that it has the same tokens, language and chat, and goes when the element does. */
  readonly home: Element;
  readonly items: readonly LightboxItem[];
  readonly index: number;
  /** Gets the focus when the lightbox closes and what had it before is gone. */
  readonly fallback?: HTMLElement;
}

/** Shows pictures and videos over the whole window. */
export function showLightbox({ home, items, index, fallback }: LightboxRequest): TeatimeLightbox {
  const before = focused();
  const lightbox = document.createElement('teatime-lightbox');
  lightbox.items = items;
  lightbox.index = Math.max(0, index);
  lightbox.addEventListener('close', () => {
    lightbox.remove();
    (before?.isConnected ? before : fallback)?.focus({ preventScroll: true });
  });
  (home.shadowRoot ?? home).append(lightbox);
  return lightbox;
}

/** Shows a file of a message, among all pictures and videos of the timeline as far as it is loaded. */
export function openLightbox(
  { home, fallback }: Pick<LightboxRequest, 'home' | 'fallback'>,
  { conversation, strings, nameOf, meId }: MessageScene,
  opened: { readonly item: TimelineItem; readonly key: string },
  localPreview: (fileId: string) => string | undefined,
): TeatimeLightbox {
  const { you, gone } = strings.pane.message;
  const items = conversation.$timeline.get().items.flatMap((item) => {
    const { message, sender, own } = item;
    const name = own || sender.id === meId ? you : (nameOf(sender.id) ?? (sender.displayName || gone));
    return shownFiles(item, localPreview)
      .filter((file) => isMedia(file) && (file.id ?? file.preview))
      .map((file): LightboxItem & { readonly place: string } => ({
        ...withoutUpload(file),
        place: `${item.key} ${file.key}`,
        caption: message.text,
        sender: name,
        at: Date.parse(message.createdAt),
      }));
  });
  const index = items.findIndex(({ place }) => place === `${opened.item.key} ${opened.key}`);
  return showLightbox({ home, items, index, ...(fallback && { fallback }) });
}

function withoutUpload({ upload: _, ...file }: ShownFile): Omit<ShownFile, 'upload'> {
  return file;
}

/** What has the focus, through all shadow roots. */
function focused(): HTMLElement | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : undefined;
}
