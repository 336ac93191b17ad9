import { expect } from 'chai';
import { html } from 'lit';
import { expectAccessibleInBothThemes, mount } from '../../testing/mount.ts';
import { aChatState, type ChatState } from '../../testing/states.ts';
import './teatime-notices.ts';
import type { TeatimeNotices } from './teatime-notices.ts';

const notices = (state: ChatState) =>
  mount<TeatimeNotices>(html`<teatime-notices></teatime-notices>`, { chat: state.chat });

describe('teatime-notices', () => {
  it('says nothing while all is well', async () => {
    const mounted = await notices(aChatState());
    expect(mounted.text()).to.equal('');
  });

  it('counts down to the next try for the eye, says it once for the ear, and tries at once on request', async () => {
    let tried = 0;
    const state = aChatState([], { reconnectNow: () => void tried++ });
    const mounted = await notices(state);
    state.$connection.set({ status: 'waiting', retryAt: Date.now() + 3900, offline: false });
    await mounted.settled();
    expect(mounted.find('.text').ariaHidden).to.equal('true');
    expect(mounted.text('.text')).to.equal("Can't reach the chat. Trying again in 4\u00a0s.");
    expect(mounted.text('.visually-hidden')).to.equal("Can't reach the chat. Trying again soon.");
    await mounted.until(() => mounted.text('.text').includes('in 3\u00a0s'));
    mounted.find<HTMLButtonElement>('.notice button').click();
    expect(tried).to.equal(1);
    state.$connection.set({ status: 'connected' });
    await mounted.settled();
    expect(mounted.text()).to.equal('');
  });

  it('tells offline apart from a server that cannot be reached', async () => {
    const state = aChatState();
    const mounted = await notices(state);
    state.$connection.set({ status: 'waiting', retryAt: Date.now() + 1000, offline: true });
    await mounted.settled();
    expect(mounted.text()).to.equal("You're offline. Messages go out when you're back.");
  });

  it('has words for every end of the line', async () => {
    const state = aChatState();
    const mounted = await notices(state);
    const texts = new Set<string>();
    for (const reason of [
      'unauthorized',
      'session_revoked',
      'site_disabled',
      'unsupported_version',
      'protocol_error',
    ] as const) {
      state.$connection.set({ status: 'stopped', reason });
      await mounted.settled();
      texts.add(mounted.text('.text'));
    }
    expect(texts.size).to.equal(5);
  });

  it('shows an error in words, until it is dismissed', async () => {
    const state = aChatState();
    const mounted = await notices(state);
    state.notify({ type: 'error', failure: { code: 'rate_limited', message: 'bucket empty' } });
    await mounted.settled();
    expect(mounted.text('[role=alert]')).to.equal('That was a lot at once. Wait a moment and try again.');
    mounted.find('.icon-button').click();
    await mounted.settled();
    expect(mounted.text('[role=alert]')).to.equal('');
  });

  it('is accessible in light and dark', async () => {
    const state = aChatState([], { reconnectNow: () => undefined });
    const mounted = await notices(state);
    state.$memoryOnly.set(true);
    state.$connection.set({ status: 'waiting', retryAt: Date.now() + 60_000, offline: false });
    state.notify({ type: 'error', failure: { code: 'internal', message: '' } });
    await mounted.settled();
    await expectAccessibleInBothThemes(mounted);
  });
});
