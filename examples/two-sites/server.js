// One chat server, two brands: each has people, conversations and keys of its own. How to run it: README.md
import { createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const { CHAT_SERVER = 'http://localhost:8080', PORT = '3000' } = process.env;

/** Of each site the key by which its back end signs: `npx teatime key add` shows it. */
const signing = {
  kettle: { kid: process.env.KETTLE_KID, secret: process.env.KETTLE_SECRET },
  porcelain: { kid: process.env.PORCELAIN_KID, secret: process.env.PORCELAIN_SECRET },
};
for (const [site, { kid, secret }] of Object.entries(signing)) {
  if (kid && secret) continue;
  console.error(`${site.toUpperCase()}_KID and ${site.toUpperCase()}_SECRET are missing: npx teatime key add ${site}`);
  process.exit(1);
}

// Customers of both brands. That their ids are the same here and there means nothing to the chat: two sites, two people.
const people = new Map([
  ['ada', { id: 'customer-1', name: 'Ada Byron' }],
  ['grace', { id: 'customer-2', name: 'Grace Hopper' }],
]);

const tokenFor = (site, { id, name }) => {
  const { kid, secret } = signing[site];
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const expiresAt = Math.floor(Date.now() / 1000) + 300;
  const claims = { iss: site, aud: 'teatime', sub: id, name, jti: randomUUID(), exp: expiresAt };
  const text = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
};

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/two-sites.js': ['two-sites.js', 'text/javascript; charset=utf-8'],
  '/two-sites.css': ['two-sites.css', 'text/css; charset=utf-8'],
};

const answer = async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const [, site, what] = pathname.split('/');
  if (what === 'token' && Object.hasOwn(signing, site)) {
    // A real back end reads from its session who is asking; here the page says it.
    const person = people.get(searchParams.get('as'));
    if (!person) return response.writeHead(401).end();
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    return response.end(JSON.stringify({ token: tokenFor(site, person) }));
  }
  const [file, type] = files[pathname] ?? [];
  if (!file) return response.writeHead(404).end();
  const text = await readFile(new URL(`public/${file}`, import.meta.url), 'utf8');
  response.writeHead(200, { 'content-type': type });
  return response.end(text.replaceAll('CHAT_SERVER', CHAT_SERVER));
};

createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(500).end());
}).listen(Number(PORT), 'localhost', () => console.log(`Two brands are open: http://localhost:${PORT}/?as=ada`));
