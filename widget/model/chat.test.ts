import { expect, test } from 'vitest';
import type { Conversation } from '../../protocol/conversations.ts';
import { createChat } from './chat.ts';

const theirs: Conversation = {
  id: 'c',
  kind: 'group',
  title: 'secret',
  head: 1,
  changedSeq: 1,
  unread: 0,
  members: [],
  memberCount: 0,
  lastActivityAt: '2026-01-01T00:00:00.000Z',
  muted: false,
  pinned: false,
  createdAt: '2026-01-01T00:00:00.000Z',
};

/** A line that never opens. */
class Silence {
  readonly readyState = 0;
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  send(): void {}
  close(): void {}
}

test('an answer to who has signed out is not shown to who has signed in', async () => {
  let answer: (conversation: Response) => void = () => {};
  let toldAsked = () => {};
  const asked = new Promise<void>((resolve) => (toldAsked = resolve));
  const fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    const path = String(url).replace('https://chat.example/api/v1', '');
    if (path === '/conversations') {
      toldAsked();
      return new Promise((resolve) => (answer = resolve));
    }
    if (path === '/auth/logout') return new Response(null, { status: 204 });
    if (path === '/config') return Response.json({ socketUrl: '/ws' });
    const { identifier: id } = JSON.parse(String(init?.body)) as { identifier: string };
    const user = { id, username: id, displayName: id, avatarColor: 'leaf' };
    return Response.json({ accessToken: id, expiresIn: 600, user });
  };
  const options = { server: 'https://chat.example', site: 'default', storage: 'none' } as const;
  const chat = createChat({ ...options, fetch: fetch as typeof globalThis.fetch, webSocket: Silence });
  await chat.signIn('ann', 'password');
  const created = chat.createGroup('secret', []);
  await asked;
  await chat.signOut();
  await chat.signIn('bob', 'password');
  answer(Response.json({ conversation: theirs }, { status: 201 }));
  await created;
  await new Promise((resolve) => setTimeout(resolve));
  expect(chat.$conversations.get().items).toEqual([]);
  chat.destroy();
});
