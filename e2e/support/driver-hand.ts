import { setTimeout as pause } from 'node:timers/promises';
import { password } from './chat.ts';
import { look, type Query, type Sight } from './driver-look.ts';
import type { Key, Tab } from './driver.ts';

/** What a person does in a page with a chat, in whichever browser, by what they can see of it. */
export interface Hand {
  readonly tab: Tab;
  /** Waits until there is one of these; with a test of it, until one passes. */
  sees(query: Query | string, test?: (sight: Sight) => boolean): Promise<Sight>;
  /** Waits until there is none of these. */
  misses(query: Query | string): Promise<void>;
  /** How many of these there are now. */
  count(query: Query): Promise<number>;
  /** Presses a button by its name, or whatever is looked for. */
  press(target: Query | string): Promise<void>;
  hover(query: Query): Promise<void>;
  /** Types into a field by its name, in place of what is in it. */
  fill(target: Query | string, text: string): Promise<void>;
  key(key: Key): Promise<void>;
  /** Chooses files in the file input that is looked for. */
  choose(query: Query, ...paths: string[]): Promise<void>;
  /** Waits until a function in the page answers something true. */
  until<Args extends unknown[]>(test: (...args: Args) => unknown, ...args: Args): Promise<void>;

  register(person: { name: string; username: string }): Promise<void>;
  signIn(username: string): Promise<void>;
  writeTo(name: string): Promise<void>;
  createGroup(title: string, name: string): Promise<void>;
  openConversation(title: string): Promise<void>;
  /** Types a message and sends it by Enter; `shown` is what is seen of it then, where it is another text. */
  say(text: string, shown?: string): Promise<void>;
  /** Does something with a message by the menu of its action bar; `Delete` is confirmed. */
  act(text: string, action: 'Edit' | 'Delete'): Promise<void>;
}

/** How long something may take to be there, in ms: machines that run tests have much else to do. */
const patienceMs = 30_000;

/** How long something may take that happens at once, before it is tried again, in ms. */
const soonMs = 5000;

/** The field that messages are written in. */
export const composer: Query = { role: 'textbox', in: { tag: 'teatime-composer' } };

/** The message with that text. */
export const message = (text: string): Query => ({ tag: 'teatime-message', text });

/** The hand of somebody at a tab. */
export function handAt(tab: Tab): Hand {
  const seen = (query: Query, wish: 'sight' | 'select' = 'sight'): Promise<Sight> =>
    tab.evaluate(look, query, wish) as Promise<Sight>;

  const sees = async (
    target: Query | string,
    test: (sight: Sight) => boolean = () => true,
    patience = patienceMs,
  ): Promise<Sight> => {
    const query = typeof target === 'string' ? { text: target } : target;
    const look = async (): Promise<Sight | undefined> => {
      const sight = await seen(query);
      return sight.count > 0 && test(sight) ? sight : undefined;
    };
    return wait(`see ${JSON.stringify(query)}`, look, patience);
  };
  const misses = async (target: Query | string): Promise<void> => {
    const query = typeof target === 'string' ? { text: target } : target;
    await wait(`see the end of ${JSON.stringify(query)}`, async () => (await seen(query)).count === 0 || undefined);
  };
  /** Where something is that has stopped moving. */
  const spotOf = async (query: Query): Promise<readonly [number, number]> => {
    let before = '';
    const { spot } = await sees(query, ({ spot }) => {
      const same = String(spot) === before;
      before = String(spot);
      return spot !== null && same;
    });
    return spot ?? [0, 0];
  };
  const press = async (target: Query | string): Promise<void> => {
    const query = typeof target === 'string' ? { role: 'button', name: target } : target;
    await tab.point(...(await spotOf(query)), true);
  };
  /** Whether something comes true soon. */
  const soon = (query: Query, test: (sight: Sight) => boolean): Promise<boolean> =>
    sees(query, test, soonMs).then(
      () => true,
      () => false,
    );
  const fill = async (target: Query | string, text: string): Promise<void> => {
    const query = typeof target === 'string' ? { role: 'textbox', name: target } : target;
    // Something may move as it is pressed, or take the focus as it comes up: then one tries again, as people do.
    await wait(`write "${text}" into ${JSON.stringify(query)}`, async () => {
      await press(query);
      if (!(await soon(query, ({ focused }) => focused))) return undefined;
      await seen(query, 'select');
      await tab.type(text);
      return (await soon(query, ({ value }) => value === text)) || undefined;
    });
  };
  const hover = async (query: Query): Promise<void> => tab.point(...(await spotOf(query)));
  const pick = async (name: string): Promise<void> => {
    await fill({ role: 'combobox' }, name);
    await press({ role: 'option', text: name, in: { tag: 'teatime-new-conversation' } });
  };

  return {
    tab,
    sees,
    misses,
    press,
    fill,
    hover,
    count: async (query) => (await seen(query)).count,
    key: (key) => tab.press(key),
    choose: (query, ...paths) =>
      tab.choose(
        paths,
        look as (query: Query, wish: 'element') => Element | undefined,
        { ...query, hidden: true },
        'element',
      ),
    async until(test, ...args) {
      await wait(`see ${test}`, async () => ((await tab.evaluate(test, ...args)) ? true : undefined));
    },
    async register({ name, username }) {
      await press({ role: 'button', name: 'New here…' });
      await fill('Your name', name);
      await fill('User name', username);
      await fill('Password', password);
      await press('Make account');
      await sees('No conversations yet');
    },
    async signIn(username) {
      await fill({ role: 'textbox', name: 'User name, e-mail…' }, username);
      await fill('Password', password);
      await press('Sign in');
      await sees({ tag: 'teatime-conversation-list' });
    },
    async writeTo(name) {
      await press('New message');
      await pick(name);
      await sees(composer);
    },
    async createGroup(title, name) {
      await press('New message');
      await press({ role: 'button', name: 'New group…' });
      await fill('Group name', title);
      await pick(name);
      await press({ role: 'button', name: 'Create group…' });
      await sees(composer);
    },
    async openConversation(title) {
      await press({ tag: 'teatime-conversation-item', text: title });
      await sees({ tag: 'teatime-conversation-header', text: title });
      await sees(composer);
    },
    async say(text, shown = text) {
      await wait(`send "${text}"`, async () => {
        await fill(composer, text);
        await tab.press('Enter');
        return (await soon(composer, ({ value }) => value === '')) || undefined;
      });
      await sees(message(shown));
    },
    async act(text, action) {
      await hover(message(text));
      await press({ role: 'button', name: 'More', in: message(text) });
      await press({ role: 'menuitem', name: action });
      if (action === 'Delete') await press({ role: 'button', name: 'Delete', in: { role: 'alertdialog' } });
    },
  };
}

/** Asks again and again until there is an answer. */
async function wait<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  patience = patienceMs,
): Promise<Answer> {
  const deadline = performance.now() + patience;
  for (;;) {
    // A page that is left in the middle of a question answers with an error.
    const answer = await ask().catch((error: unknown) =>
      performance.now() < deadline ? undefined : Promise.reject(error),
    );
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`unable to ${what}; it took more than ${patience / 1000} s`);
    await pause(40);
  }
}
