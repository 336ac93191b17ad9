/**
 * Measures files on disk against plain `node:http` that pipes to the same disk, in the same run: one large file, and many small ones at once. TeaTime's
 * uploads are announced, sent, synced to disk, looked at and completed; sending the bytes is measured alone, too. Rounds interleave; figures are medians,
 * ratios medians of each round's ratio. Memory is the resident set of the server's process, in the end before anything was sent and at its peak. Build
 * first; then
 *
 *     node bench/files.js [--rounds 3] [--large 1024] [--files 200]
 */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { uuidv7 } from 'uuidv7';
import { cloneDatabase, startTestPostgres } from '../dist/backend/testing/postgres.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    large: { type: 'string', default: '1024' },
    files: { type: 'string', default: '200' },
  },
});
const [rounds, large, files] = ['rounds', 'large', 'files'].map((name) => Number(values[name]));
const mebibyte = 1024 * 1024;
const piece = Buffer.alloc(mebibyte, 'Darjeeling, first flush ');
const agent = new Agent({ keepAlive: true, maxSockets: files });

/** Sends one request; resolves with what was answered and how many bytes that were. */
const ask = (url, { method = 'GET', headers = {}, megabytes, json } = {}) =>
  new Promise((resolve, reject) => {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const length = megabytes === undefined ? Buffer.byteLength(body ?? '') : megabytes * mebibyte;
    const type = body === undefined ? 'application/octet-stream' : 'application/json';
    const sent = request(
      url,
      { method, agent, headers: { ...(length > 0 && { 'content-length': length, 'content-type': type }), ...headers } },
      (answer) => {
        let text = '';
        let bytes = 0;
        answer.on('data', (chunk) => {
          bytes += chunk.length;
          if (json !== undefined || length === 0) if (bytes < 65_536) text += chunk;
        });
        answer.on('end', () => {
          if (answer.statusCode >= 300) reject(new Error(`${method} was answered with ${answer.statusCode}: ${text}`));
          else resolve({ text, bytes });
        });
      },
    );
    sent.on('error', reject);
    if (megabytes === undefined) return void sent.end(body);
    let left = megabytes;
    const go = () => {
      while (left > 0) {
        left -= 1;
        if (!sent.write(piece)) return void sent.once('drain', go);
      }
      sent.end();
    };
    go();
  });

const startPlain = async (folder) => {
  const child = fork(new URL('files-plain.js', import.meta.url), [folder]);
  const [{ url }] = await once(child, 'message');
  let count = 0;
  return {
    child,
    announce: async () => `${url}/${(count += 1)}`,
    send: (link, megabytes) => ask(link, { method: 'PUT', megabytes }),
    complete: async (link) => link,
  };
};

const startTeaTime = async (folder, databaseUrl) => {
  const child = spawn(process.execPath, [new URL('../dist/backend/main.js', import.meta.url).pathname], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_URL: databaseUrl,
      TOKEN_SECRET: 'vT3kQ9wZ6mX1rB8nL5pY2sD7fG4hJ0cA',
      FILES_DIR: folder,
      MAX_FILE_MB: '4096',
      USER_QUOTA_MB: '1000000',
      SITE_QUOTA_MB: '1000000',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      if (/Ready/.test(output)) resolve(/listens on (http:\/\/\S+)/.exec(output)[1]);
    });
  });
  const api = async (path, json, token) =>
    JSON.parse(
      (
        await ask(`${url}/api/v1${path}`, {
          ...(json && { method: 'POST', json }),
          headers: { 'teatime-client': 'bench', ...(token && { authorization: `Bearer ${token}` }) },
        })
      ).text,
    );
  // Several people, for how much one may announce is limited.
  const tokens = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const account = { username: `bench${at}`, displayName: 'Bench', password: 'a password of some length' };
      return (await api('/auth/register', { ...account, refreshIn: 'body' })).accessToken;
    }),
  );
  let turn = 0;
  return {
    child,
    async announce(megabytes) {
      const token = tokens[(turn += 1) % tokens.length];
      const size = megabytes * mebibyte;
      const file = { clientId: uuidv7(), name: 'bench.bin', type: 'application/octet-stream', size };
      return { token, ...(await api('/files', file, token)) };
    },
    send({ upload }, megabytes) {
      const headers = {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      };
      return ask(upload.url, { method: 'PATCH', megabytes, headers });
    },
    async complete({ fileId, token }) {
      await api(`/files/${fileId}/complete`, {}, token);
      return (await api(`/files/${fileId}`, undefined, token)).link.url;
    },
  };
};

