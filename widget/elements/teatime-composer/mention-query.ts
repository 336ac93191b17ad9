import type { Member } from '../../../protocol/conversations.ts';

/** A user name that is being typed: `from` is the place of its `@`. */
export interface MentionQuery {
  readonly from: number;
  readonly query: string;
}

const mostShown = 6;
/** The user name that the caret stands behind, if any. */
export function mentionAt(text: string, caret: number): MentionQuery | undefined {
  const match = /(?:^|[\s(])@([\w.-]{0,32})$/u.exec(text.slice(Math.max(0, caret - 40), caret));
  return match?.[1] === undefined ? undefined : { from: caret - match[1].length - 1, query: match[1].toLowerCase() };
}

/** The members whose user name, or a word of whose name, begins like that; not oneself. */
export function mentionable(members: readonly Member[], query: string, meId: string): readonly Member[] {
  const begins = (word: string) => word.toLowerCase().startsWith(query);
  return members
    .filter(({ userId, removed, user }) => {
      if (removed || userId === meId) return false;
      return begins(user.username) || user.displayName.split(/\s+/u).some(begins);
    })
    .slice(0, mostShown);
}
