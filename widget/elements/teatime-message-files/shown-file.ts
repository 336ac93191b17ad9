import type { File } from '../../../protocol/files.ts';
import type { StagedFile, TimelineItem } from '../../model/types.ts';

/** A file as it is drawn, whether it has been sent or is on its way. */
export interface ShownFile extends Omit<File, 'id'> {
  /** The server's id, once it was sent. */
  readonly id?: string;
  /** Its place in the message, the same before and after it was sent. */
  readonly key: string;
  /** A `blob:` URL of it, while this page has one. */
  readonly preview?: string;
  readonly upload?: StagedFile;
}

/** The files of a message: those on their way, or those that it was sent with, which this page may still have itself. */
export function shownFiles(
  { uploads, message }: Pick<TimelineItem, 'uploads' | 'message'>,
  localPreview: (fileId: string) => string | undefined,
): ShownFile[] {
  if (uploads?.length)
    return uploads.map((upload, index) => {
      const { name, size, type, kind, width, height, durationMs, waveform, preview } = upload;
      return {
        key: String(index),
        name,
        size,
        type,
        kind,
        upload,
        ...(width && { width }),
        ...(height && { height }),
        ...(durationMs !== undefined && { durationMs }),
        ...(waveform && { waveform: [...waveform] }),
        ...(preview && { preview }),
      };
    });
  return message.files.map((file, index) => {
    const preview = localPreview(file.id);
    return { ...file, key: String(index), ...(preview && { preview }) };
  });
}
