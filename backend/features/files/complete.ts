import { stat } from 'node:fs/promises';
import type { Body } from '../../../protocol/contract.ts';
import type { File } from '../../../protocol/files.ts';
import type { Endpoint } from '../../../protocol/index.ts';
import type { FilesConfig } from '../../config.ts';
import type { Deps, Session } from '../../feature.ts';
import type { Finding, Inspection } from '../../inspection/index.ts';
import { notFound, Problem } from '../../problem.ts';
import type { Upload } from '../../storage/storage.ts';
import { readFileRules } from '../sites/index.ts';
import { rejected } from './announce.ts';
import { newKey } from './keys.ts';
import {
  claimUpload,
  findOwn,
  releaseUpload,
  uploadOf,
  writeReady,
  writeRejected,
  writeUploaded,
  type Facts,
  type FileRow,
} from './store.ts';

/** What the sender says of sound and pictures. */
type Told = Body<Endpoint<'POST /files/:fileId/complete'>>;

/**
 * Ends an upload: the bytes are looked at, and the file can be sent. Again gives the same file, or the same refusal. Throws `conflict` while bytes are
 * missing and `file_rejected`; after anything else, such as the death of the process, it can be tried again.
 */
export type CompleteFile = (session: Session, fileId: string, told: Told) => Promise<File>;

/** While a process looks at a file it says so every few seconds; when it has died, another may begin after this time. */
const claimSeconds = 20;

/** Makes the use case. */
export const createCompleteFile = (
  { config, db, storage, log }: Deps,
  inspection: Inspection,
  files: FilesConfig = config.files,
): CompleteFile => {
  /** By file id: who asks twice waits for the same answer. */
  const running = new Map<string, Promise<File>>();

  const complete = async (session: Session, fileId: string, told: Told): Promise<File> => {
    const row = await findOwn(db, session, { fileId });
    if (!row) throw notFound('file');
    if (row.state === 'ready') return row.file;
    if (row.state === 'rejected') throw rejected();
    const upload = uploadOf(row);
    if (!upload) throw new Problem('conflict', 'unable to complete the file; nothing was uploaded');
    refuseLong(row, told, files);
    if (!(await claimUpload(db, fileId, claimSeconds))) {
      throw new Problem('dependency_unavailable', 'unable to answer yet; the file is being looked at', {
        retryAfterMs: 1000,
      });
    }
    const hold = setInterval(() => {
      claimUpload(db, fileId, claimSeconds, true).catch(() => log.warn({ fileId }, 'unable to hold on to a file'));
    }, claimSeconds * 250);
    try {
      return await finish(row, upload, told);
    } catch (error) {
      const isBad = error instanceof Problem && error.code === 'file_rejected';
      // Whoever dropped the file meanwhile took its bytes away, which may be what went wrong.
      if (!(await (isBad ? writeRejected(db, fileId) : releaseUpload(db, fileId)))) throw notFound('file');
      if (isBad) {
        await storage.remove([upload.key]).catch(() => log.warn({ fileId }, 'unable to remove what was rejected'));
      }
      throw error;
    } finally {
      clearInterval(hold);
    }
  };

  const finish = async (row: FileRow, upload: Upload, told: Told): Promise<File> => {
    await storage.finish(upload);
    await writeUploaded(db, row.id);
    const { types } = await readFileRules(db, { files }, row.site_id);
    const finding = await storage.withFile(upload.key, async (path) => {
      const { size } = await stat(path);
      if (size !== row.declared_size) throw rejected();
      const declared = { name: row.name, type: row.declared_type, size: row.declared_size, purpose: row.purpose };
      return inspection.inspect(path, declared, types);
    });
    if (row.purpose === 'voice' && finding.kind !== 'voice' && finding.kind !== 'audio') throw rejected();
    if (row.purpose === 'avatar' && finding.kind !== 'image') throw rejected();

    // What is written here and then not used, because something failed, is left to the janitor: the database may have said yes without our hearing it.
    const write = async (body: Buffer, type: string): Promise<string> => {
      const key = newKey(row.site_id);
      await storage.write(key, body, type);
      return key;
    };
    const thumbnail = row.purpose === 'avatar' ? undefined : finding.thumbnail;
    const thumbnailKey = thumbnail && (await write(thumbnail, 'image/webp'));
    const key = finding.clean ? await write(finding.clean.body, finding.clean.type) : upload.key;
    const file = await writeReady(db, row.id, { ...factsOf(row, finding, told), key, thumbnailKey });
    if (file && key === upload.key) return file;
    const unused = file ? [upload.key] : [key, ...(thumbnailKey === undefined ? [] : [thumbnailKey])];
    await storage.remove(unused).catch(() => log.warn({ fileId: row.id }, 'unable to remove what is not needed'));
    if (!file) throw notFound('file');
    return file;
  };

  return (session, fileId, told) => {
    const own = `${session.userId}/${fileId}`;
    const promise = running.get(own) ?? complete(session, fileId, told).finally(() => running.delete(own));
    running.set(own, promise);
    return promise;
  };
};

const factsOf = (row: FileRow, finding: Finding, told: Told): Omit<Facts, 'key' | 'thumbnailKey'> => {
  const kind = row.purpose === 'voice' ? 'voice' : finding.kind;
  const isVideo = kind === 'video';
  const sounds = kind === 'audio' || kind === 'voice';
  const plausible = told.durationMs !== undefined && told.durationMs <= row.declared_size * longestMsPerByte;
  return {
    size: finding.clean?.body.length ?? row.declared_size,
    type: finding.clean?.type ?? finding.type,
    kind,
    width: finding.width ?? (isVideo ? told.width : undefined),
    height: finding.height ?? (isVideo ? told.height : undefined),
    durationMs: (sounds || isVideo) && plausible ? told.durationMs : undefined,
    waveform: sounds ? told.waveform : undefined,
    placeholder: finding.placeholder,
    unscanned: finding.unscanned === true,
  };
};

/** 200 bits a second: no codec for speech makes do with less (Codec 2, the thriftiest, takes 450). */
const longestMsPerByte = 40;

const refuseLong = ({ purpose }: FileRow, { durationMs = 0 }: Told, { voiceSeconds }: FilesConfig): void => {
  // A recorder stops a moment after it was told to.
  if (purpose !== 'voice' || durationMs <= (voiceSeconds + 1) * 1000) return;
  throw new Problem('validation_failed', 'unable to take the recording; it is too long', {
    issues: [{ path: 'durationMs', message: `must be at most ${voiceSeconds * 1000}` }],
  });
};
