import type { Member, Role } from '../../../protocol/conversations.ts';

const rank: Readonly<Record<Role, number>> = { owner: 0, admin: 1, member: 2 };

/** Owners remove anybody, admins remove members. */
export function mayRemove(mine: Role, theirs: Role): boolean {
  return mine === 'owner' || (mine === 'admin' && theirs === 'member');
}

/** Owners first, then admins, then everybody else; by name within each. */
export function memberOrder(a: Member, b: Member): number {
  return rank[a.role] - rank[b.role] || a.user.displayName.localeCompare(b.user.displayName);
}
