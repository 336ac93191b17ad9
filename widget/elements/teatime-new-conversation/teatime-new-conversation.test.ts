import { expect } from 'chai';
import { html } from 'lit';
import type { User } from '../../../protocol/users.ts';
import {
  expectAccessibleInBothThemes,
  mount,
  once,
  press,
  type as typeInto,
  type Mounted,
} from '../../testing/mount.ts';
import { aChatError, aChatState, aUser } from '../../testing/states.ts';
import './teatime-new-conversation.ts';
import type { TeatimeNewConversation } from './teatime-new-conversation.ts';

type Methods = NonNullable<Parameters<typeof aChatState>[1]>;

const mia = aUser();
const milo = aUser({ username: 'milo', displayName: 'Milo Bianchi', avatarColor: 'sky' });

const compose = (methods: Methods, mode: 'message' | 'group' = 'message') =>
  mount<TeatimeNewConversation>(html`<teatime-new-conversation .mode=${mode}></teatime-new-conversation>`, {
    chat: aChatState([], { searchUsers: async () => [mia, milo], ...methods }).chat,
  });

/** Types a search and waits until its results are shown. */
const search = async (mounted: Mounted<TeatimeNewConversation>, text: string): Promise<HTMLInputElement> => {
  const field = mounted.find<HTMLInputElement>('[role=combobox]');
  typeInto(field, text);
  await mounted.until(() => mounted.text('[role=status]').endsWith('found'));
  return field;
};

describe('teatime-new-conversation', () => {
  it('finds people and opens the direct message with the one chosen by arrow keys and Enter', async () => {
    const mounted = await compose({ openDirect: async (userId) => `dm-${userId}` });
    const field = await search(mounted, ' mi ');
    expect(mounted.text('[role=listbox]')).to.match(/Mia Tanaka @mia.*Milo Bianchi @milo/);
    press(field, 'ArrowDown');
    await mounted.settled();
    const active = field.getAttribute('aria-activedescendant');
    expect(mounted.text(`#${active}`)).to.include('Milo');
    const opened = once(mounted.element, 'open-conversation');
    press(field, 'Enter');
    expect((await opened).detail).to.deep.equal({ id: 'dm-user-milo' });
  });

  it('searches for the last thing typed, and forgets the answers to what was typed before', async () => {
    const asked: string[] = [];
    const answers = new Map<string, (people: User[]) => void>();
    let tell = (): void => undefined;
    const mounted = await compose({
      searchUsers: (text) => {
        asked.push(text);
        tell();
        return new Promise((resolve) => answers.set(text, resolve));
      },
    });
    const nextSearch = (): Promise<void> => new Promise((resolve) => (tell = resolve));
    const field = mounted.find<HTMLInputElement>('[role=combobox]');
    typeInto(field, 'm');
    typeInto(field, 'mi');
    await nextSearch();
    typeInto(field, 'mil');
    await nextSearch();
    answers.get('mil')!([milo]);
    answers.get('mi')!([mia]);
    await mounted.until(() => mounted.all('[role=option]').length > 0);
    expect(asked).to.deep.equal(['mi', 'mil']);
    expect(mounted.text('[role=listbox]')).to.equal('Milo Bianchi @milo');
  });

  it('says when nobody was found and when the search failed', async () => {
    const mounted = await compose({ searchUsers: async () => [] });
    await search(mounted, 'xyz');
    expect(mounted.text('.state')).to.match(/^Nobody found for “xyz”\./);
    const broken = await compose({ searchUsers: () => Promise.reject(aChatError({ code: 'network' })) });
    typeInto(broken.find<HTMLInputElement>('[role=combobox]'), 'mi');
    await broken.until(() => broken.all('.state[role=alert]').length > 0);
    expect(broken.text('.state')).to.include("Can't reach the chat.");
  });

  it('says why somebody cannot be written to', async () => {
    const mounted = await compose({ openDirect: () => Promise.reject(aChatError({ code: 'blocked' })) });
    await search(mounted, 'mi');
    mounted.find('[role=option]').click();
    await mounted.settled();
    await mounted.settled();
    expect(mounted.text('[role=alert]')).to.equal("You can't message this person.");
  });

  it('makes a group of those chosen, once it has a name and somebody in it', async () => {
    const made: unknown[] = [];
    const mounted = await compose(
      { createGroup: async (title, userIds) => (made.push([title, userIds]), 'group-1') },
      'group',
    );
    const create = mounted.find('.bar .button');
    create.click();
    await mounted.settled();
    expect(mounted.text('[role=alert]')).to.equal('Give the group a name.');
    typeInto(mounted.find<HTMLInputElement>('.label input'), ' Tea crew ');
    await mounted.settled();
    create.click();
    await mounted.settled();
    expect(mounted.text('[role=alert]')).to.equal('Choose at least one person.');
    await search(mounted, 'mi');
    for (const option of mounted.all('[role=option]')) option.click();
    await mounted.settled();
    expect(mounted.all('.chip')).to.have.length(2);
    mounted.find('.chip').click();
    await mounted.settled();
    expect(mounted.text('.bar')).to.equal('Create group with 1 person');
    const opened = once(mounted.element, 'open-conversation');
    create.click();
    expect((await opened).detail).to.deep.equal({ id: 'group-1' });
    expect(made).to.deep.equal([['Tea crew', ['user-milo']]]);
  });

  it('goes back by Esc, which then does not close the panel', async () => {
    const mounted = await compose({});
    const back = once(mounted.element, 'back');
    expect(press(mounted.find('[role=combobox]'), 'Escape')).to.equal(false);
    await back;
  });

  it('is accessible for a message and for a group, in light and dark', async () => {
    const mounted = await compose({});
    await expectAccessibleInBothThemes(mounted);
    await search(mounted, 'mi');
    await expectAccessibleInBothThemes(mounted);
    mounted.element.mode = 'group';
    await mounted.settled();
    mounted.find('[role=option]').click();
    await mounted.settled();
    await expectAccessibleInBothThemes(mounted);
  });
});
