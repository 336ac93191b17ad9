import { createHash } from 'node:crypto';
import type { UserPresence } from '../../../protocol/presence.ts';
import type { Config } from '../../config.ts';
import { avatarUrl } from '../files/index.ts';
import {
  avatarColor,
  type AvatarColor,
  type CustomFields,
  type Me,
  type User,
  type UserKind,
} from '../../../protocol/users.ts';

/** What others may see of a row of `users`; `userColumns` selects it. */
export interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly display_name: string;
  readonly avatar_color: string;
  readonly avatar_key: string | null;
  /** Where the site's own product has their picture, which one of their own goes over. */
  readonly picture_url: string | null;
  readonly last_seen_at: Date | null;
  readonly kind: 'person' | UserKind;
}

/** A row of `users` with what is for its owner alone; `meColumns` selects it. */
export interface MeRow extends UserRow {
  readonly email: string | null;
  readonly phone: string | null;
  readonly custom: CustomFields;
}

const columns = ['id', 'username', 'display_name', 'avatar_color', 'avatar_key', 'picture_url', 'last_seen_at', 'kind'];

/** The select list of a `UserRow`, from a table or alias. */
export const userColumns = (table: string): string => columns.map((column) => `${table}.${column}`).join(', ');

/** The select list of a `MeRow`, from a table or alias. */
export const meColumns = (table: string): string =>
  `${userColumns(table)}, ${table}.email, ${table}.phone, ${table}.custom`;

/** Where this server can be reached, if it knows: addresses of pictures begin with it. */
export type PublicUrl = Pick<Config, 'publicUrl'>;

/** A row as others see it. Leave `presence` out where the viewer may not know it; when it says offline, the row tells since when. */
export const toUser = (at: PublicUrl, row: UserRow, presence?: UserPresence): User => {
  const lastSeenAt =
    presence?.presence === 'offline' ? (presence.lastSeenAt ?? row.last_seen_at?.toISOString()) : undefined;
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    ...pictureOf(at, row),
    avatarColor: row.avatar_color as AvatarColor,
    ...kindOf(row),
    ...(presence && { presence: presence.presence }),
    ...(lastSeenAt !== undefined && { lastSeenAt }),
  };
};

const pictureOf = (at: PublicUrl, { avatar_key, picture_url }: UserRow): Pick<User, 'avatarUrl'> => {
  const url = avatar_key === null ? picture_url : avatarUrl(at, avatar_key);
  return url === null ? {} : { avatarUrl: url };
};

/** What is said of a user's kind, in tokens and to others. */
export const kindOf = ({ kind }: Pick<UserRow, 'kind'>): { kind?: UserKind } => (kind === 'person' ? {} : { kind });

/** A row as its owner sees it. */
export const toMe = (at: PublicUrl, row: MeRow): Me => ({
  ...toUser(at, row),
  ...(row.email !== null && { email: row.email }),
  ...(row.phone !== null && { phone: row.phone }),
  ...(Object.keys(row.custom).length > 0 && { custom: row.custom }),
});

/** The colour of a new user's avatar: always the same for the same id. */
export const avatarColorOf = (userId: string): AvatarColor => {
  const colors = avatarColor.options;
  return colors[createHash('sha256').update(userId).digest().readUInt16BE(0) % colors.length] ?? 'leaf';
};

/** The words of a text as search compares them: lower case, without accents. */
export const searchWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

/** What `users.search_text` holds: each word that search may find somebody by, with a space before it. */
export const searchTextOf = (user: { username: string; displayName: string }): string => {
  const parts = user.username.split(/[._-]+/);
  const words = new Set([
    ...searchWords(user.displayName),
    ...searchWords(user.username),
    ...parts.flatMap(searchWords),
  ]);
  return [...words].map((word) => ` ${word}`).join('');
};
