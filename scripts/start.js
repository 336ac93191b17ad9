// Installs and builds what is missing, then runs the server in this process, so that signals reach it. Usage: npm start
import { build } from './build.js';
import { setup } from './setup.js';

try {
  await setup();
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
await import('../dist/backend/main.js');
