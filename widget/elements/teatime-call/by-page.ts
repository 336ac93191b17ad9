/** What the page shows by itself, having prevented the event that told of it: ids of calls, and kinds of devices that cannot be used. */
export const byPage = new Set<string>();
