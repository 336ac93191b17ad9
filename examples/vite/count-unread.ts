import { createChat, type TokenProvider } from 'teatime/client';

/** Where to count, for whom, and whom to tell. */
export interface Counting {
  readonly server: string;
  readonly tokenProvider: TokenProvider;
  readonly onUnread: (unread: number) => void;
  readonly onUser: (name: string) => void;
  readonly onConnection: (status: string) => void;
  readonly onMessage: (sender: string, text: string) => void;
}

/** Follows the unread messages of whoever is signed in, without an element and without anything on the screen, until it is stopped. */
export function countUnread({ server, tokenProvider, onUnread, onUser, onConnection, onMessage }: Counting): {
  stop(): void;
} {
  const chat = createChat({ server, site: 'default', storage: 'none', tokenProvider });
  chat.$unread.subscribe(onUnread);
  chat.$session.subscribe((session) => {
    if (session.status === 'signed-in') onUser(session.user.displayName);
  });
  chat.$connection.subscribe(({ status }) => onConnection(status));
  chat.onNotice((notice) => {
    if (notice.type === 'message') onMessage(notice.sender.displayName, notice.message.text);
  });
  void chat.start();
  return { stop: () => chat.destroy() };
}
