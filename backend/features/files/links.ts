import type { File, FileLink } from '../../../protocol/files.ts';
import type { Deps, Session } from '../../feature.ts';
import { notFound } from '../../problem.ts';
import { mayBeInline } from '../../storage/inline-types.ts';
import { fileJson } from './store.ts';

/** Addresses of files: minted for their owners while they are not sent, then for the members of their conversation. */
export interface LinkFiles {
  /** Throws `not_found`. */
  one(session: Session, fileId: string, baseUrl: string): Promise<{ file: File; link: FileLink }>;
  /** Leaves out what one may not read. */
  many(session: Session, fileIds: readonly string[], baseUrl: string): Promise<FileLink[]>;
}

interface ReadableRow {
  readonly file: File;
  readonly key: string;
  readonly thumbnail_key: string | null;
}

/** Makes the use cases. */
export const createLinkFiles = ({ db, storage }: Deps): LinkFiles => {
  const find = ({ userId, siteId }: Session, fileIds: readonly string[]): Promise<ReadableRow[]> =>
    db.query<ReadableRow & Record<string, unknown>>('files_readable', readableText, [userId, siteId, fileIds]);

  const link = async ({ file, key, thumbnail_key }: ReadableRow, baseUrl: string): Promise<FileLink> => {
    const inline = file.kind !== 'file' && mayBeInline(file.type);
    // What is not shown in a page is only ever saved, so that no browser has a use for its type.
    const type = inline ? file.type : 'application/octet-stream';
    const [whole, small] = await Promise.all([
      storage.link(key, { name: file.name, type, inline }, baseUrl),
      thumbnail_key === null
        ? undefined
        : storage.link(thumbnail_key, { name: `${file.name}.webp`, type: 'image/webp', inline: true }, baseUrl),
    ]);
    const ends = Math.min(whole.expiresAt.getTime(), small?.expiresAt.getTime() ?? Infinity);
    return {
      fileId: file.id,
      url: whole.url,
      ...(small && { thumbnailUrl: small.url }),
      expiresAt: new Date(ends).toISOString(),
    };
  };

  return {
    async one(session, fileId, baseUrl) {
      const [row] = await find(session, [fileId]);
      if (!row) throw notFound('file');
      return { file: row.file, link: await link(row, baseUrl) };
    },
    async many(session, fileIds, baseUrl) {
      const rows = await find(session, fileIds);
      return Promise.all(rows.map((row) => link(row, baseUrl)));
    },
  };
};

const readableText = `
select ${fileJson('f')} as file, f.key, f.thumbnail_key
from files f
where f.id = any ($3::uuid[]) and f.site_id = $2 and f.state = 'ready' and case
  when f.message_id is null then f.owner_id = $1
  else exists (
    select from members m
    where m.conversation_id = f.conversation_id and m.user_id = $1 and m.site_id = $2 and m.left_seq is null and m.visible_from_seq < f.seq
  )
end`;
