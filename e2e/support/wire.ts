import type { Page, WebSocketRoute } from 'playwright-core';

/** A hand on the line between a page and the server. */
export interface Wire {
  /** From now on these commands are lost on their way to the server, or their answers on the way back. */
  lose(what: 'commands' | 'answers', type: string): void;
  /** From now on everything passes. */
  heal(): void;
  /** Resolves when something has been lost since `lose`. */
  readonly lost: () => Promise<void>;
}

/** Takes hold of the page's sockets and of the REST calls that could do the same. Call it before the page is opened. */
export async function holdWire(page: Page): Promise<Wire> {
  let losing: { readonly what: 'commands' | 'answers'; readonly type: string } | undefined;
  const noticed: (() => void)[] = [];
  const notice = (): void => {
    for (const resolve of noticed.splice(0)) resolve();
  };
  const ids = new WeakMap<WebSocketRoute, Set<unknown>>();

  await page.routeWebSocket(/\/ws(?:\?|$)/, (socket) => {
    const server = socket.connectToServer();
    const swallowed = new Set<unknown>();
    ids.set(socket, swallowed);
    socket.onMessage((text) => {
      const frame = JSON.parse(String(text)) as { id?: unknown; type?: string };
      if (losing?.type === frame.type) {
        if (losing?.what === 'commands') return notice();
        swallowed.add(frame.id);
      }
      server.send(text);
    });
    server.onMessage((text) => {
      const frame = JSON.parse(String(text)) as { id?: unknown; type?: string };
      // One's own message also comes as an event: that tells as much as the answer does.
      const own = losing?.what === 'answers' && frame.type === 'message.created';
      if (own || (frame.id !== undefined && swallowed.has(frame.id))) return notice();
      socket.send(text);
    });
  });
  await page.route(/\/conversations\/[^/]+\/messages$/, (route) =>
    losing && route.request().method() === 'POST' ? route.abort() : route.continue(),
  );
  return {
    lose: (what, type) => (losing = { what, type }),
    heal: () => (losing = undefined),
    lost: () => new Promise((resolve) => noticed.push(resolve)),
  };
}
