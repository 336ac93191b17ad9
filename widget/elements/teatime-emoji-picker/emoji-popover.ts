import { html, type TemplateResult } from 'lit';
import { placeBeside } from '../place-beside.ts';
import './teatime-emoji-picker.ts';

/** What the emoji picker tells the button that it belongs to. */
export interface EmojiPopoverEvents {
  picked(emoji: string): void;
  /** Escape: the focus goes back. */
  left(): void;
  toggled(open: boolean): void;
}

/** The emoji picker in a popover of its own. */
export const emojiPopover = ({ picked, left, toggled }: EmojiPopoverEvents): TemplateResult =>
  html`<div
    popover
    @toggle=${(event: ToggleEvent) => toggled(event.newState === 'open')}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      (event.currentTarget as HTMLElement).hidePopover();
      left();
    }}
  >
    <teatime-emoji-picker
      @pick=${(event: CustomEvent<string>) => {
        ((event.currentTarget as HTMLElement).parentElement as HTMLElement).hidePopover();
        picked(event.detail);
      }}
    ></teatime-emoji-picker>
  </div>`;

/** Shows the popover beside the button and puts the focus into it. */
export const showEmojiPopover = async (popover: HTMLElement, anchor: Element): Promise<void> => {
  const picker = popover.querySelector('teatime-emoji-picker');
  if (!picker) return;
  popover.showPopover();
  await picker.updateComplete;
  placeBeside(popover, anchor, 'start');
  picker.focus();
};
