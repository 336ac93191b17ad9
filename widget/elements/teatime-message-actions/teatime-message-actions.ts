import { html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import Copy from 'lucide/dist/esm/icons/copy.mjs';
import Download from 'lucide/dist/esm/icons/download.mjs';
import Flag from 'lucide/dist/esm/icons/flag.mjs';
import Ellipsis from 'lucide/dist/esm/icons/ellipsis.mjs';
import Pencil from 'lucide/dist/esm/icons/pencil.mjs';
import Reply from 'lucide/dist/esm/icons/reply.mjs';
import SmilePlus from 'lucide/dist/esm/icons/face-slightly-smiling-plus.mjs';
import Trash from 'lucide/dist/esm/icons/trash.mjs';
import { consume } from '../../context-protocol.ts';
import { chatContext } from '../../context.ts';
import '../../locales/add-later.ts';
import type { Chat, TimelineItem } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon, type IconNode } from '../icon.ts';
import { placeBeside } from '../place-beside.ts';
import type { ReportReason } from '../../../protocol/reports.ts';
import type { MessageScene } from '../teatime-message/scene.ts';
import { moveFocus } from './move-focus.ts';
import { messageActionsStyles } from './teatime-message-actions.styles.ts';

const quick = ['👍', '❤️', '😂'];

/**
 * The compact bar on a message: a few reactions and all others, reply, and a menu of the rest. Fires `close` when its menu or
 * emoji picker closes and `done` when something was chosen; `open` says whether one of them is there.
 */
export class TeatimeMessageActions extends LitElement {
  static override styles = [baseStyles, messageActionsStyles];

  /** The button of the bar that Tab leads to. */
  #stop: HTMLElement | null = null;

  @query('[popover]') private popoverElement!: HTMLElement | null;
  @query('.bar') private bar!: HTMLElement;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @state() private shown: 'menu' | 'report' | 'delete' | 'emoji' | undefined;

  @property({ attribute: false }) item!: TimelineItem;
  @property({ attribute: false }) scene!: MessageScene;

  /** True while the menu or the emoji picker is open. */
  get open(): boolean {
    return this.shown !== undefined;
  }

  protected override updated(): void {
    this.#rove();
  }

  /** Puts the focus on the bar: on the button that had it last, at first on the first. */
  override focus(): void {
    this.#stop?.focus();
  }

  readonly #rove = (): void => {
    const buttons = [...this.bar.querySelectorAll('button')];
    const focused = buttons.find((button) => button.matches(':focus'));
    if (focused ?? !this.#stop?.isConnected) this.#stop = focused ?? buttons[0] ?? null;
    for (const button of buttons) button.tabIndex = button === this.#stop ? 0 : -1;
  };

