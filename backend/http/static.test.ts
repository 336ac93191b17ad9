import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import Koa from 'koa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveStatic } from './static.ts';

let home: string;
let server: Server;
let url: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'teatime-static-'));
  const root = join(home, 'public');
  mkdirSync(join(root, 'deep'), { recursive: true });
  mkdirSync(join(home, 'public-too'));
  writeFileSync(join(home, 'secret.js'), 'secret');
  writeFileSync(join(home, 'public-too', 'secret.js'), 'secret');
  writeFileSync(join(root, 'teatime-chat.js'), 'export {};');
  writeFileSync(join(root, 'teatime-chat.app.Ab1_-xYz.js'), 'export {};');
  writeFileSync(join(root, '.hidden.js'), 'secret');
  writeFileSync(join(root, 'index.html'), '<!doctype html><p>front');
  writeFileSync(join(root, 'deep', 'index.html'), '<!doctype html><p>deep');
  symlinkSync(join(home, 'secret.js'), join(root, 'link.js'));

  const app = new Koa();
  app.use(serveStatic({ root, prefix: '/widget/', only: /\.js$/, forAnySite: true }));
  app.use(serveStatic({ root, prefix: '/' }));
  server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(home, { recursive: true });
});

/** A request whose path is sent exactly as written. */
const ask = (
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string; location: string | undefined }> =>
  new Promise((resolve, reject) => {
    const outgoing = request(`${url}/`, { path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body, location: response.headers.location }),
      );
    });
    outgoing.once('error', reject).end();
  });

test('the widget may be loaded by any page, and its entry is asked for again each time', async () => {
  const response = await fetch(`${url}/widget/teatime-chat.js`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(response.headers.get('cache-control')).toBe('no-cache');
  const etag = response.headers.get('etag') ?? '';
  expect(await ask('/widget/teatime-chat.js', { 'if-none-match': etag })).toEqual({ status: 304, body: '' });
});

test('what has a hash in its name is kept for ever, pages are not', async () => {
  const chunk = await fetch(`${url}/widget/teatime-chat.app.Ab1_-xYz.js`);
  expect(chunk.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  const page = await fetch(`${url}/`);
  expect(await page.text()).toContain('front');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('access-control-allow-origin')).toBeNull();
});

test('HEAD tells the same without the body', async () => {
  const response = await fetch(`${url}/widget/teatime-chat.js`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-length')).toBe('10');
});

test('a folder is its index page, with a slash at the end', async () => {
  const response = await fetch(`${url}/deep`, { redirect: 'manual' });
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/deep/');
  expect(await (await fetch(`${url}/deep/`)).text()).toContain('deep');
});

test.each([
  '/../secret.js',
  '/..%2fsecret.js',
  '/%2e%2e/secret.js',
  '/widget/..%2f..%2fsecret.js',
  '/widget/%2e%2e%2fpublic-too/secret.js',
  '/..\\secret.js',
  '/deep/..%5c..%5csecret.js',
  '/.hidden.js',
  '/link.js',
  '/%00',
  '/teatime-chat.js%00.html',
  '/%ff',
  '//secret.js',
  '/widget/index.html/',
  '/deep/..',
])('%s leads nowhere', async (path) => {
  const { status, body } = await ask(path);
  expect(status).toBe(404);
  expect(body).not.toContain('secret');
});

test('a script that the build has compressed is sent so to who takes it, and a stale twin is not', async () => {
  const root = join(home, 'public');
  const code = `export const words = '${'tea '.repeat(500)}';`;
  writeFileSync(join(root, 'large.js'), code);
  writeFileSync(join(root, 'large.js.gz'), gzipSync(code));
  writeFileSync(join(root, 'large.js.br'), brotliCompressSync(code));
  const fetched = async (encoding: string) => {
    const response = await fetch(`${url}/widget/large.js`, { headers: { 'accept-encoding': encoding } });
    expect(await response.text()).toBe(code);
    expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
    return [response.headers.get('content-encoding'), response.headers.get('etag')];
  };
  const [br, gzip, plain] = [await fetched('gzip, br'), await fetched('gzip'), await fetched('identity')];
  expect([br[0], gzip[0], plain[0]]).toEqual(['br', 'gzip', null]);
  expect(new Set([br[1], gzip[1], plain[1]]).size).toBe(3);

  const past = new Date(Date.now() - 60_000);
  utimesSync(join(root, 'large.js.gz'), past, past);
  expect((await fetched('gzip'))[0]).toBeNull();
});

test.each([
  '/deep',
  '/deep?next=//evil.example',
  '/deep?return_to=https:evil.example&url=javascript:alert(1)&redirect=/\\evil.example',
  '//evil.example/deep',
  '//deep',
  '/\\evil.example/deep',
  '/%5cevil.example/deep',
  '/%2fevil.example/deep',
  '/%2f%2fdeep',
  '/deep/..//evil.example/deep',
  '/deep%2f..%2f..%2fdeep',
  'https:evil.example/deep',
  'http://evil.example/deep',
  'javascript:alert(1)/deep',
  '/deep%0d%0aLocation:%20https:%2f%2fevil.example',
])('%s leads nowhere but to a folder of this very server', async (path) => {
  for (const headers of [{}, { host: 'evil.example' }, { referer: 'https://evil.example/' }]) {
    const { location } = await ask(path, headers);
    // A relative path with one slash at its front: nothing that a browser could take for another host.
    if (location !== undefined) expect(location).toMatch(/^\/deep\/(?:\?.*)?$/);
  }
});
