import { expect } from 'chai';
import { html } from 'lit';
import { aFile, aVoice } from '../../testing/files.ts';
import { expectAccessibleInBothThemes, mount, once, press, type as typeInto } from '../../testing/mount.ts';
import { aChatState, aConversation, aMe, aMessage, aUser, noon, type ChatState } from '../../testing/states.ts';
import './teatime-conversation-list.ts';
import type { TeatimeConversationItem } from './teatime-conversation-item.ts';
import type { TeatimeConversationList } from './teatime-conversation-list.ts';

const mia = aConversation();
const zoe = aConversation({ peer: aUser({ username: 'zoe', displayName: 'Zoë Ferrand', avatarColor: 'iris' }) });
const crew = aConversation({
  id: 'conversation-crew',
  kind: 'group',
  title: 'Tea crew',
  unread: 120,
  muted: true,
  pinned: true,
  lastMessage: aMessage({ text: 'Oolong\n\nor **sencha**?' }),
});

const list = (state: ChatState) =>
  mount<TeatimeConversationList>(html`<teatime-conversation-list></teatime-conversation-list>`, { chat: state.chat });

const items = (all: (selector: string) => HTMLElement[]): TeatimeConversationItem[] =>
  all('[role=option]') as TeatimeConversationItem[];

const textOf = (item: TeatimeConversationItem | undefined): string =>
  (item?.shadowRoot?.textContent ?? '').replace(/\s+/g, ' ').trim();

