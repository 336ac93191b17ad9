import { html, nothing, type TemplateResult } from 'lit';
import type { User } from '../../../protocol/users.ts';
import type { Strings } from '../../locales/strings.ts';
import type { ConversationView } from '../../model/types.ts';
import '../teatime-avatar/teatime-avatar.ts';

/** Stands for messages that are on their way. */
export function skeleton(label: string, count: number): TemplateResult {
  return html`<div class="skeletons" role="status" aria-label=${label}>
    ${Array.from({ length: count }, (_, index) => html`<div class="skeleton ${index % 3 === 2 ? 'own' : ''}"></div>`)}
  </div>`;
}

/** What stands above the very first message, with an invitation while there is none. */
export function beginning(
  { kind, title, avatarColor, avatarUrl }: ConversationView,
  empty: boolean,
  words: Strings['pane']['timeline'],
): TemplateResult {
  return html`<div class="beginning">
    <teatime-avatar .name=${title} .src=${avatarUrl} .color=${avatarColor} .group=${kind === 'group'}></teatime-avatar>
    <p>${kind === 'dm' ? words.startDirect(title) : words.startGroup(title)}</p>
    ${empty ? html`<p class="invitation">${kind === 'dm' ? words.emptyDirect : words.emptyGroup}</p>` : nothing}
  </div>`;
}

/** Those who are writing, as a bubble with three dots; the header says it in words. */
export function typingDots(typing: readonly User[]): TemplateResult | typeof nothing {
  if (typing.length === 0) return nothing;
  return html`<div class="typing" aria-hidden="true">
    ${typing
      .slice(0, 3)
      .map(
        (user) =>
          html`<teatime-avatar
            .name=${user.displayName}
            .src=${user.avatarUrl}
            .color=${user.avatarColor}
          ></teatime-avatar>`,
      )}
    <div class="dots"><i></i><i></i><i></i></div>
  </div>`;
}
