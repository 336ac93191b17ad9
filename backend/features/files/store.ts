import type { File, FileKind } from '../../../protocol/files.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Session } from '../../feature.ts';
import type { Upload, UploadState } from '../../storage/storage.ts';

/** SQL for a row of `files` as JSON in the protocol's form. */
export const fileJson = (f: string): string => `json_strip_nulls(json_build_object(
  'id', ${f}.id, 'name', ${f}.name, 'size', ${f}.size, 'type', ${f}.type, 'kind', ${f}.kind,
  'width', ${f}.width, 'height', ${f}.height, 'durationMs', ${f}.duration_ms, 'waveform', ${f}.waveform,
  'placeholder', ${f}.placeholder, 'thumbnail', case when ${f}.thumbnail_key is not null then true end,
  'unscanned', nullif(${f}.unscanned, false)
))`;

/** SQL for the files of a row of `messages`, as JSON. A message is the only one of its conversation with its seq. */
export const filesOfMessage = (m: string): string => `coalesce((
  select json_agg(${fileJson('f')} order by f.position) from files f
  where f.conversation_id = ${m}.conversation_id and f.seq = ${m}.seq and f.state = 'ready'
), '[]')`;

/** What a file is for. */
export type Purpose = 'message' | 'voice' | 'avatar';

/** A file on its way to being one. */
export interface FileRow {
  readonly id: string;
  readonly site_id: string;
  readonly purpose: Purpose;
  readonly state: 'uploading' | 'ready' | 'rejected' | 'removed';
  readonly name: string;
  readonly declared_size: number;
  readonly declared_type: string;
  readonly key: string | null;
  readonly upload: UploadState | null;
  readonly thumbnail_key: string | null;
  /** All bytes were there. */
  readonly uploaded: boolean;
  /** Sent, or made somebody's picture. */
  readonly used: boolean;
  /** As the protocol writes it; once it is ready. */
  readonly file: File;
}

const columns = `f.id, f.site_id, f.purpose, f.state, f.name, f.declared_size, f.declared_type, f.key, f.upload, f.thumbnail_key,
  f.uploaded_at is not null as uploaded, f.used_at is not null as used, ${fileJson('f')} as file`;

/** The upload of a file, once it was begun. */
export const uploadOf = (row: FileRow): Upload | undefined =>
  row.key === null || row.upload === null
    ? undefined
    : { key: row.key, size: row.declared_size, type: row.declared_type, state: row.upload };

/** A file of one's own, by its id or by the client's. */
export const findOwn = async (
  db: Queries,
  { userId, siteId }: Session,
  by: { readonly fileId: string } | { readonly clientId: string },
): Promise<FileRow | undefined> => {
  const [name, column, id] =
    'fileId' in by ? (['id', 'id', by.fileId] as const) : (['client', 'client_id', by.clientId] as const);
  const [row] = await db.query<FileRow & Record<string, unknown>>(
    `files_own_by_${name}`,
    `select ${columns} from files f where f.owner_id = $1 and f.site_id = $2 and f.${column} = $3 and f.state <> 'removed'`,
    [userId, siteId, id],
  );
  return row;
};

