import { randomUUID } from 'node:crypto';

/** The name of a new object in the storage. Nobody can guess it, and nothing in it comes from outside. */
export const newKey = (siteId: string): string => `${siteId}/${new Date().getUTCFullYear()}/${randomUUID()}`;
