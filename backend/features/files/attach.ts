import type { File } from '../../../protocol/files.ts';
import type { Queries } from '../../database/transaction.ts';
import type { Session } from '../../feature.ts';
import { notFound, Problem } from '../../problem.ts';
import { rejected } from './announce.ts';
import { fileJson, type FileRow } from './store.ts';

/** A message that was just written in this transaction. */
export interface MessagePlace {
  readonly conversationId: string;
  readonly messageId: string;
  readonly seq: number;
}

/**
 * Gives files of one's own to a message, in the order of the ids. Throws `not_found` for what is not one's own, `conflict` for what was sent before
 * or is not complete, `file_rejected` for what was rejected, and `validation_failed` for a picture of a person or a group.
 */
export const attachFiles = async (
  transaction: Queries,
  { userId, siteId }: Session,
  fileIds: readonly string[],
  { conversationId, messageId, seq }: MessagePlace,
): Promise<File[]> => {
  // In the order of their ids, so that two messages with the same files do not wait for each other.
  const rows = await transaction.query<Pick<FileRow, 'state' | 'purpose' | 'used'> & Record<string, unknown>>(
    'files_lock',
    `select state, purpose, used_at is not null as used from files
     where id = any ($1::uuid[]) and owner_id = $2 and site_id = $3 and state <> 'removed' order by id for no key update`,
    [fileIds, userId, siteId],
  );
  if (rows.length < fileIds.length) throw notFound('file');
  for (const row of rows) refuse(row);
  const attached = await transaction.query<{ file: File }>(
    'files_attach',
    `with given as (select id, place from unnest($1::uuid[]) with ordinality as i (id, place))
     update files f set conversation_id = $2, message_id = $3, seq = $4, position = given.place - 1, used_at = now()
     from given where f.id = given.id returning ${fileJson('f')} as file`,
    [fileIds, conversationId, messageId, seq],
  );
  const files = new Map(attached.map(({ file }) => [file.id, file]));
  return fileIds.flatMap((id) => files.get(id) ?? []);
};

const refuse = ({ state, purpose, used }: Pick<FileRow, 'state' | 'purpose' | 'used'>): void => {
  if (state === 'rejected') throw rejected();
  if (purpose === 'avatar') {
    throw new Problem('validation_failed', 'unable to send the file; it is for the picture of a person or a group', {
      issues: [{ path: 'fileIds', message: 'must be files for messages' }],
    });
  }
  if (used) throw new Problem('conflict', 'unable to send the file; it was sent before');
  if (state !== 'ready') throw new Problem('conflict', 'unable to send the file; its upload is not complete');
};

/** Takes the files of a message away; their bytes go with the next disposal. */
export const detachFiles = async (transaction: Queries, conversationId: string, seq: number): Promise<void> => {
  await transaction.query(
    'files_detach',
    `update files set state = 'removed' where conversation_id = $1 and seq = $2 and state <> 'removed'`,
    [conversationId, seq],
  );
};