/** What is written of a file when it is announced. */
export interface NewFile {
  readonly id: string;
  readonly clientId: string;
  readonly purpose: Purpose;
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** Writes a new file; false when there is one under the client id. */
export const insertFile = async (db: Queries, { userId, siteId }: Session, file: NewFile): Promise<boolean> => {
  const rows = await db.query(
    'files_insert',
    `insert into files (id, site_id, owner_id, client_id, purpose, name, declared_size, declared_type, size)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $7) on conflict (owner_id, client_id) do nothing returning id`,
    [file.id, siteId, userId, file.clientId, file.purpose, file.name, file.size, file.type],
  );
  return rows.length > 0;
};

/** What somebody and their site have stored. */
export interface Usage {
  readonly files: number;
  readonly bytes: number;
  readonly site_bytes: number;
}

const site = '00000000-0000-0000-0000-000000000000';

/** What is stored; exact inside a transaction that has changed it, because the others of the site wait. */
export const readUsage = async (db: Queries, { userId, siteId }: Session): Promise<Usage> => {
  const [usage] = await db.query<Usage & Record<string, unknown>>(
    'files_usage',
    `select coalesce(max(files) filter (where user_id = $2), 0)::float8 as files,
       coalesce(max(bytes) filter (where user_id = $2), 0)::float8 as bytes,
       coalesce(max(bytes) filter (where user_id = $3), 0)::float8 as site_bytes
     from file_usage where site_id = $1 and user_id in ($2, $3)`,
    [siteId, userId, site],
  );
  return usage ?? { files: 0, bytes: 0, site_bytes: 0 };
};

/** Notes where the bytes of a file will be; `undefined` when somebody else has, or the file is gone. */
export const writeUpload = async (
  db: Queries,
  fileId: string,
  { key, state }: Upload,
): Promise<FileRow | undefined> => {
  const [row] = await db.query<FileRow & Record<string, unknown>>(
    'files_begin',
    `update files f set key = $2, upload = $3 where f.id = $1 and f.upload is null and f.state = 'uploading' returning ${columns}`,
    [fileId, key, JSON.stringify(state)],
  );
  return row;
};

/** Forgets a file whose upload could not be begun. */
export const dropUnbegun = async (db: Queries, fileId: string): Promise<void> => {
  await db.query('files_drop_unbegun', 'delete from files where id = $1 and upload is null', [fileId]);
};

/** Takes an upload for so many seconds, so that one process alone looks at it; again prolongs it. False when another has it, or it is no upload any more. */
export const claimUpload = async (db: Queries, fileId: string, seconds: number, again = false): Promise<boolean> => {
  const rows = await db.query(
    again ? 'files_claim_on' : 'files_claim',
    `update files set inspected_until = now() + make_interval(secs => $2)
     where id = $1 and state = 'uploading' and (${again ? 'true' : 'inspected_until is null or inspected_until < now()'}) returning id`,
    [fileId, seconds],
  );
  return rows.length > 0;
};

/** Lets go of an upload that was taken; false when it was dropped meanwhile. */
export const releaseUpload = async (db: Queries, fileId: string): Promise<boolean> => {
  const rows = await db.query(
    'files_release',
    `update files set inspected_until = null where id = $1 and state <> 'removed' returning id`,
    [fileId],
  );
  return rows.length > 0;
};

/** Notes that all bytes of an upload are there. */
export const writeUploaded = async (db: Queries, fileId: string): Promise<void> => {
  await db.query('files_uploaded', 'update files set uploaded_at = coalesce(uploaded_at, now()) where id = $1', [
    fileId,
  ]);
};

/** Notes that a file is not what it should be; false when it was dropped meanwhile. */
export const writeRejected = async (db: Queries, fileId: string): Promise<boolean> => {
  const rows = await db.query(
    'files_rejected',
    `update files set state = 'rejected', inspected_until = null where id = $1 and state = 'uploading' returning id`,
    [fileId],
  );
  return rows.length > 0;
};

/** What was found out about a file. */
export interface Facts {
  readonly size: number;
  readonly type: string;
  readonly kind: FileKind;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly durationMs: number | undefined;
  readonly waveform: readonly number[] | undefined;
  readonly placeholder: string | undefined;
  readonly unscanned: boolean;
  readonly key: string;
  readonly thumbnailKey: string | undefined;
}

/** Makes an upload a file; `undefined` when it was dropped meanwhile. */
export const writeReady = async (db: Queries, fileId: string, facts: Facts): Promise<File | undefined> => {
  const [row] = await db.query<{ file: File }>(
    'files_ready',
    `update files f set state = 'ready', completed_at = now(), inspected_until = null, size = $2, type = $3, kind = $4, width = $5, height = $6,
       duration_ms = $7, waveform = $8, placeholder = $9, unscanned = $10, key = $11, thumbnail_key = $12
     where f.id = $1 and f.state = 'uploading' returning ${fileJson('f')} as file`,
    [
      fileId,
      facts.size,
      facts.type,
      facts.kind,
      facts.width ?? null,
      facts.height ?? null,
      facts.durationMs ?? null,
      facts.waveform ?? null,
      facts.placeholder ?? null,
      facts.unscanned,
      facts.key,
      facts.thumbnailKey ?? null,
    ],
  );
  return row?.file;
};

/** Marks a file of one's own as removed, unless it was sent or is a picture of somebody. */
export const writeDropped = async (db: Queries, { userId, siteId }: Session, fileId: string): Promise<boolean> => {
  const rows = await db.query(
    'files_drop',
    `update files set state = 'removed'
     where id = $1 and owner_id = $2 and site_id = $3 and state <> 'removed' and used_at is null returning id`,
    [fileId, userId, siteId],
  );
  return rows.length > 0;
};
