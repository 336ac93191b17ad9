import type { SessionClient } from '../../client/session.ts';
import { addressOf } from '../../client/address.ts';
import { ChatError } from '../../client/failure.ts';
import type { FileAddress } from '../types.ts';

/** Addresses of files, asked for together and kept while they are good. */
export interface Links {
  address(fileId: string): Promise<FileAddress>;
}

// Those that are wanted within so many ms are asked for at once.
const gatherMs = 5;
const maxAtOnce = 100;
// What must be left of an address's life for it to be handed out.
const marginMs = 30_000;
// No address lives longer, and none is taken for dead within a minute, however wrong the device's clock is.
const longestMs = 5 * 60_000;
const shortestMs = 60_000;
// Addresses that are kept; older ones are asked for again.
const maxKept = 1000;

/** Makes the book of addresses. */
export const createLinks = (options: {
  readonly server: string;
  readonly request: SessionClient['request'];
}): Links => {
  const { server, request } = options;
  const known = new Map<string, { readonly goodUntil: number; readonly asked: Promise<FileAddress> }>();
  let wanted = new Map<string, { resolve(address: FileAddress): void; reject(error: unknown): void }>();

  const ask = async () => {
    const asking = wanted;
    wanted = new Map();
    if (asking.size === 0) return;
    try {
      const { links } = await request('POST /files/links', { body: { fileIds: [...asking.keys()] } });
      const now = Date.now();
      for (const { fileId, url, thumbnailUrl, expiresAt } of links) {
        const life = Math.min(longestMs, Math.max(shortestMs, Date.parse(expiresAt) - now));
        asking.get(fileId)?.resolve({
          url: addressOf(server, url),
          ...(thumbnailUrl !== undefined && { thumbnailUrl: addressOf(server, thumbnailUrl) }),
          expiresAt: now + life,
        });
      }
      // Those that were answered are settled already.
      const message = 'unable to show the file; it is gone, or not for you';
      for (const { reject } of asking.values()) reject(new ChatError({ code: 'not_found', message }));
    } catch (error) {
      for (const { reject } of asking.values()) reject(error);
    }
  };

  return {
    address(fileId) {
      const kept = known.get(fileId);
      if (kept && Date.now() < kept.goodUntil) return kept.asked;
      const asked = new Promise<FileAddress>((resolve, reject) => {
        if (wanted.size === 0) setTimeout(() => void ask(), gatherMs);
        wanted.set(fileId, { resolve, reject });
        if (wanted.size >= maxAtOnce) void ask();
      });
      const keep = (goodUntil: number) => {
        known.delete(fileId);
        known.set(fileId, { goodUntil, asked });
        if (known.size > maxKept) known.delete(known.keys().next().value!);
      };
      keep(Infinity);
      asked.then(
        ({ expiresAt }) => keep(expiresAt - marginMs),
        () => known.get(fileId)?.asked === asked && known.delete(fileId),
      );
      return asked;
    },
  };
};
