import type { File } from '../../../protocol/files.ts';
import { ChatError, failureOf } from '../../client/failure.ts';
import type { Tabs } from '../../client/tabs.ts';
import { newClientId } from '../client-id.ts';
import { createNaps } from '../naps.ts';
import type { StagedFile } from '../types.ts';
import { bringFile, type Wire } from './bring-file.ts';
import { measure } from './measure.ts';
import type { Previews } from './previews.ts';
import { createSlots } from './slots.ts';

/** A file on its way. */
export interface Upload {
  readonly conversationId: string;
  /** As it is shown now. */
  readonly file: StagedFile;
  /** The server's id, once it has one. */
  readonly fileId: string | undefined;
  readonly blob: Promise<Blob | undefined>;
}

/** What brings files to the server: a few at once, each in one tab of this browser only. */
export interface Uploads {
  get(key: string): Upload | undefined;
  all(): IterableIterator<Upload>;
  /** Takes a file in; it waits for `start`. `fileId` is given when it has arrived already. */
  add(conversationId: string, file: StagedFile, blob: Blob | Promise<Blob | undefined>, fileId?: string): Upload;
  /** Begins to bring it, or begins again after a failure. */
  start(key: string): void;
  /** Lets go of it: it was sent, or nobody wants it any more; then the server is told to drop it. */
  drop(key: string, end: 'sent' | 'unwanted', fileId?: string): void;
  /** Brings a file that nothing shows on its way. */
  bringAvatar(picture: Blob): Promise<File>;
  /** There is reason to try at once. */
  resume(): void;
  close(): void;
}

/** What uploads need. */
export interface UploadsOptions extends Omit<Wire, 'nap'> {
  readonly previews: Previews;
  readonly lock: Tabs<never>['lock'];
  changed(upload: Upload): void;
  /** Whether the file is still to be brought: another tab may have sent or dropped it meanwhile. */
  wanted(upload: Upload): Promise<boolean>;
}

interface Task extends Upload {
  file: StagedFile;
  fileId: string | undefined;
  /** What the server knows the file by before it gives an id; another one after a failure, so that it is begun anew. */
  clientId: string;
  fresh: boolean;
  /** It was taken from the device, where other tabs find it too. */
  readonly kept: boolean;
  running: AbortController | undefined;
  /** Resolves when no other tab brings the file; it is then this one's until it is dropped. */
  readonly held: Promise<void>;
  measured: Promise<void>;
  end: 'sent' | 'unwanted' | undefined;
  release(): void;
}

const filesAtOnce = 3;
// How often progress is told, in ms.
const paceMs = 100;

