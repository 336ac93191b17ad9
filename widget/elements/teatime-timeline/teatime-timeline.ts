import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import ArrowDown from 'lucide/dist/esm/icons/arrow-down.mjs';
import type { OpenConversation, TimelineState } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { icon } from '../icon.ts';
import { StoreController } from '../store-controller.ts';
import { snippet, type MessageScene } from '../teatime-message/scene.ts';
import '../teatime-message/teatime-message.ts';
import type { TeatimeMessage } from '../teatime-message/teatime-message.ts';
import { Arrivals } from './arrivals.ts';
import { ReadingMark } from './reading-mark.ts';
import { rowKeys } from './row-keys.ts';
import { toRows, type Row } from './rows.ts';
import { ScrollKeeper } from './scroll-keeper.ts';
import { timelineStyles } from './teatime-timeline.styles.ts';
import { beginning, skeleton, typingDots } from './timeline-parts.ts';

/** So near the top (px) the messages before are fetched. */
const loadWithin = 800;
const highlightMs = 2_000;
/** A quoted message further back than so many pages is not gone after. */
const maxPagesToJump = 40;

/**
 * The messages of a conversation, oldest first, of which only those around the view are drawn. Fires `leave` when Escape is
 * pressed on a message.
 */
export class TeatimeTimeline extends LitElement {
  static override styles = [baseStyles, timelineStyles];

