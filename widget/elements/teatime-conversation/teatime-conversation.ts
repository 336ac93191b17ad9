import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { ReadableAtom } from 'nanostores';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import type { Chat, ConversationView, OpenConversation, TimelineItem } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import '../teatime-composer/teatime-composer.ts';
import type { TeatimeComposer } from '../teatime-composer/teatime-composer.ts';
import '../teatime-conversation-header/teatime-conversation-header.ts';
import { isSettled, type MessageAction, type MessageScene } from '../teatime-message/scene.ts';
import '../teatime-timeline/teatime-timeline.ts';
import type { TeatimeTimeline } from '../teatime-timeline/teatime-timeline.ts';
import { createScene } from './create-scene.ts';
import { conversationStyles } from './teatime-conversation.styles.ts';

/** How long it is said that something was copied, in ms. */
const passingMs = 2_500;

/**
 * An open conversation: header, timeline and composer, and what is done to its messages.
 *
 * @fires back - the person wants the list
 * @fires toggle-details - the person wants the details, or wants them gone
 */
export class TeatimeConversation extends LitElement {
  static override styles = [baseStyles, conversationStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #format = new StoreController(this, () => this.locale?.$format);
  readonly #dir = new StoreController(this, () => this.locale?.$dir);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #session = new StoreController(this, () => this.chat?.$session);
  readonly #blocked = new StoreController(this, () => this.chat?.$blocked);
  readonly #view = new StoreController(this, () => this.conversation?.$conversation);
  readonly #limits = new StoreController(this, () => this.chat?.$fileLimits);
  readonly #sceneOf = createScene();
  #passing: ReturnType<typeof setTimeout> | undefined;
  #focusWaits = false;

  @query('teatime-composer') private composer!: TeatimeComposer | null;
  @query('teatime-timeline') private timeline!: TeatimeTimeline | null;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;
  /** What is said above the composer. */
  @state() private notice: { readonly text: string; readonly bad: boolean } | undefined;

  @property({ attribute: false }) conversation: OpenConversation | undefined;
  /** The list is not beside it, so there is a way back. */
  @property({ type: Boolean }) narrow = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('exportparts', 'composer, bubble');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#passing);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('conversation')) return;
    this.notice = undefined;
    // Names under reactions and behind `@` need all members, not only the first few of the list.
    const view = this.conversation?.$conversation.get();
    if (view && view.kind === 'group' && view.members.length < view.memberCount) void this.#loadMembers(view.id);
  }

