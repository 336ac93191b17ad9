import { pino } from 'pino';
import { expect, test } from 'vitest';
import { defaultLimits } from '../config.ts';
import { createTransport } from './create-transport.ts';

// In a file of its own: once loaded in a process, the binary stays.
test('where the binary of uWebSockets.js does not load, ws takes over, loudly; unless uws is asked for', async () => {
  // uWebSockets.js looks for a binary of this Node's ABI; there is none for a Node that does not exist.
  Object.defineProperty(process, 'versions', { value: { ...process.versions, modules: '9999' } });
  const lines: string[] = [];
  const log = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const handlers = {
    upgrade: async () => ({ status: 503, message: 'nobody is let in' }),
    open: () => {
      throw new Error('nobody is let in');
    },
  };
  const transport = createTransport({ transport: 'auto', limits: defaultLimits }, log, handlers);
  expect(transport.name).toBe('ws');
  expect(lines.join('')).toMatch(/unable to load uWebSockets\.js/);
  const port = await transport.listen('127.0.0.1', 0);
  expect((await fetch(`http://127.0.0.1:${port}/ws`)).status).toBe(404);
  await transport.close();
  expect(() => createTransport({ transport: 'uws', limits: defaultLimits }, log, handlers)).toThrow(/uWS/);
});
