import type { Readable } from 'node:stream';
import type { Middleware } from 'koa';
import type { UploadTarget } from '../../protocol/files.ts';

/** An upload that was begun. */
export interface Upload {
  /** Where the bytes will be: `<site id>/<yyyy>/<uuid>`, made by the server. */
  readonly key: string;
  /** Exact size in bytes. */
  readonly size: number;
  /** Declared media type. */
  readonly type: string;
  /** What the storage needs to find it again; kept in the database as it is. */
  readonly state: UploadState;
}

/** What a storage remembers of an upload. */
export type UploadState = Readonly<Record<string, string | number>>;

/** How a link serves a file. */
export interface LinkOptions {
  /** The name that it is saved under. */
  readonly name: string;
  /** The media type that it is served with; checked by whoever asks. */
  readonly type: string;
  /** May be shown in a page; otherwise it is an attachment. */
  readonly inline: boolean;
}

/**
 * Where the bytes of files are kept. Disk and S3 both keep these promises: a key is written once; what is read is complete; an upload target is
 * good for one key, size and type, for ten minutes, and dead once the upload was finished or aborted; a link is good for at most five minutes.
 * Rejects with the Problem `dependency_unavailable` when the disk is full or the service is away.
 */
export interface Storage {
  /** Begins an upload. */
  begin(upload: Omit<Upload, 'state'>): Promise<UploadState>;
  /** A target for the bytes that are still missing. `baseUrl` is the URL that the client reaches this server by. */
  target(upload: Upload, baseUrl: string): Promise<UploadTarget>;
  /** Ends an upload whose bytes are all there. Rejects with the Problem `conflict` while some are missing. Again is harmless. */
  finish(upload: Upload): Promise<void>;
  /** Gives an upload up and drops its bytes. Again is harmless. */
  abort(upload: Upload): Promise<void>;
  /** Writes a whole object, such as a thumbnail. */
  write(key: string, body: Buffer, type: string): Promise<void>;
  /** Reads an object, or from `start` on up to and with `end`. Rejects with the Problem `not_found` when there is none. */
  read(key: string, range?: { readonly start: number; readonly end: number }): Promise<Readable>;
  /** The object as a file on this machine, for as long as `use` runs. */
  withFile<T>(key: string, use: (path: string) => Promise<T>): Promise<T>;
  /** An address that gives the object to whoever holds it. */
  link(key: string, options: LinkOptions, baseUrl: string): Promise<{ url: string; expiresAt: Date }>;
  /** Removes objects; those that are not there are no error. */
  remove(keys: readonly string[]): Promise<void>;
  /** Keys of objects and of uploads that were begun, last written before a time: the janitor compares them with the database. */
  list(before: Date): AsyncIterable<string>;
  /** Serves uploads and links, where this server does that by itself. */
  readonly serve?: Middleware;
  /** Throws an error that says what to mend when the storage cannot be used. Called once at the start. */
  check(): Promise<void>;
  close(): Promise<void>;
}
