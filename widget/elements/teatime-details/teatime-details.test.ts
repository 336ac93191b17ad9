import { expect } from 'chai';
import { html } from 'lit';
import { atom } from 'nanostores';
import { expectAccessibleInBothThemes, mount, once, press, type as typeInto } from '../../testing/mount.ts';
import { aConversationState, aGroup } from '../../testing/pane.ts';
import { frames } from '../../testing/show-pane.ts';
import { aChatError, aChatState, aConversation, aUser } from '../../testing/states.ts';
import type { ConversationView } from '../../model/types.ts';
import './teatime-details.ts';
import type { TeatimeDetails } from './teatime-details.ts';

async function details(view: ConversationView, methods: NonNullable<Parameters<typeof aChatState>[1]> = {}) {
  const state = aConversationState([], view);
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    async (...args: unknown[]): Promise<never> =>
      void calls.push([name, ...args]) as never;
  const names = [
    'setMuted',
    'setPinned',
    'block',
    'renameGroup',
    'addMembers',
    'removeMember',
    'setRole',
    'leave',
  ] as const;
  const chat = aChatState([], {
    lastSeen: () => atom(undefined),
    loadMembers: async () => undefined,
    openDirect: async (id) => `direct-${id}`,
    ...Object.fromEntries(names.map((name) => [name, note(name)])),
    ...methods,
  });
  const mounted = await mount<TeatimeDetails>(
    html`<teatime-details .conversation=${state.conversation}></teatime-details>`,
    { chat: chat.chat },
  );
  const settled = async () => {
    await frames();
    await mounted.settled();
  };
  const members = () => mounted.find('teatime-member-list').shadowRoot!;
  return {
    mounted,
    state,
    chat,
    calls,
    settled,
    members,
    button: (root: ParentNode, words: string) => {
      const buttons = [...root.querySelectorAll<HTMLButtonElement>('button')];
      const found = buttons.find((button) => [button.innerText.trim(), button.ariaLabel].includes(words));
      if (!found) throw new Error(`unable to find the button ${words}; there are ${buttons.map((b) => b.innerText)}`);
      return found;
    },
    async manage(name: string): Promise<string[]> {
      members().querySelector<HTMLElement>(`[aria-label="Manage ${name}"]`)!.click();
      await settled();
      return [...members().querySelectorAll<HTMLElement>('[role=menuitem]')].map((item) => item.innerText.trim());
    },
  };
}

