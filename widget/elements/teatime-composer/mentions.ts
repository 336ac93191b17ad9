import type { Member } from '../../../protocol/conversations.ts';

/** As many as a message may mention. */
const mostMentions = 50;

/** Ids of the members whom the text names by `@username`. */
export function mentionsIn(text: string, members: readonly Member[]): string[] {
  const names = new Set<string>();
  for (const match of text.matchAll(/(?<![\w.@-])@([A-Za-z0-9][A-Za-z0-9._-]{2,31})/gu)) {
    // A full stop or dash behind the name may end the sentence or belong to the name.
    for (let name = match[1]?.toLowerCase() ?? ''; name; name = name.slice(0, -1)) {
      names.add(name);
      if (!/[._-]$/u.test(name)) break;
    }
  }
  return members
    .filter(({ removed, user }) => !removed && names.has(user.username.toLowerCase()))
    .map(({ userId }) => userId)
    .slice(0, mostMentions);
}
