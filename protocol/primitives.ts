import { z } from 'zod';

/** An id made by the server or a client: a UUID (RFC 9562; ours are version 7), lower case. */
export const id = z.uuid().toLowerCase();

/** A time: ISO 8601 in UTC, as `Date.prototype.toISOString` writes it. */
export const time = z.iso.datetime();

/** A place in a conversation's change counter. */
export const seq = z.int().min(0);

/** A whole number in a query: plain decimal digits, given once. */
export const queryNumber = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a plain decimal integer')
  .transform(Number);

/** True when Postgres can store the text and every reader decodes it alike: no U+0000, no lone surrogate. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Any text that can be stored. */
export const storableText = z.string().refine(isStorable, 'must not contain U+0000 or half of a surrogate pair');

// Bidirectional controls (Unicode TR9) could make a name read as another one; zero-width and control characters could hide in it.
// Joiners stay: emoji and several scripts need them.
const invisible =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]/gu;

/**
 * A name for people: NFKC, without control, zero-width or bidirectional characters, with at most three marks on a letter and one space between words, 1 to `max`
 * characters, one of which can be seen.
 */
export const nameText = (max: number) =>
  storableText
    .max(max * 8)
    .overwrite((text) =>
      text
        .replace(invisible, '')
        .normalize('NFKC')
        .replace(invisible, '')
        // In code points: half of a surrogate pair could not be stored.
        .replace(/\p{M}{4,}/gu, (marks) => [...marks].slice(0, 3).join(''))
        .replace(/\s+/gu, ' ')
        .trim(),
    )
    .refine((text) => /[^\p{M}\p{Z}\p{C}]/u.test(text), 'must not be empty')
    .refine((text) => [...text].length <= max, `must have at most ${max} characters`);

/** A body or query that takes these fields and no others. */
export const fields = z.strictObject;

/** The path parameter of everything inside a conversation. */
export const conversationParams = fields({ conversationId: id });