describe('teatime-details', () => {
  it('mutes and pins', async () => {
    const { mounted, calls, button } = await details(aConversation({ pinned: true }));
    const root = mounted.element.renderRoot as ShadowRoot;
    button(root, 'Mute notifications').click();
    button(root, 'Pin to the top of the list').click();
    expect(calls).to.deep.equal([
      ['setMuted', 'conversation-mia', true],
      ['setPinned', 'conversation-mia', false],
    ]);
    await expectAccessibleInBothThemes(mounted);
  });

  it('blocks after a question, and unblocks without one', async () => {
    const view = await details(aConversation());
    const root = view.mounted.element.renderRoot as ShadowRoot;
    view.button(root, 'Block Mia Tanaka').click();
    await view.settled();
    expect(view.calls).to.deep.equal([]);
    await expectAccessibleInBothThemes(view.mounted);
    view.button(root.querySelector('.question')!, 'Block Mia Tanaka').click();
    expect(view.calls).to.deep.equal([['block', 'user-mia', true]]);
    (view.chat.chat.$blocked as ReturnType<typeof atom<ReadonlySet<string>>>).set(new Set(['user-mia']));
    await view.settled();
    view.button(root, 'Unblock Mia Tanaka').click();
    expect(view.calls[1]).to.deep.equal(['block', 'user-mia', false]);
  });

  it('renames a group', async () => {
    const view = await details(aGroup());
    const root = view.mounted.element.renderRoot as ShadowRoot;
    view.button(root, 'Rename').click();
    await view.settled();
    const field = view.mounted.find<HTMLInputElement>('.rename input');
    expect(field.matches(':focus')).to.equal(true);
    field.value = ' Tea and talk ';
    view.button(root, 'Save').click();
    await view.settled();
    expect(view.calls).to.deep.equal([['renameGroup', 'conversation-tea', 'Tea and talk']]);
    expect(view.mounted.all('.rename')).to.have.length(0);
  });

  it('lets a member neither rename, add nor manage', async () => {
    const view = await details(aGroup('member'));
    expect(view.mounted.all('[aria-label=Rename]')).to.have.length(0);
    expect(view.members().querySelector('.add')).to.equal(null);
    expect(await view.manage('Ken Ito')).to.deep.equal(['Send a message']);
  });

  it('shows owners first, and lets an owner change roles and remove', async () => {
    const view = await details(aGroup('owner'));
    const names = [...view.members().querySelectorAll<HTMLElement>('.who bdi:first-child')].map(
      ({ innerText }) => innerText,
    );
    expect(names).to.deep.equal(['Mia Tanaka', 'Noor Haddad', 'Ken Ito']);
    expect(await view.manage('Ken Ito')).to.deep.equal([
      'Send a message',
      'Make owner',
      'Make admin',
      'Remove from group',
    ]);
    await expectAccessibleInBothThemes(view.mounted);
    view.button(view.members(), 'Make admin').click();
    await view.settled();
    await view.manage('Ken Ito');
    view.button(view.members(), 'Remove from group').click();
    expect(view.calls).to.deep.equal([
      ['setRole', 'conversation-tea', 'user-ken', 'admin'],
      ['removeMember', 'conversation-tea', 'user-ken'],
    ]);
  });

  it('lets an admin remove members, not owners', async () => {
    const view = await details(aGroup('admin'));
    expect(await view.manage('Ken Ito')).to.deep.equal(['Send a message', 'Remove from group']);
    press(view.members().activeElement!, 'Escape');
    await view.settled();
    expect(await view.manage('Mia Tanaka')).to.deep.equal(['Send a message']);
  });

  it('opens a direct message with a member', async () => {
    const view = await details(aGroup());
    await view.manage('Ken Ito');
    const opened = once<CustomEvent<{ id: string }>>(view.mounted.element, 'open-conversation');
    view.button(view.members(), 'Send a message').click();
    expect((await opened).detail).to.deep.equal({ id: 'direct-user-ken' });
  });

  it('finds people to add, and tells those who are in already', async () => {
    const lea = aUser({ username: 'lea', displayName: 'Léa Martin' });
    const view = await details(aGroup(), { searchUsers: async () => [lea, aUser()] });
    view.button(view.members(), 'Add people').click();
    await view.settled();
    const add = view.members().querySelector('teatime-add-people')!;
    typeInto(add.shadowRoot!.querySelector('input')!, 'a');
    while (!add.shadowRoot!.querySelector('.member')) await view.settled();
    expect(add.shadowRoot!.querySelectorAll('.role')).to.have.length(1);
    await expectAccessibleInBothThemes(view.mounted);
    view.button(add.shadowRoot!, 'Add Léa Martin').click();
    expect(view.calls).to.deep.equal([['addMembers', 'conversation-tea', ['user-lea']]]);
  });

  it('tells the last owner in words why leaving does not work', async () => {
    const refuse = { leave: () => Promise.reject(aChatError({ code: 'conflict', message: 'raw text' })) };
    const view = await details(aGroup(), refuse);
    const root = view.mounted.element.renderRoot as ShadowRoot;
    view.button(root, 'Leave group').click();
    await view.settled();
    view.button(root.querySelector('.question')!, 'Leave group').click();
    await view.settled();
    expect(view.mounted.text('[role=alert]')).to.equal('You are the last owner. Make somebody else owner first.');
  });

  it('closes by its button and by Escape, which first takes back a question', async () => {
    const view = await details(aGroup());
    const root = view.mounted.element.renderRoot as ShadowRoot;
    let closed = 0;
    view.mounted.element.addEventListener('close', () => closed++);
    view.button(root, 'Leave group').click();
    await view.settled();
    press(root.activeElement!, 'Escape');
    await view.settled();
    expect([closed, view.mounted.all('.question').length]).to.deep.equal([0, 0]);
    press(root.querySelector('header button')!, 'Escape');
    view.button(root, 'Close details').click();
    expect(closed).to.equal(2);
  });

  it('leads to what was shared here, and back to where one was', async () => {
    const pane = await details(aConversation());
    const line = pane.mounted.find('.files');
    line.focus();
    line.click();
    await pane.mounted.until(() => pane.mounted.all('teatime-shared-files').length > 0);
    expect(pane.mounted.find('h2').innerText).to.equal('Media, files and audio');
    expect(pane.mounted.element.shadowRoot!.activeElement?.localName).to.equal('teatime-shared-files');
    press(pane.mounted.find('teatime-shared-files'), 'Escape');
    await pane.mounted.until(() => pane.mounted.all('teatime-shared-files').length === 0);
    await pane.settled();
    expect(pane.mounted.element.shadowRoot!.activeElement).to.equal(pane.mounted.find('.files'));
  });
});
