// Builds, then runs the benchmarks one after the other; each prints a table for bench/README.md. Usage: npm run bench
import { build } from './build.js';
import { run } from './run.js';
import { setup } from './setup.js';

await setup();
await build();
for (const file of [
  'bench/hub.js',
  'bench/durable.js',
  'bench/sign-on.js',
  'bench/sites.js',
  'bench/files.js',
  'bench/widget.js',
  'bench/first-open.js',
  'bench/first-preview.js',
  'bench/calls.js',
]) {
  const { code } = await run(process.execPath, [file]);
  if (code !== 0) process.exitCode = 1;
}
