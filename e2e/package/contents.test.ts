import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { startTestBackend, type TestBackend } from '../../backend/testing/index.ts';
import { pack, type Packed } from './packed.ts';

let packed: Packed;

beforeAll(async () => {
  packed = await pack(['react', 'react-dom', 'ws']);
}, 300_000);
afterAll(() => packed?.remove());

const manifest = (): {
  exports: Record<string, string | { types?: string; default?: string }>;
  bin: { teatime: string };
} => JSON.parse(readFileSync(join(packed.folder, 'node_modules/teatime/package.json'), 'utf8'));

describe('the package', () => {
  test('holds what it exports, and nothing of how it is made', () => {
    const paths = packed.files.map(({ path }) => path);
    const targets = Object.values(manifest().exports)
      .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
      .filter((target) => !target.includes('*'));
    expect(targets.length).toBeGreaterThan(10);
    expect([...targets, manifest().bin.teatime].filter((target) => !paths.includes(target.slice(2)))).toEqual([]);
    for (const framework of ['react', 'preact', 'solid', 'svelte', 'vue'])
      expect(paths).toContain(`dist/types/${framework}.d.ts`);
    expect(paths).toContain('llms.txt');
    expect(
      paths.filter((path) =>
        /\.test\.|\/testing\/|\/test-|e2e|bench|tsbuildinfo|^scripts|^widget|(?<!\.d)\.ts$/.test(path),
      ),
    ).toEqual([]);
    expect(paths.filter((path) => path.endsWith('.map') && !path.startsWith('dist/widget/'))).toEqual([]);
    // Every declaration that one of them names is there too.
    const missing = paths
      .filter((path) => path.startsWith('dist/types/'))
      .flatMap((path) => {
        const file = join(packed.folder, 'node_modules/teatime', path);
        return [...readFileSync(file, 'utf8').matchAll(/['"](\.\.?\/[^'"]+)\.js['"]/g)]
          .map(([, target]) => join(file, '..', `${target}.d.ts`))
          .filter((target) => !existsSync(target));
      });
    expect(missing).toEqual([]);
    expect(packed.size).toBeLessThan(3_200_000);
  });

  test('lists the hash of each script that browsers load', () => {
    const hashes = JSON.parse(
      readFileSync(join(packed.folder, 'node_modules/teatime/dist/widget/integrity.json'), 'utf8'),
    );
    const scripts = packed.files.flatMap(({ path }) => /^dist\/widget\/(.+\.js)$/.exec(path)?.[1] ?? []);
    expect(Object.keys(hashes).sort()).toEqual(scripts.sort());
    expect(new Set(Object.values<string>(hashes).map((hash) => hash.replace(/[A-Za-z0-9+/=]{64}$/, '')))).toEqual(
      new Set(['sha384-']),
    );
  });

  test('is imported where there is no document, without other packages', async () => {
    expect(
      await packed.node(`
        const names = {};
        for (const name of ['teatime', 'teatime/element', 'teatime/loader', 'teatime/client', 'teatime/react'])
          names[name] = Object.keys(await import(name)).sort().join();
        console.log(JSON.stringify(names));
      `),
    ).toBe(
      JSON.stringify({
        teatime: 'TeatimeChat',
        'teatime/element': 'TeatimeChat',
        'teatime/loader': '',
        'teatime/client': 'ChatError,createChat,failureOf',
        'teatime/react': 'TeatimeChat',
      }),
    );
  });

  test('is rendered by React on a server', async () => {
    expect(
      await packed.node(`
        import { createElement } from 'react';
        import { renderToString } from 'react-dom/server';
        import { TeatimeChat } from 'teatime/react';
        console.error = (text) => console.log('complained:', text);
        console.log(renderToString(createElement(TeatimeChat, { mode: 'inline', className: 'box', onTeatimeReady() {} })));
      `),
    ).toBe('<teatime-chat class="box"></teatime-chat>');
  });

  describe('without pixels', () => {
    let server: TestBackend;
    beforeAll(async () => {
      server = await startTestBackend();
    });
    afterAll(() => server?.close());

    test('two programs of Node talk to each other', async () => {
      const { createChat } = (await import(
        join(packed.folder, 'node_modules/teatime/dist/widget/client.js')
      )) as typeof import('../../widget/headless.ts');
      const person = async (username: string) => {
        const chat = createChat({
          server: server.url,
          site: 'default',
          storage: 'none',
          webSocket: WebSocket as never,
        });
        await chat.start();
        await chat.register({ username, displayName: username, password: 'a long enough one' });
        await expect.poll(() => chat.$connection.get().status, { timeout: 20_000 }).toBe('connected');
        return chat;
      };
      const [anna, ben] = await Promise.all([person('anna-packed'), person('ben-packed')]);
      const heard: string[] = [];
      ben.onNotice(
        (notice) => notice.type === 'message' && heard.push(`${notice.sender.displayName}: ${notice.message.text}`),
      );
      const [found] = await anna.searchUsers('ben-packed');
      await anna.open(await anna.openDirect(found!.id)).send('Hello from Node');
      await expect.poll(() => heard, { timeout: 20_000 }).toEqual(['anna-packed: Hello from Node']);
      await expect(anna.signIn('nobody-packed', 'a long enough one')).rejects.toThrow();
      anna.destroy();
      ben.destroy();
    });
  });
});