/** Memory of a process in bytes: what it has now, or its peak since it was asked last. */
const memory = async ({ child }, which) =>
  Number(new RegExp(`${which}:\\s+(\\d+)`).exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))[1]) * 1024;
const forgetPeak = ({ child }) => writeFile(`/proc/${child.pid}/clear_refs`, '5');

const folder = await mkdtemp(join(tmpdir(), 'teatime-bench-'));
const postgres = await startTestPostgres();
const servers = {
  'node:http': await startPlain(folder),
  TeaTime: await startTeaTime(join(folder, 'files'), await cloneDatabase(postgres.templateUrl)),
};
const names = Object.keys(servers);
const figures = {};
const note = (load, name, value) => ((figures[load] ??= {})[name] ??= []).push(value);
/** How long several things take that are done at once. */
const timed = async (begin) => {
  const start = performance.now();
  const result = await Promise.all(begin());
  return { result, seconds: (performance.now() - start) / 1000 };
};

const peaks = Object.fromEntries(names.map((name) => [name, { large: 0, small: 0, rest: 0 }]));
const shapes = [
  { name: 'large', number: 1, megabytes: large },
  { name: 'small', number: files, megabytes: 1 },
];

const measure = async ({ name: shape, number, megabytes }, name, counts) => {
  const server = servers[name];
  const all = number * megabytes;
  const load = number === 1 ? `one file of ${megabytes} MB` : `${number} files of ${megabytes} MB at once`;
  await forgetPeak(server);
  const announced = await timed(() => Array.from({ length: number }, () => server.announce(megabytes)));
  const sent = await timed(() => announced.result.map((file) => server.send(file, megabytes)));
  const completed = await timed(() => announced.result.map((file) => server.complete(file)));
  const down = await timed(() => completed.result.map((link) => ask(link)));
  if (down.result.some(({ bytes }) => bytes !== megabytes * mebibyte)) throw new Error('not all bytes came back');
  if (!counts) return;
  note(`${load}, bytes sent`, name, all / sent.seconds);
  note(`${load}, with all around it`, name, all / (announced.seconds + sent.seconds + completed.seconds));
  note(`${load}, downloaded`, name, all / down.seconds);
  peaks[name][shape] = Math.max(peaks[name][shape], await memory(server, 'VmHWM'));
};

try {
  for (const name of names) peaks[name].rest = await memory(servers[name], 'VmRSS');
  for (const shape of shapes) {
    // The first round warms up and does not count.
    for (let round = 0; round <= rounds; round += 1) {
      // What one has left the disk to do is paid by the next: they take turns at being first.
      for (const name of round % 2 === 0 ? names : names.toReversed()) await measure(shape, name, round > 0);
    }
  }
  report();
} finally {
  agent.destroy();
  for (const { child } of Object.values(servers)) child.kill('SIGKILL');
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

function report() {
  const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
  const rows = Object.entries(figures).flatMap(([load, by]) =>
    names.map((name) => {
      const ratio = median(by[name].map((value, at) => value / by[names[0]][at]));
      return `| ${load} | ${name} | ${median(by[name]).toFixed(0)} | ${ratio.toFixed(2)} |`;
    }),
  );
  console.log(`\n| load | server | MB/s | ratio |\n| --- | --- | ---: | ---: |\n${rows.join('\n')}\n`);
  const inMegabytes = (bytes) => (bytes / mebibyte).toFixed(0);
  const memories = names.map((name) => {
    const { rest, large: one, small: many } = peaks[name];
    return `| ${name} | ${[rest, one, many].map(inMegabytes).join(' | ')} |`;
  });
  console.log(
    `| server | MB at rest | peak, one large | peak, ${files} at once |\n| --- | ---: | ---: | ---: |\n${memories.join('\n')}`,
  );
}