/** Makes the machine that brings files. */
export const createUploads = (options: UploadsOptions): Uploads => {
  const { previews, request } = options;
  const tasks = new Map<string, Task>();
  const slots = createSlots(filesAtOnce);
  const naps = createNaps();
  const closing = new AbortController();
  let lastNap = 0;

  const wire: Wire = {
    ...options,
    async nap(ms, signal) {
      const key = `${lastNap++}`;
      const wake = () => naps.wake(key);
      signal.addEventListener('abort', wake, { once: true });
      await naps.nap(key, ms);
      signal.removeEventListener('abort', wake);
    },
  };

  const show = (task: Task, changes: Partial<StagedFile>) => {
    const { failure: _, ...file } = task.file;
    task.file = { ...file, ...changes };
    if (!task.end) options.changed(task);
  };

  const tellProgress = (task: Task) => {
    let last = 0;
    return (status: StagedFile['status'], progress: number) => {
      const now = Date.now();
      if (status === task.file.status && now - last < paceMs) return;
      last = now;
      show(task, { status, progress });
    };
  };

  const look = async (task: Task) => {
    const blob = await task.blob;
    if (!blob || task.end) return;
    const { kind, preview: there } = task.file;
    const preview = there ?? previews.make(blob, kind);
    if (preview === undefined) return;
    if (!there) show(task, { preview });
    if (task.file.width !== undefined || task.file.durationMs !== undefined) return;
    const seen = await measure(kind, preview).catch(() => ({}));
    if (Object.keys(seen).length > 0) show(task, seen);
  };

  const drop = async (fileId: string) => {
    await request('DELETE /files/:fileId', { params: { fileId } }).catch(() => {});
  };

  const bring = async (task: Task, signal: AbortSignal): Promise<void> => {
    await task.held;
    const blob = await task.blob;
    if ((task.kept || !blob) && !(await options.wanted(task))) return;
    if (!blob) throw new ChatError({ code: 'storage', message: 'unable to read the file; this device has lost it' });
    const release = await slots.take(signal);
    const tell = tellProgress(task);
    try {
      const { name, type, kind } = task.file;
      const file = await bringFile(
        {
          clientId: task.clientId,
          blob,
          name,
          type,
          purpose: kind === 'voice' ? 'voice' : 'message',
          fresh: task.fresh,
          signal,
          async details() {
            await task.measured;
            const { width, height, durationMs, waveform } = task.file;
            return {
              ...(width !== undefined && { width }),
              ...(height !== undefined && { height }),
              ...(durationMs !== undefined && { durationMs }),
              ...(waveform && { waveform: [...waveform] }),
            };
          },
          announced(fileId) {
            task.fileId = fileId;
            task.fresh = false;
            if (task.end === 'unwanted') void drop(fileId);
          },
          report(status, progress) {
            // Its bytes are there: another file's may follow.
            if (status === 'processing') release();
            tell(status, progress);
          },
        },
        wire,
      );
      task.fileId = file.id;
      show(task, { status: 'ready', progress: 1 });
    } finally {
      release();
    }
  };

  const run = async (task: Task): Promise<void> => {
    if (task.running || task.file.status === 'ready') return;
    const running = (task.running = new AbortController());
    if (task.file.status === 'failed') show(task, { status: 'waiting', progress: 0 });
    try {
      await bring(task, AbortSignal.any([running.signal, closing.signal]));
    } catch (error) {
      task.running = undefined;
      if (task.end || closing.signal.aborted) return;
      const gone = task.fileId;
      task.clientId = newClientId();
      task.fresh = true;
      task.fileId = undefined;
      if (gone !== undefined) void drop(gone);
      show(task, { status: 'failed', progress: 0, failure: failureOf(error) });
    } finally {
      task.running = undefined;
    }
  };

  return {
    get: (key) => tasks.get(key),
    all: () => tasks.values(),
    add(conversationId, file, blob, fileId) {
      let release = () => {};
      const ended = new Promise<void>((resolve) => (release = resolve));
      const held = new Promise<void>((resolve) => {
        const hold = () => {
          resolve();
          return ended;
        };
        options.lock(`file:${file.key}`, hold).catch(() => {});
      });
      const task: Task = {
        conversationId,
        file,
        fileId,
        blob: Promise.resolve(blob).catch(() => undefined),
        clientId: file.key,
        fresh: blob instanceof Blob,
        kept: !(blob instanceof Blob),
        running: undefined,
        held,
        measured: Promise.resolve(),
        end: undefined,
        release,
      };
      tasks.set(file.key, task);
      if (blob instanceof Blob) {
        const preview = previews.make(blob, file.kind);
        if (preview !== undefined) task.file = { ...file, preview };
      }
      task.measured = look(task);
      return task;
    },
    start(key) {
      const task = tasks.get(key);
      if (task) void run(task);
    },
    drop(key, end, sentAs) {
      const task = tasks.get(key);
      if (!task) return;
      tasks.delete(key);
      task.end = end;
      task.running?.abort(new ChatError({ code: 'network', message: 'unable to go on; the upload was cancelled' }));
      task.release();
      const { fileId = sentAs, conversationId } = task;
      const { preview } = task.file;
      if (end === 'sent' && fileId !== undefined && preview !== undefined) {
        previews.keep(conversationId, fileId, preview);
        return;
      }
      previews.revoke(preview);
      if (end === 'unwanted' && task.fileId !== undefined) void drop(task.fileId);
    },
    async bringAvatar(picture) {
      const job = {
        clientId: newClientId(),
        blob: picture,
        name: 'avatar',
        type: picture.type || 'application/octet-stream',
        purpose: 'avatar' as const,
        fresh: true,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(60_000)]),
        details: async () => ({}),
        announced: () => {},
        report: () => {},
      };
      try {
        return await bringFile(job, wire);
      } catch (error) {
        if (error instanceof ChatError) throw error;
        throw new ChatError({ code: 'timeout', message: 'unable to upload the picture; it took too long' });
      }
    },
    resume: () => naps.wakeAll(),
    close() {
      closing.abort();
      naps.wakeAll();
      for (const task of tasks.values()) task.release();
      tasks.clear();
    },
  };
};
