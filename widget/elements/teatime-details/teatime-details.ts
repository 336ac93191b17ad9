import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import ArrowLeft from 'lucide/dist/esm/icons/arrow-left.mjs';
import Ban from 'lucide/dist/esm/icons/ban.mjs';
import Images from 'lucide/dist/esm/icons/images.mjs';
import LogOut from 'lucide/dist/esm/icons/log-out.mjs';
import Pencil from 'lucide/dist/esm/icons/pencil.mjs';
import X from 'lucide/dist/esm/icons/x.mjs';
import { chatContext, localeContext, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Strings } from '../../locales/strings.ts';
import type { Chat, ConversationView, OpenConversation } from '../../model/types.ts';
import '../../locales/add-later.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { iconButton } from '../icon-button.ts';
import { icon, type IconNode } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-avatar-editor/teatime-avatar-field.ts';
import type {} from '../teatime-conversation/teatime-conversation.ts';
import './teatime-member-list.ts';
import { detailsStyles } from './teatime-details.styles.ts';

type Words = Strings['details'];

/**
 * About a conversation: mute, pin, and block or the group's name and members. Fires `close`, and `open-conversation` (`{ id }`)
 * when a member shall be written to; what was shared leads to
 * the message that it came with, in the conversation that stands beside it in the panel.
 */
