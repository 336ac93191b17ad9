import { expect } from 'chai';
import { html } from 'lit';
import { aConversationState, aGroup, anItem, manyItems, type ConversationState } from '../../testing/pane.ts';
import { aChatState, aMe, aUser } from '../../testing/states.ts';
import { expectAccessibleInBothThemes, mount, press } from '../../testing/mount.ts';
import '../teatime-conversation/teatime-conversation.ts';
import type { TeatimeConversation } from '../teatime-conversation/teatime-conversation.ts';
import type { TeatimeTimeline } from './teatime-timeline.ts';

/** Two frames: in the first one sizes are observed, in the second one what follows from them is drawn. */
const frames = () =>
  new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));

async function show(state: ConversationState) {
  const { chat } = aChatState([], { lastSeen: () => state.$typing as never, loadMembers: async () => undefined });
  const mounted = await mount<TeatimeConversation>(
    html`<teatime-conversation .conversation=${state.conversation}></teatime-conversation>`,
    { chat, size: [480, 500] },
  );
  const timeline = mounted.find<TeatimeTimeline>('teatime-timeline');
  const root = timeline.renderRoot;
  const scroller = root.querySelector<HTMLElement>('.scroll')!;
  const settled = async () => {
    await mounted.settled();
    await frames();
    await mounted.settled();
  };
  await settled();
  return {
    mounted,
    scroller,
    settled,
    timeline,
    find: (selector: string) => root.querySelector<HTMLElement>(selector),
    all: (selector: string) => [...root.querySelectorAll<HTMLElement>(selector)],
    row: (key: string) => root.querySelector<HTMLElement>(`[data-key="${key}"]`)!,
    atEnd: () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 2,
    async scrollTo(top: number) {
      scroller.scrollTop = top;
      await settled();
    },
    async set(items: readonly ReturnType<typeof anItem>[], more = {}) {
      state.$timeline.set({ ...state.$timeline.get(), items, ...more });
      await settled();
    },
  };
}

const inside = (message: Element, selector: string) => message.shadowRoot!.querySelector(selector);

