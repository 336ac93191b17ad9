import { expect } from 'chai';
import { html } from 'lit';
import { aConversationState, anItem } from '../../testing/pane.ts';
import { expectAccessibleInBothThemes, mount, once, type Mounted } from '../../testing/mount.ts';
import { frames } from '../../testing/show-pane.ts';
import { aChatState, aConversation, aMe, type ChatState } from '../../testing/states.ts';
import './teatime-panel.ts';
import type { TeatimePanel } from './teatime-panel.ts';

const mia = aConversation();
const narrow = [400, 680] as const;
const medium = [800, 680] as const;
const wide = [1200, 680] as const;

/** A panel with one conversation in its list, and what was opened and closed in it. */
const panel = async (size: readonly [number, number]) => {
  const opened: string[] = [];
  const closed: string[] = [];
  const sharedFiles = async () => ({ files: [], hasMore: false });
  const conversationState = aConversationState([anItem(1)], mia, { sharedFiles });
  const state = aChatState([mia], {
    open(id) {
      opened.push(id);
      return { ...conversationState.conversation, id, close: () => void closed.push(id) };
    },
  });
  const mounted = await mount<TeatimePanel>(html`<teatime-panel closable></teatime-panel>`, { chat: state.chat, size });
  return { mounted, state, opened, closed, conversationState };
};

const isVisible = (mounted: Mounted<TeatimePanel>, selector: string): boolean =>
  mounted.all(selector).some((element) => element.checkVisibility());

const choose = async (mounted: Mounted<TeatimePanel>): Promise<void> => {
  const list = mounted.find('teatime-conversation-list');
  list.shadowRoot!.querySelector<HTMLElement>('[role=option]')!.click();
  await mounted.settled();
};

