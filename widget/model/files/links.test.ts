import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { SessionClient } from '../../client/session.ts';
import { ChatError } from '../../client/failure.ts';
import { createLinks } from './links.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000_000_000 }));
afterEach(() => void vi.useRealTimers());

/** A book over a server whose clock is `skewMs` ahead; it knows all files but those that begin with `x`. */
const someLinks = (skewMs = 0) => {
  const asked: string[][] = [];
  const server = { down: false };
  const request = (async (_: string, { body }: { body: { fileIds: string[] } }) => {
    asked.push(body.fileIds);
    if (server.down) throw new ChatError({ code: 'network', message: 'down' });
    const expiresAt = new Date(Date.now() + skewMs + 300_000).toISOString();
    const known = body.fileIds.filter((fileId) => !fileId.startsWith('x'));
    return { links: known.map((fileId) => ({ fileId, url: `/files/${fileId}?${asked.length}`, expiresAt })) };
  }) as unknown as SessionClient['request'];
  const links = createLinks({ server: 'https://chat.example/talk/', request });
  const get = async (fileId: string) => {
    const address = links.address(fileId);
    address.catch(() => {});
    await vi.advanceTimersByTimeAsync(10);
    return address;
  };
  return { links, asked, server, get };
};

test('more than a hundred files are asked for in several requests', async () => {
  const { links, asked } = someLinks();
  const all = Array.from({ length: 250 }, (_, index) => links.address(`${index}`));
  await vi.advanceTimersByTimeAsync(10);
  const addresses = await Promise.all(all);
  expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(addresses[249]!.url).toBe('https://chat.example/talk/files/249?3');
});

test('an address is asked for anew half a minute before it ends', async () => {
  const { asked, get } = someLinks();
  const first = await get('a');
  await vi.advanceTimersByTimeAsync(269_000);
  expect(await get('a')).toBe(first);
  await vi.advanceTimersByTimeAsync(2000);
  expect((await get('a')).url).not.toBe(first.url);
  expect(asked).toHaveLength(2);
});

test.each([
  ['slow', 3_600_000, 269_000],
  ['fast', -3_600_000, 29_000],
])('a device whose clock is %s keeps an address for a while, but not for long', async (_, skewMs, keptMs) => {
  const { asked, get } = someLinks(skewMs);
  await get('a');
  await vi.advanceTimersByTimeAsync(keptMs);
  await get('a');
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2000);
  await get('a');
  expect(asked).toHaveLength(2);
});

test('what failed is asked for again', async () => {
  const { server, get } = someLinks();
  server.down = true;
  await expect(get('a')).rejects.toMatchObject({ failure: { code: 'network' } });
  server.down = false;
  expect((await get('a')).url).toContain('/files/a');
  await expect(get('x')).rejects.toMatchObject({ failure: { code: 'not_found' } });
});
