import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { consume } from '../../context-protocol.ts';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import '../../locales/add-files.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, TimelineItem } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom } from '../failure-text.ts';
import { StoreController } from '../store-controller.ts';
import { isMedia } from '../teatime-message/file-box.ts';
import type { MessageScene } from '../teatime-message/scene.ts';
import { download } from './download.ts';
import { FileAddresses } from './file-addresses.ts';
import { fileLine, type LineParts } from './file-line.ts';
import { mediaTile, type TileParts } from './media-tile.ts';
import { shownFiles, type ShownFile } from './shown-file.ts';
import { messageFilesStyles } from './teatime-message-files.styles.ts';

/** So many pictures are shown; behind the last one the others are to be had in the lightbox. */
const mostTiles = 12;

/** The files of a message: pictures and videos in a grid, sound with a player, the others as cards; on their way, or there. */
export class TeatimeMessageFiles extends LitElement {
  static override styles = [baseStyles, messageFilesStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #lang = new StoreController(this, () => this.locale?.$lang);
  readonly #addresses = new FileAddresses(this, () => this.chat);
  /** Pictures that this browser cannot draw from the file itself: the server's small picture is tried instead. */
  readonly #undrawable = new Set<string>();
  readonly #loaded = new Set<string>();

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;

  @property({ attribute: false }) item!: TimelineItem;
  @property({ attribute: false }) scene!: MessageScene;

  #undraw(file: ShownFile): void {
    this.#undrawable.add(file.key);
    this.requestUpdate();
  }

  async #download(file: ShownFile): Promise<void> {
    try {
      if (this.chat) await download(this.chat, file);
    } catch (error) {
      if (file.id && failureFrom(error).code === 'not_found') this.#addresses.lose(file.id);
      else this.scene.tell(error);
    }
  }

  async #open(file: ShownFile): Promise<void> {
    try {
      const { openLightbox } = await import('../teatime-lightbox/open-lightbox.ts');
      const timeline = hostOf(hostOf(this) ?? this);
      const message = hostOf(this);
      const where = { home: timeline ?? this, ...(message && { fallback: message }) };
      openLightbox(where, this.scene, { item: this.item, key: file.key }, (id) => this.chat?.localPreview(id));
    } catch (error) {
      this.scene.tell(error);
    }
  }

  override render() {
    const { chat, scene } = this;
    const strings = this.#strings.value;
    if (!chat || !strings) return nothing;
    const files = shownFiles(this.item, (id) => chat.localPreview(id));
    const media = files.filter(isMedia);
    const lines = files.filter((file) => !isMedia(file));
    const parts = {
      strings,
      lang: this.#lang.value ?? 'en',
      addresses: this.#addresses,
      deeds: scene.conversation,
      undrawable: this.#undrawable,
      loaded: this.#loaded,
      chat,
      undraw: (file: ShownFile) => this.#undraw(file),
      open: (file: ShownFile) => void this.#open(file),
      download: (file: ShownFile) => void this.#download(file),
      redraw: () => this.requestUpdate(),
    };
    return html`${media.length > 0 ? this.#renderMedia(media, parts) : nothing}
    ${repeat(
      lines,
      ({ key }) => key,
      (file) => fileLine(file, parts satisfies LineParts),
    )}`;
  }

  #renderMedia(media: readonly ShownFile[], parts: TileParts & { readonly strings: Strings }): TemplateResult {
    const tiles = media.slice(0, mostTiles);
    const hidden = media.length - tiles.length;
    const count = tiles.length;
    return html`<div class="grid n${Math.min(count, 5)} ${count > 4 ? `rest${count % 3}` : ''}">
      ${repeat(
        tiles,
        ({ key }) => key,
        (file, index) => mediaTile(file, parts, { alone: count === 1, hidden: index === count - 1 ? hidden : 0 }),
      )}
    </div>`;
  }
}

function hostOf(node: Node): HTMLElement | undefined {
  const root = node.getRootNode();
  return root instanceof ShadowRoot ? (root.host as HTMLElement) : undefined;
}

define('teatime-message-files', TeatimeMessageFiles);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-message-files': TeatimeMessageFiles;
  }
}
