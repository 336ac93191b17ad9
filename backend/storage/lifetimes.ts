/** How long an upload target is good, in milliseconds. */
export const targetMs = 10 * 60 * 1000;

/** How long a link is good at most, in milliseconds. */
export const linkMs = 5 * 60 * 1000;

const windowMs = linkMs / 2;

/**
 * When a link that is made now ends: after 2½ to 5 minutes, at the end of a window of 2½. Links made within one window are alike, so that browsers find
 * in their caches what they have loaded.
 */
export const linkExpiry = (now = Date.now()): Date => new Date((Math.floor(now / windowMs) + 2) * windowMs);
