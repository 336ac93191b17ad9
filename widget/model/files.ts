import { atom, type ReadableAtom, type WritableAtom } from 'nanostores';
import type { OutboxEntry } from './device-store.ts';
import type { FileDesk, FileDeskOptions } from './files/file-desk.ts';
import { fetched } from './fetched.ts';
import type { StagedFile } from './types.ts';

/** The files of one person: what shows them is here at once, what moves them is loaded when the first file is handled. */
export interface Files {
  /** What moves them, once it is loaded. */
  readonly desk: FileDesk | undefined;
  load(): Promise<FileDesk>;
  staged(conversationId: string): ReadableAtom<readonly StagedFile[]>;
  /** The files of an unsent message as they are now. */
  uploads(entry: OutboxEntry): readonly StagedFile[] | undefined;
  /** The outbox has changed, or the line is back. */
  refresh(): void;
  close(): void;
}

/** Opens the counter; the desk behind it comes with the first file. */
export const createFiles = (options: Omit<FileDeskOptions, 'trayOf'>): Files => {
  const trays = new Map<string, WritableAtom<readonly StagedFile[]>>();
  let desk: FileDesk | undefined;
  let loading: Promise<FileDesk> | undefined;
  let closed = false;

  const trayOf = (conversationId: string) => {
    let tray = trays.get(conversationId);
    if (!tray) trays.set(conversationId, (tray = atom<readonly StagedFile[]>([])));
    return tray;
  };

  const load = () => {
    loading ??= fetched(import('./files/file-desk.ts')).then(({ createFileDesk }) => {
      desk = createFileDesk({ ...options, trayOf });
      if (closed) desk.close();
      return desk;
    });
    loading.catch(() => (loading = undefined));
    return loading;
  };

  return {
    get desk() {
      return desk;
    },
    load,
    staged: trayOf,
    uploads: (entry) => desk?.shown(entry) ?? entry.uploads,
    refresh() {
      if (desk) desk.refresh();
      else if ([...options.outbox.all()].some(({ entry }) => entry.uploads)) load().catch(() => {});
    },
    close() {
      closed = true;
      desk?.close();
    },
  };
};
