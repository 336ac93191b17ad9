// A process that opens what strangers have sent: it may hang, crash or eat memory, and is ended then. It knows no secret and keeps nothing.
import { writeFile } from 'node:fs/promises';
import { sniff } from './sniff.js';
import { isPicture, isStrippable, readPicture, stripUnseen } from './picture.js';
import { Rejection } from './rejection.js';

/**
 * @typedef {import('./picture.js').PictureLimits & { path: string }} Task
 * @typedef {import('./sniff.js').Bytes & { picture?: import('./picture.js').Picture, clean?: { body: Buffer, type: string } }} Facts
 * @typedef {{ kind: 'ready' } | { kind: 'sniffed' } | { kind: 'facts', facts: Facts } | { kind: 'rejected', reason: string } | { kind: 'failed', message: string }} Report
 */

/** @param {Report} message */
const report = (message) => process.send?.(message);

/**
 * @param {Task} task
 * @returns {Promise<Facts>}
 */
async function inspect({ path, ...limits }) {
  const bytes = await sniff(path);
  // An animated PNG is a PNG to whoever shows it.
  const type = bytes.type === 'image/apng' ? 'image/png' : bytes.type;
  if (type === undefined) return bytes;
  report({ kind: 'sniffed' });
  if (isPicture(type)) return { ...bytes, type, picture: await readPicture(path, type, limits) };
  if (limits.keepMetadata || !isStrippable(type)) return { ...bytes, type };
  const clean = await stripUnseen(path, type, limits);
  return { ...bytes, type, ...(clean && { clean }) };
}

process.on('message', async (/** @type {Task} */ task) => {
  try {
    report({ kind: 'facts', facts: await inspect(task) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    report(error instanceof Rejection ? { kind: 'rejected', reason: message } : { kind: 'failed', message });
  }
});
process.on('disconnect', () => process.exit());

// Linux: when memory runs out, this process is the one to go, not the server.
await writeFile('/proc/self/oom_score_adj', '1000').catch(() => undefined);
report({ kind: 'ready' });
