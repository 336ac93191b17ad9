import type { Logger } from 'pino';
import type { FileKind } from '../../protocol/files.ts';
import type { FilesConfig } from '../config.ts';
import { Problem } from '../problem.ts';
import type { Declared } from './claims.ts';
import { scan } from './clamd.ts';
import { judge } from './judge.ts';
import { createProcesses, rejected, type Patience } from './processes.ts';

export type { Declared } from './claims.ts';

/** What a file is found to be. */
export interface Finding {
  /** The media type that its bytes have, with the sender's codecs where they fit; for what is not shown, a type that no browser runs. */
  readonly type: string;
  readonly kind: FileKind;
  /** Pixels of a picture, as it stands upright. */
  readonly width?: number;
  readonly height?: number;
  /** ThumbHash in base64. */
  readonly placeholder?: string;
  /** A small picture, WebP, the longest side at most 640 pixels. */
  readonly thumbnail?: Buffer;
  /** What to keep instead of what was sent: the picture upright and without metadata; of an avatar, a square of 256 pixels. */
  readonly clean?: { readonly body: Buffer; readonly type: string };
  /** The virus scanner could not be asked. */
  readonly unscanned?: true;
}

/** Finds out what files really are. */
export interface Inspection {
  /**
   * What the file at `path` is; `types` are those that its site takes. Rejects with the Problem `file_rejected` when it is not what it should be, harmful, or cannot be looked at in time, and
   * with `dependency_unavailable` when that is not the file's fault.
   */
  inspect(path: string, declared: Declared, types?: readonly string[]): Promise<Finding>;
  close(): Promise<void>;
}

/** Pictures are looked at in one piece, and what is kept of them goes through memory. */
const imageBytes = 64 * 1024 * 1024;
const defaultPatience: Patience = { sniffing: 2000, picture: 15_000 };

/** Makes an inspection; processes start with the first file. */
export const createInspection = ({
  files,
  log,
  patience = defaultPatience,
}: {
  files: FilesConfig;
  log: Logger;
  patience?: Patience;
}): Inspection => {
  const processes = createProcesses({ log, patience });
  const { imagePixels, imageFrames, keepMetadata, clamd } = files;

  const isScanned = async (path: string): Promise<boolean> => {
    if (clamd === undefined) return true;
    const answer = await scan(clamd.address, path);
    if (answer.verdict === 'clean') return true;
    if (answer.verdict === 'found') {
      log.warn({ signature: answer.signature }, 'a file was rejected: the virus scanner found something in it');
      throw rejected('the virus scanner found something in it');
    }
    log.error(
      { reason: answer.reason },
      `unable to scan a file; it is ${clamd.whenAway === 'mark' ? 'marked' : 'refused'}`,
    );
    if (clamd.whenAway === 'mark') return false;
    if (answer.tooLarge) throw rejected('it is too large for the virus scanner');
    throw new Problem('dependency_unavailable', 'unable to take the file; the virus scanner is away', {
      retryAfterMs: 10_000,
    });
  };

  return {
    inspect: async (path, declared, types = files.types) => {
      const avatar = declared.purpose === 'avatar';
      const facts = await processes.run({ path, imagePixels, imageFrames, imageBytes, keepMetadata, avatar });
      const { type, kind } = judge(declared, facts, types);
      const scanned = await isScanned(path);
      const { clean = facts.clean, ...picture } = facts.picture ?? {};
      return { type, kind, ...picture, ...(clean && { clean }), ...(!scanned && { unscanned: true }) };
    },
    close: () => processes.close(),
  };
};
