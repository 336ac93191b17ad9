import type { ConversationKind, Member, Role } from '../../../protocol/conversations.ts';
import type { User } from '../../../protocol/users.ts';
import type { Feature } from '../../context.ts';
import type { Format } from '../../locales/format.ts';
import type { Strings } from '../../locales/strings.ts';
import type { OpenConversation } from '../../model/types.ts';
import type { MessageAction, MessageScene } from '../teatime-message/scene.ts';

interface Ingredients {
  readonly strings: Strings | undefined;
  readonly format: Format | undefined;
  readonly dir: 'ltr' | 'rtl' | undefined;
  readonly features: ReadonlySet<Feature> | undefined;
  readonly me: User;
  readonly kind: ConversationKind;
  readonly myRole: Role;
  readonly members: readonly Member[];
  readonly conversation: OpenConversation | undefined;
  readonly act: (action: MessageAction) => void;
  readonly tell: (error: unknown) => void;
}

/** Makes the scene of a timeline, and gives the same one again while nothing in it changed, so that no message redraws in vain. */
export function createScene(): (ingredients: Ingredients) => MessageScene | undefined {
  let before: Ingredients | undefined;
  let people = '';
  let scene: MessageScene | undefined;
  return (now) => {
    // Members are new objects with each receipt; only their names matter here.
    const named = now.members.map(({ userId, user }) => `${userId} ${user.username} ${user.displayName}`).join('\n');
    if (before && named === people && same(before, now)) return scene;
    before = now;
    people = named;
    return (scene = make(now));
  };
}

function same(a: Ingredients, b: Ingredients): boolean {
  return (
    a.strings === b.strings &&
    a.format === b.format &&
    a.dir === b.dir &&
    a.features === b.features &&
    a.me.id === b.me.id &&
    a.kind === b.kind &&
    a.myRole === b.myRole &&
    a.conversation === b.conversation
  );
}

function make({ strings, format, dir, features, me, kind, myRole, members, conversation, act, tell }: Ingredients) {
  if (!strings || !format || !features || !conversation) return undefined;
  const names = new Map(members.map(({ userId, user }) => [userId, user.displayName]));
  return {
    strings,
    format,
    dir: dir ?? 'ltr',
    features,
    conversation,
    direct: kind === 'dm',
    meId: me.id,
    moderator: kind === 'group' && myRole !== 'member',
    usernames: new Set(kind === 'group' ? members.map(({ user }) => user.username.toLowerCase()) : []),
    nameOf: (userId: string) => names.get(userId),
    quoted: (messageId: string) => conversation.quoted(messageId),
    act,
    tell,
  };
}
