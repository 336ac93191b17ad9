// The built server in a process of its own with an empty database, for benchmarks in the browser.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Starts it, and resolves once it is ready.
 * @returns {Promise<{ url: string, dataDir: string, stop(): Promise<void> }>}
 */
export async function startServer() {
  const root = new URL('..', import.meta.url).pathname;
  const dataDir = mkdtempSync(join(tmpdir(), 'teatime-bench-'));
  // Postgres runs as another user when this runs as root.
  chmodSync(dataDir, 0o755);
  const server = spawn(process.execPath, [join(root, 'dist/backend/main.js')], {
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', DRAIN_MS: '0', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  let output = '';
  const url = await new Promise((resolve, reject) => {
    server.once('close', () => reject(new Error(`unable to start the server; it said:\n${output}`)));
    server.stdout.setEncoding('utf8').on('data', (chunk) => {
      output += chunk;
      const found = /listens on (\S+)/.exec(output)?.[1];
      if (found && /^Ready/m.test(output)) resolve(found);
    });
  });
  return {
    url,
    dataDir,
    async stop() {
      server.kill('SIGTERM');
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Asks the server's API, and rejects when it refuses.
 * @param {string} url
 * @param {string} path
 * @param {object} body
 * @param {string} [token]
 */
export async function post(url, path, body, token) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`unable to prepare the bench; ${path} answered ${await response.text()}`);
  return response.json();
}