  readonly #timeline = new StoreController(this, () => this.conversation?.$timeline);
  readonly #view = new StoreController(this, () => this.conversation?.$conversation);
  readonly #typing = new StoreController(this, () => this.conversation?.$typing);
  readonly #keeper = new ScrollKeeper(this, {
    scroller: () => this.scroller,
    listTop: () => this.listTop,
    onMove: () => this.#moved(),
  });
  readonly #reading = new ReadingMark(this, { end: () => this.end, read: () => this.conversation?.markRead() });
  #arrivals = new Arrivals();
  #rows: readonly Row[] = [];
  #byKey: ReadonlyMap<string, Row> = new Map();
  #drawn: TimelineState | undefined;
  #placed = false;
  #unhighlight: ReturnType<typeof setTimeout> | undefined;

  @query('.scroll') private scroller!: HTMLElement | null;
  @query('.before') private listTop!: HTMLElement | null;
  @query('.end') private end!: HTMLElement | null;

  /** The row that the Tab key reaches. */
  @state() private current: string | undefined;
  @state() private highlighted: string | undefined;
  @state() private older: 'idle' | 'loading' | 'failed' = 'idle';
  @state() private missed = 0;
  @state() private away = false;
  @state() private announcement = '';

  @property({ attribute: false }) conversation: OpenConversation | undefined;
  @property({ attribute: false }) scene: MessageScene | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#unhighlight);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('conversation')) {
      this.#placed = false;
      this.#arrivals = new Arrivals();
      this.#drawn = undefined;
      this.older = 'idle';
      this.missed = 0;
      this.current = undefined;
      this.announcement = '';
    }
    const timeline = this.#timeline.value;
    if (!timeline || timeline === this.#drawn) return;
    this.#drawn = timeline;
    this.#rows = toRows(timeline.items, timeline.firstUnreadKey, this.#byKey);
    this.#byKey = new Map(this.#rows.map((row) => [row.key, row]));
    this.#keeper.setKeys(this.#rows.map(({ key }) => key));
    if (timeline.status === 'ready') this.#takeIn(timeline);
  }

  /** Places a timeline that is there for the first time; follows, counts and announces what came since. */
  #takeIn({ items, firstUnreadKey }: TimelineState): void {
    if (!this.#placed) {
      this.#placed = true;
      if (firstUnreadKey) this.#keeper.toRow(firstUnreadKey, 0.2);
      else this.#keeper.toEnd();
    }
    const { fresh, sent } = this.#arrivals.take(items);
    if (sent) this.#keeper.toEnd();
    if (fresh.length === 0 || !this.scene) return;
    if (!this.#keeper.atEnd) this.missed += fresh.length;
    const { timeline: words } = this.scene.strings.pane;
    const only = fresh.length <= 2 ? fresh : undefined;
    const news = only
      ? only.map((item) => words.said(item.sender.displayName, snippet(item.message, this.scene!.strings))).join('\n')
      : words.arrived(fresh.length);
    // The same words again would change nothing, and be read to nobody.
    this.announcement = news === this.announcement ? `${news} ` : news;
  }

  protected override updated(): void {
    const messages = this.renderRoot.querySelectorAll('teatime-message');
    // Only when the messages have drawn themselves is it known where everything is; that is still before the next frame.
    void Promise.all([...messages].map((message) => message.updateComplete)).then(() => {
      this.#keeper.settle();
      this.#moved();
    });
    // The mark looks anew whether the end is in view, since nothing may have moved when a short timeline changed.
    this.#reading.check();
  }

  #moved(): void {
    if (this.#keeper.atEnd) this.missed = 0;
    this.away = !this.#keeper.atEnd && this.#keeper.viewsBelow > 0.7;
    const { scroller } = this;
    if (scroller && this.#keeper.placed && scroller.scrollTop < loadWithin && this.older === 'idle')
      void this.#loadOlder();
  }

  async #loadOlder(): Promise<void> {
    const { conversation } = this;
    const timeline = this.#timeline.value;
    if (!conversation || timeline?.status !== 'ready' || !timeline.hasOlder) return;
    this.older = 'loading';
    try {
      await conversation.loadOlder();
      // A page that brought nothing would be asked for again at once, and for ever.
      const grew = this.#timeline.value !== timeline;
      if (conversation === this.conversation) this.older = grew ? 'idle' : 'failed';
    } catch {
      if (conversation === this.conversation) this.older = 'failed';
    }
  }

  /** Scrolls to a message and points it out, fetching the pages up to it; false when it cannot be found. */
  async reveal(messageId: string): Promise<boolean> {
    const { conversation } = this;
    const find = () => this.#timeline.value?.items.find(({ message }) => message.id === messageId);
    for (let page = 0; !find() && this.#timeline.value?.hasOlder && page < maxPagesToJump; page++) {
      await this.#loadOlder();
      if (this.older === 'failed' || conversation !== this.conversation) return false;
    }
    const item = find();
    if (!item) return false;
    this.highlighted = item.key;
    clearTimeout(this.#unhighlight);
    this.#unhighlight = setTimeout(() => (this.highlighted = undefined), highlightMs);
    await this.#focusRow(item.key, true);
    return true;
  }

  /** Puts the focus on the newest message. */
  override focus(): void {
    const last = this.#rows.at(-1);
    if (last) void this.#focusRow(last.key, false);
  }

  async #focusRow(key: string, centre: boolean): Promise<void> {
    this.current = key;
    const drawn = () => this.renderRoot.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] teatime-message`);
    if (centre || !drawn()) {
      this.#keeper.toRow(key, 0.35);
      await this.updateComplete;
    }
    drawn()?.focus({ preventScroll: centre });
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    const message = event
      .composedPath()
      .find((target) => target instanceof Element && target.matches('teatime-message'));
    if (!(message instanceof HTMLElement)) return;
    const key = rowKeys(event, message);
    if (!key) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === 'actions') void (message as TeatimeMessage).openActions();
    else if (key === 'message') message.focus();
    else if (key === 'leave') this.dispatchEvent(new Event('leave'));
    else {
      const at = this.#rows.findIndex(({ key }) => key === (message.parentElement?.dataset['key'] ?? ''));
      const to = { next: at + 1, previous: at - 1, first: 0, last: this.#rows.length - 1 }[key];
      const row = this.#rows[to];
      if (row) void this.#focusRow(row.key, false);
    }
  };

  readonly #focused = (event: FocusEvent): void => {
    const key =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]')?.dataset['key'] : undefined;
    if (key) this.current = key;
  };

  override render() {
    const { scene } = this;
    const timeline = this.#timeline.value;
    if (!scene || !timeline) return nothing;
    const words = scene.strings.pane.timeline;
    const { start, end } = this.#keeper.slice;
    const { space } = this.#keeper;
    const rows = this.#rows.slice(start, end);
    const tabKey = rows.some(({ key }) => key === this.current) ? this.current : rows.at(-1)?.key;
    // Room is set by property: a strict style-src forbids the attribute.
    return html`<div class="scroll" @scroll=${this.#keeper.scrolled}>
        <div class="content">
          ${this.#renderTop(timeline)}
          <div class="before" .style=${`block-size: ${space.before}px`}></div>
          <div
            role="log"
            aria-live="off"
            aria-label=${words.label}
            aria-busy=${timeline.status === 'loading'}
            @keydown=${this.#keyed}
            @focusin=${this.#focused}
          >
            ${repeat(
              rows,
              ({ key }) => key,
              (row) => this.#renderRow(row, row.key === tabKey, scene),
            )}
          </div>
          <div .style=${`block-size: ${space.after}px`}></div>
          ${scene.features.has('typing') ? typingDots(this.#typing.value ?? []) : nothing}
          <div class="end"></div>
        </div>
      </div>
      ${this.#renderPill()}
      <div class="visually-hidden" aria-live="polite">${this.announcement}</div>`;
  }

  #renderRow(row: Row, reachable: boolean, scene: MessageScene) {
    const { strings, format } = scene;
    return html`<div class="row" data-key=${row.key}>
      ${row.newDay ? html`<div class="day"><span>${format.day(row.at)}</span></div>` : nothing}
      ${row.newLine ? html`<div class="new-line"><span>${strings.pane.timeline.newMessages}</span></div>` : nothing}
      <teatime-message
        exportparts="bubble"
        tabindex=${reachable ? 0 : -1}
        ?highlighted=${row.key === this.highlighted}
        .row=${row}
        .scene=${scene}
      ></teatime-message>
    </div>`;
  }

  #renderTop({ status, hasOlder, items }: TimelineState) {
    const words = this.scene!.strings.pane.timeline;
    if (status === 'loading' && items.length === 0) return skeleton(words.loading, 5);
    if (status === 'failed') return html`<div class="trouble" role="alert"><p>${words.failed}</p></div>`;
    if (this.older === 'failed')
      return html`<div class="trouble" role="alert">
        <p>${words.olderFailed}</p>
        <button class="button" type="button" @click=${() => this.#loadOlder()}>${words.tryAgain}</button>
      </div>`;
    if (hasOlder) return skeleton(words.loadingOlder, 2);
    const view = this.#view.value;
    return view ? beginning(view, items.length === 0, words) : nothing;
  }

  #renderPill() {
    if (this.missed === 0 && !this.away) return nothing;
    const words = this.scene!.strings.pane.timeline;
    return html`<button
      class="pill ${this.missed > 0 ? 'new' : ''}"
      type="button"
      aria-label=${this.missed > 0 ? words.toNew(this.missed) : words.toEnd}
      @click=${() => this.#keeper.toEnd()}
    >
      ${this.missed > 0 ? words.newCount(this.missed) : nothing} ${icon(ArrowDown, { size: 18 })}
    </button>`;
  }
}

define('teatime-timeline', TeatimeTimeline);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-timeline': TeatimeTimeline;
  }
}
