// Installs and builds what is missing, then runs the server in this process, so that signals reach it. Usage: npm start
import { build, served } from './build.js';
import { setup } from './setup.js';

try {
  await setup();
  await build(served);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
// npm hands a SIGTERM to the shell between it and us, which dies without passing it on.
if (process.env.npm_lifecycle_event === 'start' && process.platform !== 'win32') {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}
await import('../dist/backend/main.js');