  async #loadMembers(id: string): Promise<void> {
    // Without them some names are missing; the line to the server, when it is down, is told of elsewhere.
    await this.chat?.loadMembers(id).catch(() => undefined);
  }

  protected override updated(): void {
    if (this.#focusWaits) this.focus();
  }

  /** Puts the focus where one writes; in a conversation that is still to come, as soon as it is there. */
  override focus(): void {
    const place = this.composer ?? this.timeline;
    this.#focusWaits = !place;
    if (place?.hasUpdated) place.focus();
    else void place?.updateComplete.then(() => place.focus());
  }

  /** Scrolls to a message and points it out. */
  reveal(messageId: string): void {
    this.#act({ type: 'jump', messageId });
  }

  #say(text: string, bad: boolean): void {
    this.notice = { text, bad };
    clearTimeout(this.#passing);
    if (!bad) this.#passing = setTimeout(() => (this.notice = undefined), passingMs);
  }

  readonly #tell = (error: unknown): void => {
    const strings = this.#strings.value;
    // A part of the chat that could not be fetched fails with a TypeError (HTML, "fetch a module script").
    const failure =
      error instanceof TypeError ? ({ code: 'network', message: error.message } as const) : failureFrom(error);
    if (strings) this.#say(failureText(strings, failure), true);
  };

  readonly #act = (action: MessageAction): void => {
    if (this.notice?.bad) this.notice = undefined;
    this.#perform(action).catch((error: unknown) => this.#tell(error));
  };

  async #perform(action: MessageAction): Promise<void> {
    const { conversation } = this;
    if (!conversation) return;
    switch (action.type) {
      case 'react':
        return conversation.react(action.item.message.id, action.emoji, action.on);
      case 'delete':
        return conversation.delete(action.item.message.id);
      case 'retry':
        return conversation.retry(action.item.key);
      case 'discard':
        return conversation.discard(action.item.key);
      case 'reply':
        return this.composer?.reply(action.item.message);
      case 'edit':
        return this.composer?.edit(action.item.message);
      case 'copy':
        return this.#copy(action.item);
      case 'report':
        await this.chat?.report(action.item.message, action.reason);
        return this.#say(this.#strings.value?.report.sent ?? '', false);
      case 'jump':
        if (!(await this.timeline?.reveal(action.messageId)))
          this.#say(this.#strings.value?.pane.timeline.notLoaded ?? '', true);
    }
  }

  async #copy({ message }: TimelineItem): Promise<void> {
    const words = this.#strings.value?.pane.actions;
    try {
      await navigator.clipboard.writeText(message.text);
      this.#say(words?.copied ?? '', false);
    } catch {
      this.#say(words?.copyFailed ?? '', true);
    }
  }

  readonly #editLast = (): void => {
    if (!this.#features.value?.has('editing')) return;
    const last = this.conversation?.$timeline.get().items.findLast((item) => item.own && isSettled(item));
    if (last) this.composer?.edit(last.message);
  };

  #scene(): MessageScene | undefined {
    const session = this.#session.value;
    const view = this.#view.value;
    if (!view || session?.status !== 'signed-in') return undefined;
    return this.#sceneOf({
      strings: this.#strings.value,
      format: this.#format.value,
      dir: this.#dir.value,
      features: this.#features.value,
      me: session.user,
      kind: view.kind,
      myRole: view.myRole,
      members: view.members,
      conversation: this.conversation,
      act: this.#act,
      tell: this.#tell,
    });
  }

  override render() {
    const { conversation } = this;
    const scene = this.#scene();
    const view = this.#view.value;
    if (!conversation || !scene || !view) return nothing;
    return html`<section aria-label=${view.title}>
      <teatime-conversation-header
        .conversation=${conversation}
        .narrow=${this.narrow}
        @back=${() => this.dispatchEvent(new Event('back'))}
        @toggle-details=${() => this.dispatchEvent(new Event('toggle-details'))}
      ></teatime-conversation-header>
      <teatime-timeline
        exportparts="bubble"
        .conversation=${conversation}
        .scene=${scene}
        @leave=${() => this.focus()}
      ></teatime-timeline>
      <div class="foot">${this.#renderNotice()}${this.#renderFoot(conversation, scene, view)}</div>
    </section>`;
  }

  #renderNotice() {
    const { notice } = this;
    // The region is there before the words are, or else screen readers miss them.
    return html`<div role="status">
      ${
        notice
          ? html`<div class="notice ${notice.bad ? 'bad' : ''}">
              <p>${notice.text}</p>
              ${
                notice.bad
                  ? html`<button
                      class="icon-button"
                      type="button"
                      aria-label=${this.#strings.value?.notices.dismiss}
                      @click=${() => (this.notice = undefined)}
                    >
                      ${icon(X, { size: 18 })}
                    </button>`
                  : nothing
              }
            </div>`
          : nothing
      }
    </div>`;
  }

  #renderFoot(
    conversation: OpenConversation,
    scene: MessageScene,
    { peer, title, kind, members, closed }: ConversationView,
  ) {
    const words = scene.strings.pane.composer;
    if (closed) return html`<p class="blocked">${scene.strings.errors.conversation_closed}</p>`;
    if (peer && this.#blocked.value?.has(peer.id)) {
      return html`<div class="blocked">
        <p>${words.blockedByYou(peer.displayName)}</p>
        <button class="button" type="button" @click=${() => this.#unblock(peer.id)}>${words.unblock}</button>
      </div>`;
    }
    return html`<teatime-composer
      exportparts="composer"
      .conversation=${conversation}
      .scene=${scene}
      .members=${kind === 'group' ? members : []}
      .to=${title}
      .limits=${this.#limits.value}
      @failure=${(event: CustomEvent<unknown>) => this.#tell(event.detail)}
      @edit-last=${this.#editLast}
      ><slot name="composer-actions" slot="composer-actions"></slot
    ></teatime-composer>`;
  }

  async #unblock(id: string): Promise<void> {
    try {
      await this.chat?.block(id, false);
      await this.updateComplete;
      this.focus();
    } catch (error) {
      this.#tell(error);
    }
  }
}

define('teatime-conversation', TeatimeConversation);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-conversation': TeatimeConversation;
  }
}