  async #show(what: 'menu' | 'emoji', anchor: EventTarget | null): Promise<void> {
    try {
      if (what === 'emoji') await import('../teatime-emoji-picker/teatime-emoji-picker.ts');
    } catch (error) {
      return this.scene.tell(error);
    }
    this.shown = what;
    if (anchor instanceof HTMLElement) this.#stop = anchor;
    await this.updateComplete;
    const { popoverElement } = this;
    if (!popoverElement || !(anchor instanceof Element)) return;
    popoverElement.showPopover();
    const content = popoverElement.querySelector('teatime-emoji-picker');
    await content?.updateComplete;
    placeBeside(popoverElement, anchor);
    (content ?? popoverElement.querySelector('button'))?.focus();
  }

  readonly #toggled = (event: ToggleEvent): void => {
    if (event.newState !== 'closed') return;
    this.shown = undefined;
    this.dispatchEvent(new Event('close'));
  };

  #finish(): void {
    this.#close();
    this.dispatchEvent(new Event('done'));
  }

  #close(): void {
    this.popoverElement?.hidePopover();
  }

  #react(emoji: string): void {
    this.#finish();
    const mine = this.item.message.reactions.some(
      (reaction) => reaction.emoji === emoji && reaction.userIds.includes(this.scene.meId),
    );
    this.scene.act({ type: 'react', item: this.item, emoji, on: !mine });
  }

  #do(type: 'reply' | 'edit' | 'copy' | 'delete'): void {
    this.#finish();
    this.scene.act({ type, item: this.item });
  }

  async #download(): Promise<void> {
    this.#finish();
    const { chat, scene, item } = this;
    try {
      const { download } = await import('../teatime-message-files/download.ts');
      const [file] = item.message.files;
      if (chat && file) await download(chat, file);
    } catch (error) {
      scene.tell(error);
    }
  }

  readonly #barKey = (event: KeyboardEvent): void => moveFocus(event, this.bar, 'inline');

  readonly #popoverKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      this.#close();
      this.focus();
    } else if (event.key === 'Tab' && this.shown === 'menu') {
      // Out of a menu Tab leads on from the button that it belongs to.
      this.#close();
      this.focus();
    } else if (this.shown !== 'emoji' && this.popoverElement) moveFocus(event, this.popoverElement, 'block');
  };

  override render() {
    const { strings, features } = this.scene;
    const words = strings.pane.actions;
    return html`<div
        class="bar"
        role="toolbar"
        aria-label=${words.label}
        @keydown=${this.#barKey}
        @focusin=${this.#rove}
      >
        ${
          features.has('reactions')
            ? html`${quick.map(
                  (emoji) =>
                    html`<button
                      class="action emoji"
                      type="button"
                      aria-label=${strings.pane.message.reactWith(emoji)}
                      @click=${() => this.#react(emoji)}
                    >
                      ${emoji}
                    </button>`,
                )}
                <button
                  class="action"
                  type="button"
                  title=${words.react}
                  aria-label=${words.react}
                  aria-haspopup="dialog"
                  aria-expanded=${this.shown === 'emoji'}
                  @click=${(event: Event) => this.#show('emoji', event.currentTarget)}
                >
                  ${icon(SmilePlus, { size: 18 })}
                </button>`
            : nothing
        }
        ${
          features.has('replies')
            ? html`<button
                class="action"
                type="button"
                title=${words.reply}
                aria-label=${words.reply}
                @click=${() => this.#do('reply')}
              >
                ${icon(Reply, { size: 18, flip: true })}
              </button>`
            : nothing
        }
        <button
          class="action"
          type="button"
          title=${words.more}
          aria-label=${words.more}
          aria-haspopup="menu"
          aria-expanded=${!!this.shown && this.shown !== 'emoji'}
          @click=${(event: Event) => this.#show('menu', event.currentTarget)}
        >
          ${icon(Ellipsis, { size: 18 })}
        </button>
      </div>
      ${
        this.shown
          ? html`<div popover class=${this.shown} @toggle=${this.#toggled} @keydown=${this.#popoverKey}>
              ${this.#renderPopover()}
            </div>`
          : nothing
      }`;
  }

  #renderPopover() {
    if (this.shown === 'emoji')
      return html`<teatime-emoji-picker
        @pick=${(event: CustomEvent<string>) => this.#react(event.detail)}
      ></teatime-emoji-picker>`;
    if (this.shown === 'report') return this.#renderReasons();
    return this.shown === 'delete' ? this.#renderQuestion() : this.#renderMenu();
  }

  #renderMenu() {
    const { strings, features, moderator } = this.scene;
    const words = strings.pane.actions;
    const { own, message, sender } = this.item;
    const [file, second] = message.files;
    return html`<div role="menu" aria-label=${words.more}>
      ${own && features.has('editing') ? this.#renderMenuItem(Pencil, words.edit, () => this.#do('edit')) : nothing}
      ${message.text ? this.#renderMenuItem(Copy, words.copy, () => this.#do('copy')) : nothing}
      ${file && !second ? this.#renderMenuItem(Download, words.download, () => this.#download()) : nothing}
      ${own || sender.kind === 'system' ? nothing : this.#renderMenuItem(Flag, strings.report.action, () => this.#ask('report'))}
      ${own || moderator ? this.#renderMenuItem(Trash, words.delete, () => this.#ask('delete'), 'danger') : nothing}
    </div>`;
  }

  #renderMenuItem(node: IconNode, name: string, act: () => void, kind = '') {
    return html`<button class="item ${kind}" type="button" role="menuitem" @click=${act}>
      ${icon(node, { size: 18 })}<span>${name}</span>
    </button>`;
  }

  async #ask(what: 'report' | 'delete'): Promise<void> {
    this.shown = what;
    await this.updateComplete;
    const { popoverElement } = this;
    const more = this.bar.querySelector('button:last-of-type');
    // The question is wider than the menu that it takes the place of.
    if (popoverElement && more) placeBeside(popoverElement, more);
    popoverElement?.querySelector('button')?.focus();
  }

  #renderReasons() {
    const { question, reasons } = this.scene.strings.report;
    return html`<div role="menu" aria-label=${question}>
      <p class="item" aria-hidden="true">${question}</p>
      ${(Object.keys(reasons) as (keyof typeof reasons)[]).map(
        (reason) =>
          html`<button class="item" type="button" role="menuitem" @click=${() => this.#report(reason)}>
            ${reasons[reason]}
          </button>`,
      )}
    </div>`;
  }

  #report(reason: ReportReason): void {
    this.#finish();
    this.scene.act({ type: 'report', item: this.item, reason });
  }

  #renderQuestion() {
    const words = this.scene.strings.pane.actions;
    return html`<div class="question" role="alertdialog" aria-label=${words.deleteQuestion}>
      <p>${words.deleteQuestion}</p>
      <div class="choices">
        <button class="button" type="button" @click=${() => this.#close()}>${words.cancel}</button>
        <button class="button danger" type="button" @click=${() => this.#do('delete')}>${words.delete}</button>
      </div>
    </div>`;
  }
}

define('teatime-message-actions', TeatimeMessageActions);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-message-actions': TeatimeMessageActions;
  }
}
