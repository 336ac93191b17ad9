import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A page of another origin than the chat server's. */
export interface HostPage {
  /** Of the body, the chat included; nothing is escaped. */
  readonly body: string;
  /** What stands in the head beside the title. */
  readonly head?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Scripts that it serves itself, by path. */
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Serves a page on `localhost` until the test is over, on a port of its own; resolves with its address. */
export async function serveHostPage(page: HostPage): Promise<string> {
  const { url, close } = await openHostPage(page);
  onTestFinished(close);
  return url;
}

/** Serves a page on `localhost` until it is closed, on a port of its own. */
export async function openHostPage({ body, head = '', headers = {}, scripts = {} }: HostPage): Promise<{
  readonly url: string;
  close(): void;
}> {
  const host = createServer(({ url = '/' }, response) => {
    const script = scripts[url];
    if (script !== undefined) {
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      return response.end(script);
    }
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return response.end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title><link rel="icon" href="/icon">${head}</head><body>${body}</body></html>`,
    );
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(host.address() as AddressInfo).port}/`,
    close() {
      host.close();
      host.closeAllConnections();
    },
  };
}

/** The two lines by which a page's owner embeds the chat of a server. */
export const embed = (server: string, attributes = 'mode="page"'): string =>
  `<script type="module" src="${server}/teatime-chat.js"></script><teatime-chat server="${server}" ${attributes}></teatime-chat>`;
