import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Middleware } from 'koa';

/** A folder whose files are served. */
export interface StaticFiles {
  /** The folder. It need not exist yet. */
  readonly root: string;
  /** The URL path below which its files are, with a slash at both ends. */
  readonly prefix: string;
  /** Which of its files: tested on the path below the root. All, when left out. */
  readonly only?: RegExp;
  /** Pages of other sites may load the files: CORS and CORP say so. */
  readonly forAnySite?: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

// Rollup names chunks by a hash of their content: such a file never changes.
const hashed = /\.[A-Za-z0-9_-]{8}\.js(?:\.map)?$/;
const forEver = 'public, max-age=31536000, immutable';
// An entry from before the last deployment would ask for chunks that are gone: browsers ask each time whether it is new.
const askFirst = 'no-cache';

/** Serves the files of a folder, and its `index.html` for paths that end in a slash. What is not there is left to whoever comes next. */
export const serveStatic = ({ root, prefix, only, forAnySite = false }: StaticFiles): Middleware => {
  return async (ctx, next) => {
    const found = ctx.method === 'GET' || ctx.method === 'HEAD' ? await find(root, prefix, ctx.path, only) : undefined;
    if (found === undefined) return next();
    if (found === 'folder') {
      ctx.redirect(`${ctx.path}/${ctx.search}`);
      return undefined;
    }
    const { path, modified } = found;
    const { file, size, encoding } = await smallest(found, ctx.acceptsEncodings() as string[]);
    ctx.status = 200;
    ctx.vary('Accept-Encoding');
    if (encoding !== undefined) ctx.set('Content-Encoding', encoding);
    if (forAnySite) {
      ctx.set('Access-Control-Allow-Origin', '*');
      ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
      ctx.set('Timing-Allow-Origin', '*');
    }
    ctx.set('Cache-Control', forAnySite && hashed.test(path) ? forEver : askFirst);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.type = types[extname(path)] ?? 'application/octet-stream';
    ctx.etag = createHash('sha256')
      .update(`${path} ${encoding} ${size} ${modified.getTime()}`)
      .digest('base64url')
      .slice(0, 22);
    ctx.lastModified = modified;
    if (ctx.fresh) {
      ctx.status = 304;
      ctx.body = null;
      return undefined;
    }
    ctx.length = size;
    ctx.body = createReadStream(file);
    return undefined;
  };
};

interface Found {
  readonly path: string;
  readonly file: string;
  readonly size: number;
  readonly modified: Date;
}

const find = async (
  root: string,
  prefix: string,
  url: string,
  only: RegExp | undefined,
): Promise<Found | 'folder' | undefined> => {
  const path = pathBelow(prefix, url);
  if (path === undefined || only?.test(path) === false) return undefined;
  try {
    const home = await realpath(root);
    const file = await realpath(join(home, path));
    // Also a link must not lead out.
    if (file !== home && !file.startsWith(home + sep)) return undefined;
    const facts = await stat(file);
    if (facts.isDirectory()) return 'folder';
    return facts.isFile() ? { path, file, size: facts.size, modified: facts.mtime } : undefined;
  } catch {
    return undefined;
  }
};

interface Sent {
  readonly file: string;
  readonly size: number;
  readonly encoding?: 'br' | 'gzip';
}

const extensions = { br: '.br', gzip: '.gz' } as const;

/** What to send for a file: its compressed twin, where the client takes it and the build has left one that is no older. */
const smallest = async ({ file, size, modified }: Found, accepted: readonly string[]): Promise<Sent> => {
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name));
  if (encoding === undefined) return { file, size };
  const twin = `${file}${extensions[encoding]}`;
  const facts = await stat(twin).catch(() => undefined);
  if (!facts?.isFile() || facts.mtime < modified) return { file, size };
  return { file: twin, size: facts.size, encoding };
};

/** The path of a file below the root, `undefined` for what can be none: outside of the prefix, climbing, hidden or malformed. */
const pathBelow = (prefix: string, url: string): string | undefined => {
  if (!url.startsWith(prefix)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(url.slice(prefix.length));
  } catch {
    return undefined;
  }
  if (/[\0\\]/.test(path) || path.split('/').some((part) => part.startsWith('.'))) return undefined;
  const clean = normalize(path === '' || path.endsWith('/') ? `${path}index.html` : path);
  return clean.startsWith('/') ? undefined : clean;
};
