import { z } from 'zod';
import { defineEndpoints } from './contract.ts';
import { fields, id, nameText, storableText, time } from './primitives.ts';
import { whoMayCall } from './sites.ts';

/** Where somebody is: reachable, here but idle, or gone. */
export const presenceState = z.enum(['online', 'away', 'offline']);
/** Where somebody is. */
export type PresenceState = z.infer<typeof presenceState>;

/** The colours of initials on an avatar; the widget maps each name to a tint for light and for dark. */
export const avatarColor = z.enum(['leaf', 'moss', 'sea', 'sky', 'iris', 'plum', 'rose', 'clay', 'amber', 'stone']);
/** The name of an avatar tint. */
export type AvatarColor = z.infer<typeof avatarColor>;

/** What somebody is who is no person with an account: a guest gave nothing but a name, `system` is the site itself. */
export const userKind = z.enum(['guest', 'bot', 'system']);
/** What somebody is who is no person with an account. */
export type UserKind = z.infer<typeof userKind>;

/** Somebody as others see them. Presence is left out where the viewer may not know it. */
export const user = z.object({
  id,
  username: z.string(),
  displayName: z.string(),
  avatarUrl: z.string().optional(),
  avatarColor,
  /** Left out for people with an account. */
  kind: userKind.optional(),
  presence: presenceState.optional(),
  lastSeenAt: time.optional(),
});
/** Somebody as others see them. */
export type User = z.infer<typeof user>;

/**
 * What a site keeps of its people beside their names: up to 20 fields of text (256 characters), numbers or booleans. The site's own programs and the person
 * see them, nobody else.
 */
export const customFields = z
  .record(
    z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,39}$/, 'must be up to 40 letters, digits, dashes and underscores'),
    z.union([storableText.max(256), z.number(), z.boolean()]),
  )
  .refine((all) => Object.keys(all).length <= 20, 'must have at most 20 fields');
/** What a site keeps of its people beside their names. */
export type CustomFields = z.infer<typeof customFields>;

/** Oneself: with the private fields. */
export const me = user.extend({
  email: z.string().optional(),
  phone: z.string().optional(),
  /** Left out where the site keeps nothing. */
  custom: customFields.optional(),
});
/** Oneself: with the private fields. */
export type Me = z.infer<typeof me>;

const choices = {
  whoMayCall,
  /** Others learn how far one has read. */
  showsReceipts: z.boolean(),
  /** Others learn whether one is here, and since when not. */
  showsPresence: z.boolean(),
  /** Others learn that one is writing. */
  showsTyping: z.boolean(),
};
/** What somebody lets others do and know. Whoever does not show receipts or presence does not see those of others either. */
export const settings = z.object(choices);
/** What somebody lets others do and know. */
export type Settings = z.infer<typeof settings>;

/** A user name: 3 to 32 ASCII letters, digits, dots, dashes, underscores; unique per site whatever its case. */
export const username = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,31}$/, 'must be 3 to 32 letters, digits, dots, dashes or underscores');
/** The name that people see. */
export const displayName = nameText(64);
/** An e-mail address; unique per site, compared in lower case. */
export const email = z.email().max(254).toLowerCase();
/** A phone number in E.164 form (ITU-T): plus sign and up to 15 digits; spaces, dots, dashes and brackets are dropped. */
export const phone = z
  .string()
  .max(32)
  .overwrite((text) => text.replace(/[\s().-]/g, ''))
  .regex(/^\+[1-9]\d{6,14}$/, 'must be an international number such as +441632960000');

export const userEndpoints = defineEndpoints({
  'GET /users': {
    summary:
      'Find people by name or user name (prefix of any word), or by their exact e-mail address or phone number. At most 20, oneself, guests and those who blocked the caller left out.',
    auth: 'session',
    refuses: ['guest'],
    query: fields({ search: storableText.trim().min(1).max(254) }),
    replies: { 200: z.object({ users: z.array(user) }) },
  },
  'GET /users/:userId': {
    summary: 'One person.',
    auth: 'session',
    params: fields({ userId: id }),
    replies: { 200: z.object({ user }) },
  },
  'PATCH /me': {
    summary: 'Change your own profile.',
    auth: 'session',
    body: fields({ displayName: displayName.optional(), avatarColor: avatarColor.optional() }),
    replies: { 200: z.object({ user: me }) },
  },
  'GET /me/settings': {
    summary: 'What you let others do and know of you. Until you decide who may call you, it is as the site has it.',
    auth: 'session',
    replies: { 200: z.object({ settings }) },
  },
  'PATCH /me/settings': {
    summary: 'Decide it. It holds from now on, on all your devices; what others were told before they keep.',
    auth: 'session',
    body: fields({
      whoMayCall: choices.whoMayCall.optional(),
      showsReceipts: choices.showsReceipts.optional(),
      showsPresence: choices.showsPresence.optional(),
      showsTyping: choices.showsTyping.optional(),
    }),
    replies: { 200: z.object({ settings }) },
  },
  'POST /me/avatar': {
    summary: 'Make a picture that you uploaded for the purpose `avatar` your own.',
    auth: 'session',
    refuses: ['guest'],
    body: fields({ fileId: id }),
    replies: { 200: z.object({ user: me }) },
  },
  'DELETE /me/avatar': {
    summary: 'Show your initials again.',
    auth: 'session',
    refuses: ['guest'],
    replies: { 200: z.object({ user: me }) },
  },
});