describe('teatime-timeline', () => {
  it('groups what one person writes within five minutes under one face and name', async () => {
    const ken = aUser({ username: 'ken', displayName: 'Ken Ito' });
    const items = [anItem(1), anItem(2), anItem(3, {}, { sender: ken }), anItem(4), anItem(60)];
    const { all } = await show(aConversationState(items, aGroup()));
    const named = all('teatime-message').map((message) => inside(message, '.name')?.textContent ?? '');
    expect(named).to.deep.equal(['Mia Tanaka', '', 'Ken Ito', 'Mia Tanaka', 'Mia Tanaka']);
    expect(all('teatime-message').map((message) => !!inside(message, 'teatime-avatar'))).to.deep.equal([
      true,
      false,
      true,
      true,
      true,
    ]);
  });

  it('parts the days, and what is new from what was read', async () => {
    const state = aConversationState([anItem(1), anItem(2), anItem(1 + 24 * 60)]);
    state.$timeline.set({ ...state.$timeline.get(), firstUnreadKey: 'message-2' });
    const { all, row } = await show(state);
    expect(all('.day').map((day) => day.textContent?.trim())).to.deep.equal(['Tuesday 3 March', 'Wednesday 4 March']);
    expect(row('message-2').querySelector('.new-line')?.textContent?.trim()).to.equal('New messages');
    expect(all('.new-line')).to.have.length(1);
  });

  it('draws fewer than 300 of 10,000 messages, wherever it is scrolled to', async () => {
    const view = await show(aConversationState(manyItems(10_000)));
    expect(view.atEnd()).to.equal(true);
    expect(view.row('message-10000')).to.exist;
    for (const share of [0.5, 0, 0.25, 0.9, 1]) {
      await view.scrollTo(view.scroller.scrollHeight * share);
      const drawn = view.all('teatime-message');
      expect(drawn.length).to.be.within(5, 299);
      const { top, bottom } = view.scroller.getBoundingClientRect();
      expect(drawn[0]!.getBoundingClientRect().top, `top at ${share}`).to.be.at.most(top + 300);
      expect(drawn.at(-1)!.getBoundingClientRect().bottom, `end at ${share}`).to.be.at.least(bottom - 40);
    }
  });

  it('keeps what is read in its place when history comes above it', async () => {
    const state = aConversationState(manyItems(200, 1_001));
    const view = await show(state);
    await view.scrollTo(3_000);
    const seen = view
      .all('.row')
      .find((row) => row.getBoundingClientRect().top > view.scroller.getBoundingClientRect().top)!;
    const before = seen.getBoundingClientRect().top;
    await view.set([...manyItems(300, 701), ...state.$timeline.get().items]);
    expect(Math.abs(view.row(seen.dataset['key']!).getBoundingClientRect().top - before)).to.be.below(2);
  });

  it('keeps what is read in its place when a message above it grows', async () => {
    const items = manyItems(100);
    const view = await show(aConversationState(items));
    await view.scrollTo(1_500);
    const { top } = view.scroller.getBoundingClientRect();
    const rows = view.all('.row');
    const seen = rows.find((row) => row.getBoundingClientRect().top > top)!;
    const above = rows[rows.indexOf(seen) - 3]!.dataset['key'];
    const before = seen.getBoundingClientRect().top;
    const grown = { emoji: '👍', userIds: ['user-mia'] };
    await view.set(
      items.map((item) => (item.key === above ? { ...item, message: { ...item.message, reactions: [grown] } } : item)),
    );
    expect(Math.abs(seen.getBoundingClientRect().top - before)).to.be.below(2);
  });

  it('follows new messages at the end, and only there', async () => {
    const items = manyItems(100);
    const view = await show(aConversationState(items));
    await view.set([...items, anItem(101)]);
    expect(view.atEnd()).to.equal(true);
    await view.scrollTo(500);
    const { scrollTop } = view.scroller;
    await view.set([...items, anItem(101), anItem(102), anItem(103)]);
    expect(view.scroller.scrollTop).to.equal(scrollTop);
    expect(view.find('.pill')?.textContent?.trim()).to.equal('2 new');
    view.find('.pill')!.click();
    await view.settled();
    expect(view.atEnd()).to.equal(true);
    expect(view.find('.pill')).to.equal(null);
  });

  it('goes to the end when one writes oneself', async () => {
    const items = manyItems(100);
    const view = await show(aConversationState(items));
    await view.scrollTo(500);
    await view.set([...items, anItem(101, {}, { own: true })]);
    expect(view.atEnd()).to.equal(true);
  });

  it('opens at the first unread message', async () => {
    const state = aConversationState(manyItems(400));
    state.$timeline.set({ ...state.$timeline.get(), firstUnreadKey: 'message-300' });
    const view = await show(state);
    const { top, height } = view.scroller.getBoundingClientRect();
    const at = view.row('message-300').getBoundingClientRect().top - top;
    expect(at).to.be.within(0, height / 2);
    expect(state.calls.some(([method]) => method === 'markRead')).to.equal(false);
  });

  it('follows new messages when everything unread was in view from the start', async () => {
    const state = aConversationState();
    state.$timeline.set({ ...state.$timeline.get(), items: manyItems(3), firstUnreadKey: 'message-2' });
    const view = await show(state);
    await view.set(manyItems(30));
    expect(view.atEnd()).to.equal(true);
  });

  it('fetches history when the top comes near, once at a time, and offers to try again when that fails', async () => {
    let fail: (error: Error) => void = () => undefined;
    let calls = 0;
    const state = aConversationState(manyItems(60), undefined, {
      loadOlder: () => {
        calls++;
        return new Promise((_, reject) => (fail = reject));
      },
    });
    state.$timeline.set({ ...state.$timeline.get(), hasOlder: true });
    const view = await show(state);
    expect(calls).to.equal(0);
    await view.scrollTo(200);
    await view.scrollTo(100);
    expect(calls).to.equal(1);
    fail(new Error('no'));
    await view.settled();
    expect(view.find('.trouble')?.textContent).to.contain("Couldn't load earlier messages.");
    view.find('.trouble button')!.click();
    expect(calls).to.equal(2);
  });

  it('marks as read while the newest message is in view, not while it is not', async () => {
    const items = manyItems(100);
    const state = aConversationState(items);
    const marks = () => state.calls.filter(([method]) => method === 'markRead').length;
    const view = await show(state);
    // The browser tells what is in view when it has time to.
    while (marks() === 0) await frames();
    await view.scrollTo(500);
    const before = marks();
    await view.set([...items, anItem(101)]);
    expect(marks()).to.equal(before);
    view.find('.pill')!.click();
    await view.settled();
    while (marks() === before) await frames();
  });

  it('announces new messages of others, not history and not one’s own', async () => {
    const items = manyItems(5, 10);
    const view = await show(aConversationState(items));
    const said = () => view.find('[aria-live=polite]')?.textContent?.trim();
    expect(said()).to.equal('');
    await view.set([...manyItems(9, 1), ...items]);
    expect(said()).to.equal('');
    await view.set([...items, anItem(21, {}, { own: true })]);
    expect(said()).to.equal('');
    await view.set([...items, anItem(21, {}, { own: true }), anItem(22, { text: 'It boils' })]);
    expect(said()).to.equal('Mia Tanaka: It boils');
    // What is said twice is read twice: only a text that changes is.
    const before = view.find('[aria-live=polite]')!.textContent;
    await view.set([...items, anItem(22, { text: 'It boils' }), anItem(23, { text: 'It boils' })]);
    expect(said()).to.equal('Mia Tanaka: It boils');
    expect(view.find('[aria-live=polite]')!.textContent).not.to.equal(before);
  });

  it('moves among the messages by arrow keys, beyond those that are drawn', async () => {
    const view = await show(aConversationState(manyItems(500)));
    const focused = () => view.timeline.shadowRoot!.activeElement!.parentElement!.dataset['key'];
    expect(view.all('teatime-message[tabindex="0"]')).to.have.length(1);
    view.timeline.focus();
    await view.settled();
    expect(focused()).to.equal('message-500');
    expect(press(view.timeline.shadowRoot!.activeElement!, 'ArrowUp')).to.equal(false);
    await view.settled();
    expect(focused()).to.equal('message-499');
    press(view.timeline.shadowRoot!.activeElement!, 'Home');
    await view.settled();
    expect(focused()).to.equal('message-1');
  });

  it('shows who is writing, an invitation while nothing is written, and what keeps it waiting', async () => {
    const state = aConversationState();
    const view = await show(state);
    expect(view.find('.beginning')?.textContent).to.contain('Say hello.');
    state.$typing.set([aUser()]);
    await view.settled();
    expect(view.find('.dots')).to.exist;
    await view.set([], { status: 'loading' });
    expect(view.find('.skeletons')?.getAttribute('aria-label')).to.equal('Loading messages…');
  });

  it('is accessible in both themes', async () => {
    const items = [
      anItem(1, { reactions: [{ emoji: '🍵', userIds: [aMe().id, 'user-ken'] }] }),
      anItem(2, { text: 'See https://a.example and `this`\n```\nblock\n```' }),
      anItem(3, { replyTo: 'message-1', editedAt: new Date().toISOString() }, { own: true, delivery: 'read' }),
      anItem(4, { text: '', deletedAt: new Date().toISOString() }),
      anItem(5, {}, { own: true, delivery: 'failed', failure: { code: 'network', message: '' } }),
      anItem(6, { text: '🍵' }, { own: true, delivery: 'sending' }),
    ];
    const view = await show(aConversationState(items, aGroup()));
    await expectAccessibleInBothThemes(view.mounted);
  });
});