describe('teatime-conversation-list', () => {
  it('shows who, what was said last, when, and how much is unread', async () => {
    const mounted = await list(aChatState([crew, mia]));
    const [first, second] = items(mounted.all).map(textOf);
    expect(first).to.match(/Tea crew.*Muted.*Pinned.*3 Mar.*Mia Tanaka: Oolong or sencha\?.*99\+.*120 unread messages/);
    expect(second).to.match(/Mia Tanaka.*The kettle is on\./);
  });

  it('marks own messages, deleted ones, and conversations in which nothing was said', async () => {
    const own = aConversation({ lastMessage: aMessage({ senderId: aMe().id }) });
    const gone = aConversation({
      id: 'b',
      lastMessage: aMessage({ deletedAt: new Date(noon).toISOString(), text: '' }),
    });
    const { lastMessage: _, ...rest } = aConversation({ id: 'c' });
    const mounted = await list(aChatState([own, gone, rest]));
    const texts = items(mounted.all).map(textOf);
    expect(texts[0]).to.include('You: The kettle is on.');
    expect(texts[1]).to.include('Message deleted');
    expect(texts[2]).to.include('No messages yet');
  });

  it('says in a word what was sent when it was no text', async () => {
    const photo = aConversation({ lastMessage: aMessage({ text: '', files: [aFile()] }) });
    const voice = aConversation({ id: 'b', lastMessage: aMessage({ text: '', files: [aVoice(7_000)] }) });
    const mounted = await list(aChatState([photo, voice]));
    const texts = items(mounted.all).map(textOf);
    expect(texts[0]).to.include('Photo');
    expect(texts[1]).to.include('Voice message 0:07');
  });

  it('follows presence and typing', async () => {
    const state = aChatState([mia]);
    const mounted = await list(state);
    state.setPresence('user-mia', 'online');
    state.setTyping(mia.id, [aUser()]);
    await mounted.settled();
    expect(textOf(items(mounted.all)[0])).to.match(/Online.*typing…/);
    state.setTyping(mia.id, []);
    await mounted.settled();
    expect(textOf(items(mounted.all)[0])).to.include('The kettle is on.');
  });

  it('never takes text for markup', async () => {
    const nasty = '<img src=x onerror="window.hacked = true">';
    const mounted = await list(aChatState([aConversation({ title: nasty, lastMessage: aMessage({ text: nasty }) })]));
    expect(textOf(items(mounted.all)[0])).to.include(nasty);
    expect(items(mounted.all)[0]!.shadowRoot!.querySelector('img')).to.equal(null);
    expect('hacked' in window).to.equal(false);
  });

  it('is one stop for Tab, in which the arrow keys, Home and End move', async () => {
    const mounted = await list(aChatState([mia, zoe, crew]));
    const [first, second, third] = items(mounted.all);
    expect(items(mounted.all).filter(({ tabIndex }) => tabIndex === 0)).to.deep.equal([first]);
    first!.focus();
    press(first!, 'ArrowDown');
    expect(mounted.element.shadowRoot!.activeElement).to.equal(second);
    press(second!, 'End');
    expect(mounted.element.shadowRoot!.activeElement).to.equal(third);
    press(third!, 'ArrowDown');
    press(third!, 'Home');
    expect(mounted.element.shadowRoot!.activeElement).to.equal(first);
    await mounted.settled();
    expect(first!.tabIndex).to.equal(0);
  });

  it('opens a conversation by click and by Enter', async () => {
    const mounted = await list(aChatState([mia, zoe]));
    const clicked = once(mounted.element, 'open-conversation');
    items(mounted.all)[1]!.shadowRoot!.querySelector<HTMLElement>('.title')!.click();
    expect((await clicked).detail).to.deep.equal({ id: zoe.id });
    const entered = once(mounted.element, 'open-conversation');
    press(items(mounted.all)[0]!, 'Enter');
    expect((await entered).detail).to.deep.equal({ id: mia.id });
  });

  it('finds by name whatever the accents and the order of words, and says when nothing matches', async () => {
    const mounted = await list(aChatState([mia, zoe, crew]));
    const search = mounted.find<HTMLInputElement>('[type=search]');
    typeInto(search, 'ferr zoe');
    await mounted.settled();
    expect(items(mounted.all).map(({ conversation }) => conversation!.id)).to.deep.equal([zoe.id]);
    typeInto(search, 'nobody');
    await mounted.settled();
    expect(mounted.text('[role=status]')).to.equal('Nothing matches “nobody”.');
    expect(press(search, 'Escape')).to.equal(false);
    await mounted.settled();
    expect(items(mounted.all)).to.have.length(3);
  });

  it('asks for more when the end comes near', async () => {
    let asked = 0;
    const many = Array.from({ length: 30 }, (_, index) => aConversation({ id: `c${index}` }));
    const state = aChatState(many, { loadMoreConversations: async () => void asked++ });
    state.$conversations.set({ status: 'ready', items: many, hasMore: true });
    const mounted = await list(state);
    const scroll = mounted.find('.scroll');
    scroll.scrollTop = scroll.scrollHeight;
    // Pages in the background are not drawn, and scroll events come with the drawing.
    scroll.dispatchEvent(new Event('scroll'));
    expect(asked).to.equal(1);
  });

  it('shows bones while loading, an invitation when there is nothing, and a way out when loading failed', async () => {
    let asked = 0;
    const state = aChatState([], { loadMoreConversations: async () => void asked++ });
    state.$conversations.set({ status: 'loading', items: [], hasMore: false });
    const mounted = await list(state);
    expect(mounted.find('[role=status]').ariaLabel).to.equal('Loading conversations…');
    state.$conversations.set({ status: 'ready', items: [], hasMore: false });
    await mounted.settled();
    const wanted = once(mounted.element, 'new-conversation');
    mounted.find('.state .button').click();
    await wanted;
    state.$conversations.set({ status: 'failed', items: [], hasMore: false });
    await mounted.settled();
    mounted.find('.state .button').click();
    expect(asked).to.equal(1);
  });

  it('is accessible with conversations, empty and loading, in light and dark', async () => {
    const state = aChatState([crew, mia, zoe]);
    const mounted = await list(state);
    mounted.element.selected = mia.id;
    state.setPresence('user-mia', 'away');
    await expectAccessibleInBothThemes(mounted);
    for (const status of ['loading', 'ready', 'failed'] as const) {
      state.$conversations.set({ status, items: [], hasMore: false });
      await mounted.settled();
      await expectAccessibleInBothThemes(mounted);
    }
  });
});
