import { join } from 'node:path';
import type { Middleware } from 'koa';
import type { Config } from '../config.ts';
import { projectRoot } from '../project-root.ts';
import { serveStatic } from './static.ts';

/** The built widget at `/teatime-chat.js`, for any page, and the pages of accounts at `/account/`; with the demo also the gallery of examples at `/` and `/examples/`. */
export const publicFiles = (config: Pick<Config, 'demo'>): readonly Middleware[] => {
  const widget = serveStatic({
    root: join(projectRoot, 'dist', 'widget'),
    prefix: '/',
    only: /\.(?:js|css|json|map|svg)$/,
    forAnySite: true,
  });
  // What links in mails lead to.
  const account = serveStatic({
    root: join(projectRoot, 'pages', 'account'),
    prefix: '/account/',
    only: /\.(?:html|css|js)$/,
  });
  if (!config.demo) return [widget, account];
  const examples = join(projectRoot, 'dist', 'examples');
  return [
    widget,
    account,
    serveStatic({ root: examples, prefix: '/examples/' }),
    // The front page of the gallery, with what it loads beside it.
    serveStatic({ root: examples, prefix: '/' }),
  ];
};
