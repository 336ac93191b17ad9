import { expect } from 'chai';
import { atom } from 'nanostores';
import type { AppShell } from './app.ts';
import type { TeatimeCallIncomingEvent, TeatimeCallStateChangeEvent } from './call-events.ts';
import { followCalls, hangUp } from './calls.ts';
import { featureNames } from './context.ts';
import { byPage } from './elements/teatime-call/by-page.ts';
import type { TeatimePermissionNeededEvent } from './file-events.ts';
import './index.ts';
import type { TeatimeChat } from './teatime-chat.ts';
import { createLocale } from './locale.ts';
import { aCall, aCallHandle } from './testing/calls.ts';
import { expectAccessible } from './testing/accessible.ts';
import { aChatState } from './testing/states.ts';

let host: TeatimeChat | undefined;
let stop: (() => void) | undefined;

/** A closed launcher that follows the calls of a chat. */
function follow() {
  host = document.createElement('teatime-chat') as TeatimeChat;
  document.body.append(host);
  const root = host.shadowRoot!;
  const launcher = root.querySelector<HTMLButtonElement>('.launcher')!;
  const states = new Set<string>();
  const shell: AppShell = {
    host,
    root,
    launcher,
    language: { tag: 'en' },
    words: Promise.resolve(),
    scriptUrl: '',
    setUnread: () => undefined,
    setState: (name, on) => void (on ? states.add(name) : states.delete(name)),
  };
  const { handle, done } = aCallHandle();
  const state = aChatState([], { calls: async () => handle });
  stop = followCalls(shell, state.chat, createLocale(host, undefined), atom(new Set(featureNames)));
  return { host, launcher, states, state, done };
}

describe('calls, told to the page', () => {
  afterEach(() => {
    stop?.();
    host?.destroy();
    host?.remove();
    byPage.clear();
  });

  it('show on the closed launcher, in looks and in words', async () => {
    const { launcher, states, state } = follow();
    state.$call.set(aCall({ state: 'incoming' }));
    expect(launcher.classList.contains('ringing')).to.equal(true);
    expect(launcher.ariaDescription).to.equal('Mia Tanaka is calling');
    expect(launcher.querySelector('.call-mark')!.getBoundingClientRect().width).to.be.within(24, 34);
    expect(states.has('in-call')).to.equal(false);
    await expectAccessible(host!);
    state.$call.set(aCall());
    expect(launcher.classList.contains('ringing')).to.equal(false);
    expect(launcher.ariaDescription).to.equal("You're in a call");
    expect(states.has('in-call')).to.equal(true);
    state.$call.set(undefined);
    expect(launcher.ariaDescription).to.equal(null);
    expect(launcher.querySelector('.call-mark')).to.equal(null);
    expect(states.has('in-call')).to.equal(false);
  });

  it('are told by events, each state once', () => {
    const { host, state } = follow();
    const told: unknown[] = [];
    host.addEventListener('teatime-call-incoming', ({ detail }: TeatimeCallIncomingEvent) =>
      told.push([detail.callId, detail.kind, detail.caller?.displayName]),
    );
    host.addEventListener('teatime-call-state-change', ({ detail }: TeatimeCallStateChangeEvent) =>
      told.push(detail.reason ? [detail.state, detail.reason] : detail.state),
    );
    state.$call.set(aCall({ state: 'incoming' }));
    state.$call.set(aCall({ state: 'connected' }));
    state.$call.set(aCall({ state: 'connected', muted: true }));
    state.$call.set(aCall({ state: 'ended', reason: 'completed' }));
    state.$call.set(undefined);
    expect(told).to.deep.equal([
      'incoming',
      ['call-1', 'video', 'Mia Tanaka'],
      'connected',
      ['ended', 'completed'],
      'idle',
    ]);
  });

  it('are left to the page that takes them over, and stop ringing', async () => {
    const { host, launcher, state, done } = follow();
    host.addEventListener('teatime-call-incoming', (event) => event.preventDefault());
    state.$call.set(aCall({ state: 'incoming' }));
    await Promise.resolve();
    expect(byPage.has('call-1')).to.equal(true);
    expect(launcher.classList.contains('ringing')).to.equal(false);
    expect(done).to.deep.equal([['silence']]);
  });

  it('say which device is missing, unless the page does', () => {
    const { host, state } = follow();
    const told: unknown[] = [];
    host.addEventListener('teatime-permission-needed', (event: TeatimePermissionNeededEvent) => {
      told.push(event.detail);
      event.preventDefault();
    });
    state.notify({ type: 'permission', device: 'camera', reason: 'in-use' });
    expect(told).to.deep.equal([{ kind: 'camera', reason: 'busy' }]);
    expect(byPage.has('camera')).to.equal(true);
  });

  it('end when the page hangs up: left when one is in, declined when it rings', async () => {
    const { state, done } = follow();
    await hangUp(state.chat);
    state.$call.set(aCall({ state: 'incoming' }));
    await hangUp(state.chat);
    state.$call.set(aCall({ state: 'outgoing' }));
    await hangUp(state.chat);
    expect(done).to.deep.equal([['decline'], ['leave']]);
  });
});
