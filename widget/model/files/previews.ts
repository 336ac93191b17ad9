import type { FileKind } from '../../../protocol/files.ts';

/** `blob:` URLs of files that this page has at hand, each made once and revoked when nothing shows it any more. */
export interface Previews {
  /** The URL of a file that can be shown; `undefined` for others. */
  make(blob: Blob, kind: FileKind): string | undefined;
  revoke(url: string | undefined): void;
  /** The file was sent: its URL stays for a while, for whoever shows the message. */
  keep(conversationId: string, fileId: string, url: string): void;
  kept(fileId: string): string | undefined;
  /** The conversation is not on screen any more. */
  left(conversationId: string): void;
  close(): void;
}

// So many sent files are shown from memory; a longer conversation loads the oldest of them like everybody else's.
const maxKept = 50;

/** Makes the keeper of URLs. */
export const createPreviews = (): Previews => {
  const urls = new Set<string>();
  const sent = new Map<string, { readonly conversationId: string; readonly url: string }>();

  const revoke = (url: string | undefined) => {
    if (url !== undefined && urls.delete(url)) URL.revokeObjectURL(url);
  };
  const forget = (fileId: string) => {
    revoke(sent.get(fileId)?.url);
    sent.delete(fileId);
  };

  return {
    make(blob, kind) {
      if (kind === 'file') return undefined;
      const url = URL.createObjectURL(blob);
      urls.add(url);
      return url;
    },
    revoke,
    keep(conversationId, fileId, url) {
      forget(fileId);
      sent.set(fileId, { conversationId, url });
      for (const oldest of sent.keys()) {
        if (sent.size <= maxKept) break;
        forget(oldest);
      }
    },
    kept: (fileId) => sent.get(fileId)?.url,
    left(conversationId) {
      for (const [fileId, one] of sent) if (one.conversationId === conversationId) forget(fileId);
    },
    close() {
      for (const url of urls) revoke(url);
      sent.clear();
    },
  };
};
