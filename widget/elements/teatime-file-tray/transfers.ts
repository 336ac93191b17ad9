import './teatime-drop-zone.ts';

interface Options {
  /** Files are welcome now. */
  readonly takes: () => boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/**
 * Takes the files that are pasted or dropped anywhere on the conversation around an element of its composer, and shows where to drop them.
 * Returns what ends that.
 */
export function followTransfers(element: HTMLElement, { takes, onFiles }: Options): () => void {
  const controller = new AbortController();
  const conversation = rootAround(rootAround(element)?.host);
  const transfer = (event: Event): void => {
    const data = dataOf(event);
    if (!takes() || !data?.types.includes('Files')) return;
    const files = [...data.files];
    if (event.type === 'paste' && isMeantAsText(data, files)) return;
    event.preventDefault();
    if (event.type === 'dragenter') showDropZone(conversation);
    else if (event.type !== 'dragover') onFiles(files);
  };
  for (const type of ['paste', 'dragenter', 'dragover', 'drop'])
    conversation?.addEventListener(type, transfer, { signal: controller.signal });
  return () => controller.abort();
}

function rootAround(element: Element | undefined): ShadowRoot | undefined {
  const root = element?.getRootNode();
  return root instanceof ShadowRoot ? root : undefined;
}

function dataOf(event: Event): DataTransfer | null {
  if (event instanceof ClipboardEvent) return event.clipboardData;
  return event instanceof DragEvent ? event.dataTransfer : null;
}

/** Cells of a spreadsheet come with a picture of themselves, and the text is meant; files may come with their names as text. */
function isMeantAsText(data: DataTransfer, files: readonly File[]): boolean {
  const text = data.getData('text/plain');
  return text !== '' && !files.every(({ name }) => text.includes(name));
}

function showDropZone(conversation: ShadowRoot | undefined): void {
  const section = conversation?.querySelector('section');
  if (!section || section.querySelector('teatime-drop-zone')) return;
  section.style.position = 'relative';
  section.append(document.createElement('teatime-drop-zone'));
}
