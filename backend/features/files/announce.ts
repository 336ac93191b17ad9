import { uuidv7 } from 'uuidv7';
import type { Body } from '../../../protocol/contract.ts';
import type { UploadTarget } from '../../../protocol/files.ts';
import type { Endpoint } from '../../../protocol/index.ts';
import type { FilesConfig } from '../../config.ts';
import { inTransaction } from '../../database/transaction.ts';
import type { Deps, Session } from '../../feature.ts';
import { createLimit } from '../../http/rate-limits.ts';
import { notFound, Problem } from '../../problem.ts';
import { readFileRules } from '../sites/index.ts';
import { newKey } from './keys.ts';
import {
  dropUnbegun,
  findOwn,
  insertFile,
  readUsage,
  uploadOf,
  writeUpload,
  type FileRow,
  type Purpose,
} from './store.ts';

type Announcement = Body<Endpoint<'POST /files'>>;

/** Beginning uploads. */
export interface AnnounceFiles {
  /** Makes room for a file. The same announcement under the same client id gives the same file again. */
  announce(session: Session, announced: Announcement, baseUrl: string): Promise<Announced & { created: boolean }>;
  /** A new target for the bytes that are still missing. */
  target(session: Session, fileId: string, baseUrl: string): Promise<Announced>;
}

interface Announced {
  readonly fileId: string;
  readonly upload: UploadTarget;
}

const announcementsPerMinute = 600;

/** Makes the use cases. */
export const createAnnounceFiles = ({ config, db, storage }: Deps): AnnounceFiles => {
  const limit = createLimit(announcementsPerMinute, 60);

  const reserve = (
    session: Session,
    rules: FilesConfig,
    { clientId, name, size, type, purpose = 'message' }: Announcement,
  ) =>
    inTransaction(db, async (transaction) => {
      const fileId = uuidv7();
      const created = await insertFile(transaction, session, { id: fileId, clientId, purpose, name, size, type });
      if (!created) return undefined;
      const usage = await readUsage(transaction, session);
      const room = roomOf({ files: rules, limits: config.limits }, session);
      if (usage.files > room.files || usage.bytes > room.bytes) {
        throw new Problem('quota_exceeded', 'unable to take the file; you have as much here as you may');
      }
      if (usage.site_bytes > config.files.bytesPerSite) {
        throw new Problem('quota_exceeded', 'unable to take the file; this chat has no room left');
      }
      return fileId;
    });

  /** Begins the upload of a file that has none yet. */
  const begin = async (session: Session, row: FileRow): Promise<FileRow> => {
    if (row.upload !== null || row.state !== 'uploading') return row;
    const upload = { key: newKey(session.siteId), size: row.declared_size, type: row.declared_type };
    let state;
    try {
      state = await storage.begin(upload);
    } catch (error) {
      await dropUnbegun(db, row.id);
      throw error;
    }
    const begun = await writeUpload(db, row.id, { ...upload, state });
    if (begun) return begun;
    // Another request with the same client id was faster.
    await storage.abort({ ...upload, state });
    const other = await findOwn(db, session, { fileId: row.id });
    if (!other) throw notFound('file');
    return other;
  };

  const targetOf = async (row: FileRow, baseUrl: string): Promise<Announced> => {
    if (row.state === 'rejected') throw rejected();
    const upload = uploadOf(row);
    if (!upload) throw notFound('file');
    if (row.state === 'ready' || row.uploaded) return { fileId: row.id, upload: nothingMissing(row) };
    return { fileId: row.id, upload: await storage.target(upload, baseUrl) };
  };

  return {
    async announce(session, announced, baseUrl) {
      await limit(session.userId);
      const rules = await readFileRules(db, config, session.siteId);
      refuse(announced, rules);
      const fileId = await reserve(session, rules, announced);
      const row = await findOwn(db, session, fileId === undefined ? { clientId: announced.clientId } : { fileId });
      if (!row) throw new Problem('conflict', 'unable to take the file; it was dropped, announce it anew');
      if (fileId === undefined) refuseOther(row, announced);
      return { ...(await targetOf(await begin(session, row), baseUrl)), created: fileId !== undefined };
    },

    async target(session, fileId, baseUrl) {
      const row = await findOwn(db, session, { fileId });
      if (!row) throw notFound('file');
      return targetOf(await begin(session, row), baseUrl);
    },
  };
};

/** What somebody may have stored: guests, whom nobody knows, have less room. */
const roomOf = (
  { files, limits }: Pick<Deps['config'], 'files' | 'limits'>,
  { kind }: Session,
): { files: number; bytes: number } => {
  const guest = kind === 'guest';
  return {
    files: guest ? Math.min(limits.guestFiles, files.filesPerUser) : files.filesPerUser,
    bytes: guest ? Math.min(limits.guestFileBytes, files.bytesPerUser) : files.bytesPerUser,
  };
};

/** The refusal of a file that was looked at. */
export const rejected = (): Problem =>
  new Problem('file_rejected', 'unable to take the file; it is not what it should be');

/** For an upload whose bytes are all there: whoever has lost track sees that only its completion is missing. */
const nothingMissing = ({ declared_size }: FileRow): UploadTarget => ({
  kind: 'parts',
  partSize: declared_size,
  parts: [],
  expiresAt: new Date().toISOString(),
});

const refuse = ({ size, type, purpose = 'message' }: Announcement, files: FilesConfig): void => {
  if (!files.enabled) throw new Problem('forbidden', 'unable to take the file; files are switched off here');
  const most = purpose === 'avatar' ? Math.min(files.avatarBytes, files.fileBytes) : files.fileBytes;
  if (size > most) throw new Problem('payload_too_large', `unable to take the file; it may have ${most} bytes`);
  const plain = type.split(';', 1)[0] ?? '';
  const taken = files.types === undefined || matches(plain, files.types);
  const wanted = wantedTypes[purpose];
  if (!taken || (wanted !== undefined && !matches(plain, wanted))) {
    throw new Problem('unsupported_media_type', 'unable to take the file; files of this type are not taken here');
  }
};

// Browsers call a recording without pictures audio or video, as they like.
const wantedTypes: Readonly<Record<Purpose, readonly string[] | undefined>> = {
  message: undefined,
  voice: ['audio/*', 'video/webm', 'video/mp4'],
  avatar: ['image/*'],
};

const matches = (type: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith('/*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern || pattern === '*',
  );

const refuseOther = (row: FileRow, { name, size, type, purpose = 'message' }: Announcement): void => {
  const same = row.name === name && row.declared_size === size && row.declared_type === type && row.purpose === purpose;
  if (same) return;
  throw new Problem('idempotency_key_reused', 'unable to take the file; another was announced under this client id', {
    issues: [{ path: 'clientId', message: 'belongs to another file' }],
  });
};
