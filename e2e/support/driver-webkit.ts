import type { DrivenBrowser, Key, Tab } from './driver.ts';
import { startDisplay, startWebDriver, type WebDriver } from './webkit.ts';

/** How W3C WebDriver names an element in JSON (section "Elements"). */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** How W3C WebDriver writes keys that have no letter (section "Keyboard actions"). */
const keys: Readonly<Record<Key, string>> = { Enter: '\uE007', Escape: '\uE00C', Tab: '\uE004' };

/** Starts WebKitGTK's small browser on a display that nobody sees, driven by W3C WebDriver. A session is a process of its own. */
export async function driveWebKit(): Promise<DrivenBrowser> {
  const display = await startDisplay();
  const sessions: WebDriver[] = [];
  return {
    async visitor() {
      const session = await startWebDriver(display.name);
      sessions.push(session);
      await session.send('POST', '/window/rect', { width: 1100, height: 938 });
      const handle = await session.send<string>('GET', '/window');
      return aTab(session, handle);
    },
    async close() {
      await Promise.all(sessions.map((session) => session.end()));
      display.end();
    },
  };
}

function aTab(session: WebDriver, handle: string): Tab {
  /** A session has one current tab: whoever does something turns to theirs first. */
  const send = async <Result = unknown>(method: 'GET' | 'POST', path: string, body?: object): Promise<Result> => {
    await session.send('POST', '/window', { handle });
    return session.send<Result>(method, path, body);
  };
  const execute = <Result>(run: (...args: never[]) => unknown, args: readonly unknown[]): Promise<Result> =>
    session.locked(() =>
      send<Result>('POST', '/execute/sync', { script: `return (${run}).apply(null, arguments)`, args }),
    );
  const act = (...actions: object[]): Promise<unknown> => session.locked(() => send('POST', '/actions', { actions }));
  const stroke = (text: string): object => ({
    type: 'key',
    id: 'keyboard',
    actions: [...text].flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]),
  });

  return {
    another: () =>
      session.locked(async () => {
        const opened = await session.send<{ handle: string }>('POST', '/window/new', { type: 'window' });
        return aTab(session, opened.handle);
      }),
    goto: (url) => session.locked(async () => void (await send('POST', '/url', { url }))),
    reload: () => session.locked(async () => void (await send('POST', '/refresh', {}))),
    resize: (width, height) =>
      session.locked(async () => void (await send('POST', '/window/rect', { width, height: height + 38 }))),
    evaluate: (run, ...args) => execute(run as (...given: never[]) => unknown, args),
    async point(x, y, press = false) {
      const move = { type: 'pointerMove', duration: 0, origin: 'viewport', x: Math.round(x), y: Math.round(y) };
      const click = [
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ];
      await act({
        type: 'pointer',
        id: 'mouse',
        parameters: { pointerType: 'mouse' },
        actions: [move, ...(press ? click : [])],
      });
    },
    type: async (text) => void (await act(stroke(text))),
    press: async (key) => void (await act(stroke(keys[key]))),
    async choose(paths, find, ...args) {
      const input = await execute<Record<string, string> | null>(find as (...given: never[]) => unknown, args);
      const id = input?.[elementKey];
      if (id === undefined) throw new Error('unable to choose files; there is no input for them');
      await session.locked(() => send('POST', `/element/${id}/value`, { text: paths.join('\n') }));
    },
    screenshot: () => session.locked(async () => Buffer.from(await send<string>('GET', '/screenshot'), 'base64')),
  };
}