describe('teatime-panel', () => {
  it('shows one pane at a time when it is narrow, and list and conversation side by side from 560 px on', async () => {
    const small = await panel(narrow);
    await choose(small.mounted);
    expect(isVisible(small.mounted, 'teatime-conversation-list')).to.equal(false);
    expect(isVisible(small.mounted, 'teatime-conversation')).to.equal(true);
    const large = await panel(medium);
    expect(large.mounted.text('.main')).to.include('Pick up where you left off');
    await choose(large.mounted);
    expect(isVisible(large.mounted, 'teatime-conversation-list')).to.equal(true);
    expect(isVisible(large.mounted, 'teatime-conversation')).to.equal(true);
  });

  it('keeps the details open beside the conversation only from 1000 px on', async () => {
    for (const [size, beside] of [
      [medium, false],
      [wide, true],
    ] as const) {
      const { mounted } = await panel(size);
      await choose(mounted);
      mounted.find('teatime-conversation').dispatchEvent(new CustomEvent('toggle-details'));
      await mounted.until(() => mounted.all('teatime-details').length > 0);
      expect(isVisible(mounted, 'teatime-details')).to.equal(true);
      expect(isVisible(mounted, 'teatime-conversation')).to.equal(beside);
    }
  });

  it('shows the message that somebody asked for in the details, which give way where they are in front of it', async () => {
    for (const [size, stay] of [
      [narrow, false],
      [wide, true],
    ] as const) {
      const { mounted } = await panel(size);
      await choose(mounted);
      mounted.find('teatime-conversation').dispatchEvent(new CustomEvent('toggle-details'));
      await mounted.until(() => mounted.all('teatime-details').length > 0);
      const details = mounted.find('teatime-details').shadowRoot!;
      details.querySelector<HTMLElement>('.files')!.click();
      while (!details.querySelector('teatime-shared-files')) await frames();
      const show = new CustomEvent('show-message', { detail: 'message-1' });
      details.querySelector('teatime-shared-files')!.dispatchEvent(show);
      await mounted.until(() => mounted.all('teatime-details').length === (stay ? 1 : 0));
      expect(isVisible(mounted, 'teatime-conversation')).to.equal(true);
      const timeline = mounted.find('teatime-conversation').shadowRoot!.querySelector('teatime-timeline')!.shadowRoot!;
      while (!timeline.querySelector('teatime-message[highlighted]')) await frames();
    }
  });

  it('opens one conversation at a time, and closes it on the way back', async () => {
    const { mounted, opened, closed } = await panel(narrow);
    const changed = once(mounted.element, 'conversation-change');
    await choose(mounted);
    await changed;
    expect(mounted.element.conversationId).to.equal(mia.id);
    mounted.find('teatime-conversation').dispatchEvent(new CustomEvent('back'));
    await mounted.settled();
    expect([opened, closed]).to.deep.equal([[mia.id], [mia.id]]);
    expect(isVisible(mounted, 'teatime-conversation-list')).to.equal(true);
    expect(mounted.element.conversationId).to.equal(undefined);
  });

  it('goes back to the list when one is no longer in the conversation', async () => {
    const { mounted, conversationState } = await panel(narrow);
    await choose(mounted);
    conversationState.$conversation.set(undefined);
    await mounted.settled();
    await mounted.settled();
    expect(mounted.element.conversationId).to.equal(undefined);
  });

  it('closes the conversation and asks for a sign-in when the session ends', async () => {
    const { mounted, state, closed } = await panel(medium);
    await choose(mounted);
    state.$session.set({ status: 'signed-out', reason: 'revoked' });
    await mounted.settled();
    expect(closed).to.deep.equal([mia.id]);
    expect(isVisible(mounted, 'teatime-sign-in')).to.equal(true);
    expect(mounted.all('teatime-conversation-list')).to.have.length(0);
    state.$session.set({ status: 'signed-in', user: aMe() });
    await mounted.settled();
    expect(isVisible(mounted, 'teatime-conversation')).to.equal(true);
  });

  it('keeps the focus inside when the form gives way to the list', async () => {
    const { mounted, state } = await panel(narrow);
    state.$session.set({ status: 'signed-out' });
    await mounted.settled();
    mounted.find('teatime-sign-in').shadowRoot!.querySelector<HTMLElement>('[name=password]')!.focus();
    state.$session.set({ status: 'signed-in', user: aMe() });
    await mounted.settled();
    await mounted.settled();
    const list = mounted.find('teatime-conversation-list');
    expect(mounted.element.shadowRoot!.activeElement).to.equal(list);
    expect(list.shadowRoot!.activeElement?.role).to.equal('option');
  });

  it('opens what was asked for before the sign-in as soon as somebody is signed in', async () => {
    const { mounted, state, opened } = await panel(narrow);
    state.$session.set({ status: 'restoring' });
    await mounted.settled();
    mounted.element.show(mia.id);
    const open = mounted.element.opened();
    await mounted.settled();
    expect(opened).to.deep.equal([]);
    state.$session.set({ status: 'signed-in', user: aMe() });
    expect((await open).id).to.equal(mia.id);
  });

  it('leads to profile and people search and back', async () => {
    const { mounted } = await panel(narrow);
    const list = mounted.find('teatime-conversation-list');
    for (const [event, view] of [
      ['open-profile', 'teatime-profile'],
      ['new-conversation', 'teatime-new-conversation'],
    ] as const) {
      (mounted.all('teatime-conversation-list')[0] ?? list).dispatchEvent(new CustomEvent(event));
      await mounted.until(() => mounted.all(view).length > 0);
      mounted.find(view).dispatchEvent(new CustomEvent('back'));
      await mounted.until(() => mounted.all('teatime-conversation-list').length > 0);
    }
  });

  it('says what is wrong while the server cannot be reached for a first look', async () => {
    const { mounted, state } = await panel(narrow);
    state.$session.set({ status: 'restoring' });
    state.$connection.set({ status: 'waiting', retryAt: Date.now() + 60_000, offline: false });
    await mounted.settled();
    expect(mounted.text()).to.include("Can't reach the chat. Trying again in 60");
  });

  it('is accessible in all widths, signed in and out, in light and dark', async () => {
    for (const size of [narrow, wide]) {
      const { mounted, state } = await panel(size);
      await expectAccessibleInBothThemes(mounted);
      await choose(mounted);
      await expectAccessibleInBothThemes(mounted);
      signOut(state);
      await mounted.settled();
      await expectAccessibleInBothThemes(mounted);
    }
  });
});

function signOut({ $session }: ChatState): void {
  $session.set({ status: 'signed-out' });
}
