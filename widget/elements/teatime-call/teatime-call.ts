import { html, LitElement, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import X from 'lucide/dist/esm/icons/x.mjs';
import type { ReadableAtom } from 'nanostores';
import { chatContext, featuresContext, localeContext, type Feature, type Locale } from '../../context.ts';
import { consume } from '../../context-protocol.ts';
import '../../locales/add-calls.ts';
import type { Strings } from '../../locales/strings.ts';
import type { CallHandle, CallView, CallWish, Chat } from '../../model/types.ts';
import { baseStyles } from '../../styles/base.ts';
import { define } from '../define.ts';
import { failureFrom, failureText } from '../failure-text.ts';
import { iconButton } from '../icon-button.ts';
import { openLayer } from '../layers.ts';
import { StoreController } from '../store-controller.ts';
import { callBar } from './call-bar.ts';
import { CallFocus } from './call-focus.ts';
import { formOf, sceneOf, type CallForm } from './call-form.ts';
import { callFormStyles } from './call-form.styles.ts';
import type { CallPlan } from './call-plan.ts';
import { changeText, endedText, isOn } from './call-words.ts';
import { devicesAllowed } from './devices-allowed.ts';
import { incomingCard } from './incoming-card.ts';
import { lastDevices } from './last-devices.ts';
import { makeRoom, type Room } from './room.ts';
import './teatime-call-setup.ts';
import './teatime-call-stage.ts';
import { callStyles } from './teatime-call.styles.ts';

/** From this width of the panel on (px) the chat is beside the call, not below it. */
const wideFrom = 720;

/**
 * The call that concerns this page, in its panel: somebody calls, a look at oneself before calling, the call itself beside or above its conversation, or
 * a bar when something else is on screen. Fires `open-conversation` with the id; the focus stays with the call.
 */
export class TeatimeCall extends LitElement {
  static override styles = [baseStyles, callFormStyles, callStyles];

  readonly #strings = new StoreController(this, () => this.locale?.$strings);
  readonly #features = new StoreController(this, () => this.$features);
  readonly #call = new StoreController(this, () => this.chat?.$call);
  readonly #calls = new StoreController(this, () => this.chat?.$calls);
  readonly #conversations = new StoreController(this, () => this.chat?.$conversations);
  readonly #size = new ResizeObserver((entries) => {
    for (const { target, borderBoxSize } of entries) {
      const width = borderBoxSize[0]?.inlineSize ?? 0;
      if (target !== this && width > 0) this.wide = width >= wideFrom;
    }
    // In the next frame: the panel around hears of its new size by an observer, which this one must not set off.
    requestAnimationFrame(() => this.isConnected && makeRoom(this, this.#room));
  });
  #panel: Element | undefined;
  #before: CallView | undefined;
  #scene = '';
  #turns = false;
  #clock: ReturnType<typeof setInterval> | undefined;
  #leaveLayers: (() => void) | undefined;
  readonly #focus = new CallFocus(this);

  /** Where the focus belongs in the view that is shown. */
  @query('.card, teatime-call-setup, teatime-call-stage, .bar button') readonly place!: HTMLElement | null;

  @consume({ context: chatContext, subscribe: true }) @state() private chat: Chat | undefined;
  @consume({ context: localeContext }) @state() private locale: Locale | undefined;
  @consume({ context: featuresContext }) @state() private $features: ReadableAtom<ReadonlySet<Feature>> | undefined;
  @state() private plan: (CallPlan & { readonly answering?: boolean }) | undefined;
  @state() private folded = false;
  @state() private starting = false;
  @state() private trouble = '';
  @state() private announcement = '';

  /** Id of the conversation that the panel shows. */
  @property({ attribute: false }) shown: string | undefined;
  /** What it looks like now; nothing is seen of it without. */
  @property({ reflect: true }) form: CallForm | undefined;
  /** There is room for the chat beside the call. */
  @property({ type: Boolean, reflect: true }) wide = false;
  /** The call has all the room. */
  @property({ type: Boolean, reflect: true }) large = false;

  override connectedCallback(): void {
    super.connectedCallback();
    const root = this.getRootNode();
    if (root instanceof ShadowRoot) {
      this.#panel = root.host;
      this.#panel.addEventListener('call-plan', this.#planned);
      this.#size.observe(this.#panel, { box: 'border-box' });
    }
    this.#size.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#panel?.removeEventListener('call-plan', this.#planned);
    this.#size.disconnect();
    clearInterval(this.#clock);
    this.#clock = undefined;
    this.#leaveLayers = void this.#leaveLayers?.();
    this.plan = undefined;
    if (this.#panel) for (const other of this.#panel.shadowRoot!.children) other.removeAttribute('inert');
    (this.#panel as HTMLElement | undefined)?.style.setProperty('padding', '');
  }

  protected override willUpdate(): void {
    const call = this.#call.value;
    const words = this.#strings.value?.calls;
    if (call !== this.#before) {
      const text = words ? changeText(this.#before, call, words) : '';
      if (text) this.announcement = text;
      if (call?.id !== this.#before?.id) {
        this.folded = false;
        if (!call) this.trouble = '';
      }
      if (call && isOn(call)) this.plan = undefined;
      else this.large = false;
      // The one that was to be answered has stopped ringing.
      if (this.plan?.answering && call?.state !== 'incoming') this.plan = undefined;
      if (call && isOn(call) && !(this.#before && isOn(this.#before))) this.#open(call.conversationId);
      this.#before = call;
    }
    this.form = this.#form;
    const scene = sceneOf(this.form, call);
    this.#turns = scene !== this.#scene;
    this.#scene = scene;
    if (this.#turns) this.#focus.leave();
  }

  protected override updated(): void {
    makeRoom(this, this.#room);
    const ticks = this.form === 'bar' && this.#call.value?.state === 'connected';
    if (ticks) this.#clock ??= setInterval(() => this.requestUpdate(), 1000);
    else this.#clock = void clearInterval(this.#clock);
    // The call itself is left by going to another conversation, which makes a bar of it.
    if (this.form === 'setup' || this.large) this.#leaveLayers ??= openLayer(this.#shrink);
    else this.#leaveLayers = void this.#leaveLayers?.();
    if (this.#turns) void this.#focus.arrive(this.#before !== undefined && isOn(this.#before));
  }

  /** All of the panel is taken. */
  get covers(): boolean {
    return this.#room === 'all';
  }

  get #form(): CallForm | undefined {
    if (!this.#features.value?.has('calls')) return undefined;
    const { plan, shown, folded, trouble } = this;
    return formOf({ call: this.#call.value, plan, shown, folded, trouble });
  }

  get #room(): Room | undefined {
    if (this.form === 'stage' && !this.large) return this.wide ? 'start' : 'top';
    return this.form === 'bar' ? 'top' : this.form && 'all';
  }

  readonly #planned = (event: Event): void => {
    event.stopPropagation();
    void this.#plan((event as CustomEvent<CallPlan>).detail);
  };

  readonly #shrink = (): void => {
    this.plan = undefined;
    this.trouble = '';
    this.large = false;
  };

  /** What can begin at once does so; otherwise one looks at oneself first, and the browser asks for the devices. */
  async #plan(plan: CallPlan): Promise<void> {
    if (this.starting) return;
    this.trouble = '';
    this.#focus.follow();
    if (plan.check || !(await devicesAllowed(plan.video))) {
      this.plan = plan;
      return;
    }
    this.starting = true;
    try {
      await (await this.chat!.calls()).start(plan.conversationId, { video: plan.video, ...lastDevices() });
    } catch (error) {
      this.trouble = this.#troubleOf(error);
    } finally {
      this.starting = false;
      this.#focus.stay();
    }
  }

  readonly #act = (action: (calls: CallHandle) => unknown): void => {
    this.trouble = '';
    this.chat
      ?.calls()
      .then(action)
      .catch((error: unknown) => (this.trouble = this.#troubleOf(error)));
  };

  #troubleOf(error: unknown): string {
    const strings = this.#strings.value;
    if (!strings) return '';
    const failure = failureFrom(error);
    return failure.code === 'conflict' ? strings.calls.busyHere : failureText(strings, failure);
  }

  #open(id: string): void {
    if (id !== this.shown) this.dispatchEvent(new CustomEvent('open-conversation', { detail: { id, focus: false } }));
  }

  async #go(wish: CallWish): Promise<void> {
    const { plan, chat } = this;
    if (!plan || !chat) return;
    this.starting = true;
    this.trouble = '';
    try {
      const calls = await chat.calls();
      await (plan.answering ? calls.accept(wish) : calls.start(plan.conversationId, wish));
      if (this.plan === plan) this.plan = undefined;
    } catch (error) {
      this.trouble = this.#troubleOf(error);
    } finally {
      this.starting = false;
    }
  }

  #titleOf(id: string | undefined): { readonly title: string; readonly group: boolean } {
    const found = this.#conversations.value?.items.find((item) => item.id === id);
    const caller = this.#call.value?.caller?.displayName ?? '';
    return { title: found?.title ?? caller, group: found?.kind === 'group' };
  }

  override render() {
    const words = this.#strings.value?.calls;
    if (!words) return nothing;
    return html`${this.#renderForm(words)}
      ${this.trouble && this.form !== 'setup' ? this.#renderTrouble(words) : nothing}
      <div class="visually-hidden" role="status">${this.announcement}</div>`;
  }

  #renderTrouble(words: Strings['calls']) {
    return html`<p class="trouble" role="alert">
      <span>${this.trouble}</span>
      ${iconButton(X, words.ended.dismiss, () => (this.trouble = ''), { size: 18 })}
    </p>`;
  }

  #renderForm(words: Strings['calls']) {
    const { plan, form } = this;
    const call = this.#call.value;
    const video = this.#features.value?.has('video') ?? true;
    if (form === 'setup' && plan) {
      const on = this.#calls.value?.get(plan.conversationId);
      return html`<teatime-call-setup
        .words=${words}
        .name=${this.#titleOf(plan.conversationId).title}
        .joining=${plan.answering ?? (on !== undefined && on.state !== 'ended')}
        .video=${video}
        .wantsVideo=${plan.video && video}
        .starting=${this.starting}
        .trouble=${this.trouble}
        @go=${(event: CustomEvent<CallWish>) => this.#go(event.detail)}
        @cancel=${this.#shrink}
      ></teatime-call-setup>`;
    }
    if (!call || !form) return nothing;
    const { title, group } = this.#titleOf(call.conversationId);
    if (form === 'incoming') {
      return incomingCard(call, { group: group ? title : undefined, video }, words.incoming, {
        accept: (withVideo) => this.#act((calls) => calls.accept({ video: withVideo, ...lastDevices() })),
        decline: () => this.#act((calls) => calls.decline()),
        check: () => {
          this.trouble = '';
          this.plan = { conversationId: call.conversationId, video: call.kind === 'video', answering: true };
        },
      });
    }
    if (form === 'stage') {
      return html`<teatime-call-stage
        exportparts="call-stage"
        .call=${call}
        .words=${words}
        .act=${this.#act}
        .name=${title}
        .video=${video}
        .large=${this.large}
        @fold=${() => {
          this.folded = true;
          this.large = false;
        }}
        @enlarge=${() => (this.large = !this.large)}
      ></teatime-call-stage>`;
    }
    return callBar(call, { title, ended: endedText(call, title, group, words) }, words, {
      open: () => {
        this.folded = false;
        this.#open(call.conversationId);
      },
      again: () => void this.#plan({ conversationId: call.conversationId, video: call.kind === 'video' && video }),
      moveHere: () => this.#act((calls) => calls.accept({ video: call.kind === 'video' && video, ...lastDevices() })),
      act: this.#act,
    });
  }
}

define('teatime-call', TeatimeCall);

declare global {
  interface HTMLElementTagNameMap {
    'teatime-call': TeatimeCall;
  }
}
