import type { ReadableAtom } from 'nanostores';
import { onTestFinished } from 'vitest';
import WebSocket from 'ws';
import { createChat } from '../../widget/model/chat.ts';
import type { WebSocketConstructor } from '../../widget/client/lines.ts';
import type { Chat, ChatOptions, OpenConversation, TimelineItem } from '../../widget/model/types.ts';

/** A `fetch` that keeps cookies, as a browser's profile does. */
export const cookieJar = (): typeof fetch => {
  const jar = new Map<string, string>();
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (jar.size > 0) headers.set('Cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(input, { ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /max-age=0/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
};

/** A chat as a page would make it, ended with the test. */
export const aChat = (server: { readonly url: string }, options: Partial<ChatOptions> = {}): Chat => {
  const chat = createChat({
    server: server.url,
    site: 'default',
    storage: 'none',
    fetch: cookieJar(),
    webSocket: WebSocket as unknown as WebSocketConstructor,
    ...options,
  });
  onTestFinished(() => chat.destroy());
  return chat;
};

let count = 0;

/** Somebody who has just registered, and is connected. */
export const aPerson = async (
  server: { readonly url: string },
  options: Partial<ChatOptions> = {},
): Promise<{ chat: Chat; id: string; username: string; password: string }> => {
  const chat = aChat(server, options);
  count += 1;
  const username = `p${process.pid}-${count}-${Date.now().toString(36)}`;
  const password = 'a long enough one';
  await chat.start();
  await chat.register({ username, displayName: `Person ${count}`, password });
  await connected(chat);
  const session = chat.$session.get();
  if (session.status !== 'signed-in') throw new Error('unable to register; nobody is signed in');
  return { chat, id: session.user.id, username, password };
};

/** Resolves as soon as the store's value passes the test. */
export const until = <T>(store: ReadableAtom<T>, test: (value: T) => boolean, what = 'that', ms = 10_000): Promise<T> =>
  new Promise((resolve, reject) => {
    let done = () => {};
    const timer = setTimeout(() => {
      done();
      reject(new Error(`waited ${ms} ms for ${what}; it was ${JSON.stringify(store.get())?.slice(0, 2000)}`));
    }, ms);
    const look = (value: T) => {
      if (!test(value)) return;
      clearTimeout(timer);
      queueMicrotask(() => done());
      resolve(value);
    };
    done = store.subscribe(look as never);
  });

export const connected = (chat: Chat, ms?: number) =>
  until(chat.$connection, ({ status }) => status === 'connected', 'a connection', ms);

/** The list is loaded, so that what comes now comes by events. */
export const listed = (chat: Chat) => until(chat.$conversations, ({ status }) => status === 'ready', 'the list');

/** Waits until the timeline shows exactly these texts, and answers the items. */
export const shows = async (
  open: OpenConversation,
  texts: readonly string[],
  ms?: number,
): Promise<readonly TimelineItem[]> => {
  const { items } = await until(
    open.$timeline,
    (state) =>
      state.status === 'ready' &&
      state.items.length === texts.length &&
      state.items.every(({ message }, index) => message.text === texts[index]),
    `the timeline to show ${JSON.stringify(texts)}`,
    ms,
  );
  return items;
};

/** Opens a conversation and waits for its first page. */
export const opened = async (chat: Chat, id: string): Promise<OpenConversation> => {
  const open = chat.open(id);
  await until(open.$timeline, ({ status }) => status === 'ready', 'the first page');
  return open;
};