export class TeatimeDetails extends LitElement {
  static override styles = [baseStyles, detailsStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #session = new StoreController(this, () => this.chat?.$session);
  readonly #blocked = new StoreController(this, () => this.chat?.$blocked);
  readonly #view = new StoreController(this, () => this.conversation?.$conversation);
  readonly #presence = new StoreController(this, () => {
    const peer = this.conversation?.$conversation.get()?.peer;
    return peer ? this.chat?.presence(peer.id) : undefined;
  });

  @query('header button') private closeButton!: HTMLElement | null;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  /** What is being asked or changed in place. */
  @state() private mode: 'none' | 'rename' | 'leave' | 'block' | 'files' = 'none';
  @state() private busy = false;
  @state() private error = '';

  @property({ attribute: false }) conversation: OpenConversation | undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('conversation')) return;
    this.mode = 'none';
    this.error = '';
    const view = this.conversation?.$conversation.get();
    if (view?.kind === 'group') void this.#run((chat) => chat.loadMembers(view.id));
  }

  override focus(): void {
    this.closeButton?.focus();
  }

  /** Does something with the chat; says in words what went wrong, and whether it went well. */
  async #run(act: (chat: Chat) => Promise<unknown>, conflict?: string): Promise<boolean> {
    const strings = this.#strings.value;
    if (!this.chat) return false;
    this.busy = true;
    this.error = '';
    try {
      await act(this.chat);
      this.mode = 'none';
      return true;
    } catch (error) {
      const failure = failureFrom(error);
      if (strings) this.error = failure.code === 'conflict' && conflict ? conflict : failureText(strings, failure);
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #showFiles(): Promise<void> {
    // What cannot be fetched is told like any other failure of the line to the server.
    const loaded = await this.#run(() =>
      import('../teatime-shared-files/teatime-shared-files.ts').catch((cause: unknown) => {
        const failure = { code: 'network', message: 'unable to load a part of the chat' };
        throw Object.assign(new Error(failure.message, { cause }), { failure });
      }),
    );
    if (!loaded) return;
    this.mode = 'files';
    await this.updateComplete;
    this.renderRoot.querySelector('teatime-shared-files')?.focus();
  }

  readonly #showMessage = (event: CustomEvent<string>): void => {
    // Asked here, so that the panel, which everybody loads at first, need not know of it.
    const root = this.getRootNode();
    const pane = root instanceof ShadowRoot ? root.querySelector('teatime-conversation') : null;
    // Where there is little room, the details are in front of the conversation.
    if (pane && !pane.checkVisibility()) this.dispatchEvent(new Event('close'));
    pane?.reveal(event.detail);
  };

  async #leaveFiles(): Promise<void> {
    this.mode = 'none';
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.files')?.focus();
  }

  #ask(mode: 'rename' | 'leave' | 'block'): void {
    this.mode = mode;
    this.error = '';
    void this.updateComplete.then(() => {
      const first = this.renderRoot.querySelector<HTMLElement>('.rename input, .question .button');
      first?.focus();
      if (first instanceof HTMLInputElement) first.select();
    });
  }

  #rename(event: Event, { id, title }: ConversationView): void {
    event.preventDefault();
    const wanted = this.renderRoot.querySelector<HTMLInputElement>('.rename input')?.value.trim();
    if (!wanted || wanted === title) this.mode = 'none';
    else void this.#run((chat) => chat.renameGroup(id, wanted));
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.mode === 'files') void this.#leaveFiles();
    else if (this.mode !== 'none') this.mode = 'none';
    else this.dispatchEvent(new Event('close'));
  };

  override render() {
    const strings = this.#strings.value;
    const view = this.#view.value;
    if (!strings || !view) return nothing;
    const words = strings.details;
    return html`<section aria-label=${words.title} @keydown=${this.#key}>
      <header>
        ${this.mode === 'files' ? iconButton(ArrowLeft, words.backFromFiles, () => this.#leaveFiles(), { flip: true }) : nothing}
        <h2>${this.mode === 'files' ? words.files : words.title}</h2>
        <button
          class="icon-button"
          type="button"
          aria-label=${words.close}
          title=${words.close}
          @click=${() => this.dispatchEvent(new Event('close'))}
        >
          ${icon(X)}
        </button>
      </header>
      ${this.mode === 'files' ? this.#renderFiles() : this.#renderAll(view, strings)}
    </section>`;
  }

  #renderFiles() {
    return html`<div class="scroll">
      <teatime-shared-files
        .conversation=${this.conversation}
        @show-message=${this.#showMessage}
      ></teatime-shared-files>
    </div>`;
  }

  #renderAll(view: ConversationView, strings: Strings) {
    const words = strings.details;
    return html`<div class="scroll">
      ${this.#renderIdentity(view, strings)}
      <div role="alert">${this.error ? html`<p class="error">${this.error}</p>` : nothing}</div>
      <div class="card">
        ${this.#renderSwitch(words.mute, view.muted, (on) => this.#run((chat) => chat.setMuted(view.id, on)))}
        ${this.#renderSwitch(words.pin, view.pinned, (on) => this.#run((chat) => chat.setPinned(view.id, on)))}
      </div>
      <div class="card">
        <button class="line files" type="button" @click=${() => this.#showFiles()}>
          ${icon(Images, { size: 18 })}<span>${words.files}</span>
        </button>
      </div>
      ${view.kind === 'group' ? this.#renderMembers(view, words) : nothing}
      <div class="card">${view.kind === 'group' ? this.#renderLeave(view, words) : this.#renderBlock(view, words)}</div>
    </div>`;
  }

  #renderIdentity(view: ConversationView, strings: Strings) {
    const { title, peer, avatarColor, avatarUrl, kind, myRole, memberCount } = view;
    const words = strings.details;
    const presence = peer ? this.#presence.value : undefined;
    return html`<div class="identity">
      <teatime-avatar-field
        .name=${title}
        .src=${avatarUrl}
        .color=${avatarColor}
        .presence=${presence}
        .group=${kind === 'group'}
        .conversationId=${view.id}
        .editable=${kind === 'group' && myRole !== 'member'}
      ></teatime-avatar-field>
      ${
        this.mode === 'rename'
          ? this.#renderRename(view, words)
          : html`<div class="title">
              <h3><bdi>${title}</bdi></h3>
              ${
                kind === 'group' && myRole !== 'member'
                  ? html`<button
                      class="icon-button"
                      type="button"
                      aria-label=${words.rename}
                      title=${words.rename}
                      @click=${() => this.#ask('rename')}
                    >
                      ${icon(Pencil, { size: 16 })}
                    </button>`
                  : nothing
              }
            </div>`
      }
      <p class="sub">
        ${peer ? html`<bdi>${peer.kind && peer.kind !== 'system' ? words[peer.kind] : `@${peer.username}`}</bdi>${presence ? html` · ${strings.pane.header[presence]}` : nothing}` : words.members(memberCount)}
      </p>
    </div>`;
  }

  #renderRename(view: ConversationView, words: Words) {
    return html`<form class="rename" @submit=${(event: Event) => this.#rename(event, view)}>
      <input
        class="input"
        dir="auto"
        maxlength="100"
        autocomplete="off"
        aria-label=${words.groupName}
        .value=${view.title}
      />
      <div class="choices">
        <button class="button" type="button" @click=${() => (this.mode = 'none')}>${words.cancel}</button>
        <button class="button primary" type="submit" ?disabled=${this.busy}>${words.save}</button>
      </div>
    </form>`;
  }

  #renderSwitch(label: string, on: boolean, change: (on: boolean) => void) {
    return html`<button class="line" type="button" role="switch" aria-checked=${on} @click=${() => change(!on)}>
      <span>${label}</span><span class="switch"></span>
    </button>`;
  }

  #renderMembers(view: ConversationView, words: Words) {
    const session = this.#session.value;
    if (session?.status !== 'signed-in') return nothing;
    return html`<teatime-member-list
      .view=${view}
      .meId=${session.user.id}
      .words=${words}
      @open-conversation=${(event: CustomEvent) => this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }))}
      .run=${(act: (chat: Chat) => Promise<unknown>) => this.#run(act, words.lastOwner)}
    ></teatime-member-list>`;
  }

  #renderLeave({ id }: ConversationView, words: Words) {
    if (this.mode !== 'leave') return this.#renderDanger(LogOut, words.leave, () => this.#ask('leave'));
    return this.#renderQuestion(words.leaveQuestion, words.leave, words, () =>
      this.#run((chat) => chat.leave(id), words.lastOwner),
    );
  }

  #renderBlock({ peer }: ConversationView, words: Words) {
    if (!peer) return nothing;
    const name = peer.displayName;
    const set = (on: boolean) => this.#run((chat) => chat.block(peer.id, on));
    if (this.#blocked.value?.has(peer.id))
      return html`<button class="line" type="button" @click=${() => set(false)}>
        ${icon(Ban, { size: 18 })}<span>${words.unblock(name)}</span>
      </button>`;
    if (this.mode === 'block')
      return this.#renderQuestion(words.blockQuestion(name), words.block(name), words, () => set(true));
    return this.#renderDanger(Ban, words.block(name), () => this.#ask('block'));
  }

  #renderDanger(node: IconNode, label: string, act: () => void): TemplateResult {
    return html`<button class="line danger" type="button" @click=${act}>
      ${icon(node, { size: 18 })}<span>${label}</span>
    </button>`;
  }

  #renderQuestion(question: string, yes: string, words: Words, act: () => void): TemplateResult {
    return html`<div class="question" role="group" aria-label=${question}>
      <p>${question}</p>
      <div class="choices">
        <button class="button" type="button" @click=${() => (this.mode = 'none')}>${words.cancel}</button>
        <button class="button danger" type="button" ?disabled=${this.busy} @click=${act}>${yes}</button>
      </div>
    </div>`;
  }
}

define('teatime-details', TeatimeDetails);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-details': TeatimeDetails;
  }
}
