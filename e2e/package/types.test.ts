import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../backend/project-root.ts';
import { pack, type Packed } from './packed.ts';

let packed: Packed;

beforeAll(async () => {
  // The last two are what the declarations name, which npm installs with the package.
  packed = await pack(['@types/react', 'csstype', 'preact', 'solid-js', 'svelte', 'vue', 'nanostores', 'zod']);
}, 300_000);
afterAll(() => packed?.remove());

/** What each surrounding makes of the same program: the lines with `@ts-expect-error` must be wrong in it. */
const programs: Record<string, string> = {
  'element.ts': `
import { TeatimeChat, type TeatimeMessageEvent } from 'teatime';
import { TeatimeChat as Class } from 'teatime/element';
import 'teatime/loader';

export const chat: TeatimeChat = document.createElement('teatime-chat');
export class Own extends Class {}
chat.mode = 'inline';
// @ts-expect-error no such mode
chat.mode = 'popup';
chat.tokenProvider = async ({ reason, signal }) => (signal.aborted ? null : reason);
chat.strings = { launcher: { open: 'Ask us' } };
chat.addEventListener('teatime-message', (event) => event.detail.sender.displayName.toUpperCase());
chat.addEventListener('teatime-call-state-change', ({ detail }) => detail.state === 'connected');
chat.addEventListener('click', (event) => event.clientX);
// @ts-expect-error the detail has no such field
chat.addEventListener('teatime-message', (event) => event.detail.nobody);
export const text = (event: TeatimeMessageEvent): string => event.detail.message.text;
export const done: Promise<void> = chat.send({ text: 'Hello' });
`,
  'client.ts': `
import { ChatError, createChat, failureOf, type Chat, type Message } from 'teatime/client';

export const chat: Chat = createChat({ server: 'https://chat.example.com', site: 'default', storage: 'none' });
export const last = (): Message | undefined => chat.$conversations.get().items[0]?.lastMessage;
export const why = (error: unknown): string => (error instanceof ChatError ? error.failure.code : failureOf(error).message);
// @ts-expect-error the site is missing
createChat({ server: 'https://chat.example.com', storage: 'none' });
`,
  'wrapper.tsx': `
/** @jsxImportSource react */
import { useRef } from 'react';
import { TeatimeChat } from 'teatime/react';
import type { TeatimeChat as Element } from 'teatime';

export const View = () => {
  const chat = useRef<Element>(null);
  return (
    <TeatimeChat
      ref={chat}
      server="https://chat.example.com"
      mode="inline"
      className="box"
      tokenProvider={async () => null}
      onTeatimeReady={(event) => event.detail.user?.id}
      onClick={() => chat.current?.show()}
    />
  );
};
// @ts-expect-error no such mode
export const wrong = <TeatimeChat mode="popup" />;
`,
  'react.tsx': `
/** @jsxImportSource react */
import type {} from 'teatime/types/react';

export const view = (
  <teatime-chat
    className="box"
    mode="inline"
    token-url="/token"
    strings={{ launcher: { open: 'Ask us' } }}
    onteatime-message={(event) => event.detail.message.text}
    ref={(chat) => void chat?.show()}
  />
);
// @ts-expect-error no such mode
export const wrong = <teatime-chat mode="popup" />;
`,
  'preact.tsx': `
/** @jsxImportSource preact */
import type {} from 'teatime/types/preact';

export const view = (
  <teatime-chat
    class="box"
    mode="inline"
    tokenProvider={async () => null}
    onteatime-message={(event) => event.detail.message.text}
    ref={(chat) => void chat?.show()}
  />
);
// @ts-expect-error no such mode
export const wrong = <teatime-chat mode="popup" />;
`,
  'solid.tsx': `
/** @jsxImportSource solid-js */
import type {} from 'teatime/types/solid';

export const view = () => (
  <teatime-chat
    class="box"
    mode="inline"
    prop:tokenProvider={async () => null}
    on:teatime-message={(event) => event.detail.message.text}
    ref={(chat) => void chat.show()}
  />
);
// @ts-expect-error no such mode
export const wrong = () => <teatime-chat mode="popup" />;
`,
  'svelte.ts': `
import type { SvelteHTMLElements } from 'svelte/elements';
import type {} from 'teatime/types/svelte';

export const props: SvelteHTMLElements['teatime-chat'] = {
  class: 'box',
  mode: 'inline',
  'onteatime-message': (event) => event.detail.message.text,
};
// @ts-expect-error no such mode
export const wrong: SvelteHTMLElements['teatime-chat'] = { mode: 'popup' };
`,
  'vue.ts': `
import type { GlobalComponents } from 'vue';
import type {} from 'teatime/types/vue';

type Props = InstanceType<GlobalComponents['teatime-chat']>['$props'];
export const props: Props = { mode: 'inline', tokenUrl: '/token', onTeatimeMessage: (event) => event.detail.message.text };
// @ts-expect-error no such mode
export const wrong: Props = { mode: 'popup' };
`,
};

/** TypeScript's verdict on the programs: what it wrote. */
const check = async (module: string, moduleResolution: string): Promise<string> => {
  const options = {
    target: 'ES2022',
    module,
    moduleResolution,
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    jsx: 'react-jsx',
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
  };
  packed.write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: Object.keys(programs) }));
  return promisify(execFile)(process.execPath, [
    join(projectRoot, 'node_modules/typescript/bin/tsc'),
    '-p',
    packed.folder,
  ]).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
};

test.each([
  ['NodeNext', 'NodeNext'],
  ['ESNext', 'Bundler'],
])(
  'the typings hold for module %s, in plain pages and in the templates of five frameworks',
  { timeout: 120_000 },
  async (module, resolution) => {
    for (const [name, text] of Object.entries(programs)) packed.write(name, text);
    expect(await check(module, resolution)).toBe('');
  },
);
