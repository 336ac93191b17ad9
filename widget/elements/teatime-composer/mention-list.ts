import { html, nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { Member } from '../../../protocol/conversations.ts';
import type { MessageScene } from '../teatime-message/scene.ts';
import '../teatime-avatar/teatime-avatar.ts';
import { mentionable, mentionAt, type MentionQuery } from './mention-query.ts';

interface Options {
  readonly field: () => HTMLTextAreaElement | null;
  readonly members: () => readonly Member[];
  readonly meId: () => string | undefined;
  /** The field's text was changed. */
  readonly onInsert: () => void;
}

/** Offers the members whose name is being typed after an `@`: a list box that the text field steers. */
export class MentionList implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: Options;
  #mention: MentionQuery | undefined;

  /** The place of the person that Enter takes. */
  chosen = 0;

  constructor(host: ReactiveControllerHost, options: Options) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  hostConnected(): void {}

  get people(): readonly Member[] {
    const meId = this.#options.meId();
    return this.#mention && meId ? mentionable(this.#options.members(), this.#mention.query, meId) : [];
  }

  /** Looks at what stands before the caret. */
  readonly look = (): void => {
    const field = this.#options.field();
    if (!field || this.#options.members().length === 0) return;
    const caret = field.selectionStart;
    const found = caret === field.selectionEnd ? mentionAt(field.value, caret) : undefined;
    if (found?.from !== this.#mention?.from || found?.query !== this.#mention?.query) this.chosen = 0;
    this.#mention = found;
    this.#host.requestUpdate();
  };

  readonly close = (): void => {
    if (!this.#mention) return;
    this.#mention = undefined;
    this.#host.requestUpdate();
  };

  /** True when the key was meant for the list. */
  key(event: KeyboardEvent): boolean {
    const { people } = this;
    if (people.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: people.length - 1 }[event.key];
    if (step !== undefined) this.chosen = (this.chosen + step) % people.length;
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') this.#insert(people[this.chosen]);
    else if (event.key === 'Escape') this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    this.#host.requestUpdate();
    return true;
  }

  #insert(member: Member | undefined): void {
    const field = this.#options.field();
    if (!field || !this.#mention || !member) return;
    field.setRangeText(`@${member.user.username} `, this.#mention.from, field.selectionEnd, 'end');
    this.close();
    this.#options.onInsert();
    field.focus();
  }

  render({ strings }: MessageScene) {
    const { people } = this;
    if (people.length === 0) return nothing;
    return html`<div id="people" class="people" role="listbox" aria-label=${strings.pane.composer.mentions}>
      ${people.map((member, index) => this.#renderPerson(member, index))}
    </div>`;
  }

  #renderPerson(member: Member, index: number) {
    const { displayName, avatarUrl, avatarColor, username } = member.user;
    return html`<div
      id="person-${index}"
      class="person"
      role="option"
      aria-selected=${index === this.chosen}
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#insert(member)}
    >
      <teatime-avatar .name=${displayName} .src=${avatarUrl} .color=${avatarColor}></teatime-avatar>
      <bdi class="truncate">${displayName}</bdi>
      <span class="username">@${username}</span>
    </div>`;
  }
}
