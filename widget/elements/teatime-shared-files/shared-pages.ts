import type { SharedFile } from '../../../protocol/files.ts';
import type { OpenConversation, TimelineItem } from '../../model/types.ts';

/** What a tab of the gallery shows. */
export type SharedKind = 'media' | 'file' | 'audio';

const kinds = {
  media: new Set(['image', 'video']),
  audio: new Set(['audio', 'voice']),
  file: new Set(['file']),
} as const satisfies Record<SharedKind, ReadonlySet<string>>;

/** The files of one kind that were shared in a conversation, page by page, newest first. */
export class SharedPages {
  readonly #conversation: OpenConversation;
  readonly #kind: SharedKind;
  readonly #changed: () => void;
  #files: readonly SharedFile[] = [];
  /** What came after this `seq` is taken from the timeline. */
  #upTo = Infinity;
  #status: 'idle' | 'loading' | 'failed' = 'idle';
  #hasMore = true;

  constructor(conversation: OpenConversation, kind: SharedKind, changed: () => void) {
    this.#conversation = conversation;
    this.#kind = kind;
    this.#changed = changed;
  }

  get status(): 'idle' | 'loading' | 'failed' {
    return this.#status;
  }

  /** There are older ones on the server, as far as is known. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** Loads the next page, unless one is being loaded. */
  async load(): Promise<void> {
    if (this.#status === 'loading' || !this.#hasMore) return;
    this.#status = 'loading';
    this.#changed();
    const { head = 0 } = this.#conversation.$conversation.get() ?? {};
    try {
      const page = await this.#conversation.sharedFiles(this.#kind, this.#files.at(-1)?.seq);
      if (this.#files.length === 0) this.#upTo = head;
      this.#files = [...this.#files, ...page.files];
      // A page that brought nothing would be asked for again at once, and for ever.
      this.#hasMore = page.hasMore && page.files.length > 0;
      this.#status = 'idle';
    } catch {
      this.#status = 'failed';
    }
    this.#changed();
  }

  /** What is loaded, with what came since and without what was deleted since. */
  files(timeline: readonly TimelineItem[]): readonly SharedFile[] {
    const known = new Set(this.#files.map(({ file }) => file.id));
    const deleted = new Set(timeline.filter(({ message }) => message.deletedAt).map(({ message }) => message.id));
    const fresh = timeline
      .filter(({ message }) => message.seq > this.#upTo && message.seq < Infinity)
      .flatMap(({ message }) =>
        message.files.map((file) => ({
          file,
          messageId: message.id,
          senderId: message.senderId,
          seq: message.seq,
          createdAt: message.createdAt,
        })),
      )
      .filter(({ file }) => kinds[this.#kind].has(file.kind) && !known.has(file.id))
      .reverse();
    return [...fresh, ...this.#files].filter(({ messageId }) => !deleted.has(messageId));
  }
}
