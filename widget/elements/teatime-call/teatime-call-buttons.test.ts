import { expect } from 'chai';
import { html } from 'lit';
import type { Call } from '../../../protocol/calls.ts';
import { aCall } from '../../testing/calls.ts';
import { mount, once, type MountOptions } from '../../testing/mount.ts';
import { aConversationState, anItem } from '../../testing/pane.ts';
import { showPane } from '../../testing/show-pane.ts';
import { aChatState } from '../../testing/states.ts';
import type { MessageScene } from '../teatime-message/scene.ts';
import type { CallPlan } from './call-plan.ts';
import type { TeatimeCallButtons } from './teatime-call-buttons.ts';
import './teatime-call-buttons.ts';
import type { TeatimeCallEntry } from './teatime-call-entry.ts';
import './teatime-call-entry.ts';

async function show(options: MountOptions = {}) {
  const state = aChatState();
  const { conversation } = aConversationState();
  const mounted = await mount<TeatimeCallButtons>(
    html`<teatime-call-buttons .conversation=${conversation}></teatime-call-buttons>`,
    { ...options, chat: state.chat },
  );
  const names = (): (string | null)[] => mounted.all('button').map(({ ariaLabel }) => ariaLabel);
  return { ...mounted, state, names };
}

describe('teatime-call-buttons', () => {
  it('lead to a call, with a camera or without', async () => {
    const { host, names, all } = await show();
    expect(names()).to.deep.equal(['Audio call', 'Video call']);
    for (const [index, video] of [false, true].entries()) {
      const planned = once<CustomEvent<CallPlan>>(host, 'call-plan');
      all('button')[index]!.click();
      expect((await planned).detail).to.deep.equal({ conversationId: 'conversation-mia', video });
    }
  });

  it('lead to a look at oneself first when they are held, by a right click and by the key for menus', async () => {
    const { host, all } = await show();
    const button = all('button')[1]!;
    const check = { conversationId: 'conversation-mia', video: true, check: true };
    expect(button.ariaDescription).to.equal('Hold to check camera and microphone first');
    const plans: CallPlan[] = [];
    host.addEventListener('call-plan', (event) => plans.push((event as CustomEvent<CallPlan>).detail));

    const held = once(host, 'call-plan');
    button.dispatchEvent(new PointerEvent('pointerdown', { button: 0, pointerType: 'touch' }));
    await held;
    button.dispatchEvent(new PointerEvent('pointerup', { button: 0, pointerType: 'touch' }));
    // Letting go of it is not a press too.
    button.dispatchEvent(new MouseEvent('click', { detail: 1 }));

    const menu = once(host, 'call-plan');
    const opened = button.dispatchEvent(new MouseEvent('contextmenu', { cancelable: true }));
    await menu;
    expect(opened).to.equal(false);

    const pressed = once(host, 'call-plan');
    button.dispatchEvent(new PointerEvent('pointerdown', { button: 0 }));
    button.dispatchEvent(new MouseEvent('click', { detail: 1 }));
    await pressed;
    expect(plans).to.deep.equal([check, check, { conversationId: 'conversation-mia', video: true }]);
  });

  it('are what neither page nor server has switched off', async () => {
    expect((await show({ off: ['video'] })).names()).to.deep.equal(['Audio call']);
    expect((await show({ off: ['calls'] })).names()).to.deep.equal([]);
    const { state, names, settled } = await show();
    state.$callLimits.set(undefined);
    await settled();
    expect(names()).to.deep.equal([]);
  });

  it('become one to join by while a call is on, and none when one is in it', async () => {
    const { state, names, settled, host, find } = await show();
    const participants = ['a', 'b'].map((userId) => ({
      userId,
      state: 'joined' as const,
      audio: true,
      video: true,
      screen: false,
    }));
    const call: Call = {
      id: 'call-1',
      conversationId: 'conversation-mia',
      kind: 'audio',
      state: 'connected',
      startedBy: 'a',
      version: 3,
      participants,
      createdAt: new Date(0).toISOString(),
    };
    state.$calls.set(new Map([[call.conversationId, call]]));
    await settled();
    expect(names()).to.deep.equal(['Join the call with 2 people in it']);
    // Whoever comes among people sees themselves first.
    const planned = once<CustomEvent<CallPlan>>(host, 'call-plan');
    find('button').click();
    expect((await planned).detail).to.deep.equal({ conversationId: 'conversation-mia', video: false, check: true });
    state.$call.set(aCall());
    await settled();
    expect(names()).to.deep.equal([]);
  });
});

describe('a call in the timeline', () => {
  const entry = { callId: 'call-1', kind: 'audio', outcome: 'missed', durationMs: 0 } as const;

  it('says how it went, to who called and to who was called, and cannot be edited or answered', async () => {
    const items = [
      anItem(1, { text: '', call: entry }),
      anItem(2, { text: '', call: entry }, { own: true }),
      anItem(3, { text: '', call: { ...entry, kind: 'video', outcome: 'completed', durationMs: 245_000 } }),
      anItem(4, { text: '', call: { ...entry, outcome: 'completed', durationMs: 8_400_000 } }),
      anItem(5, { text: '', call: { ...entry, outcome: 'completed', durationMs: 12_000 } }),
    ];
    const pane = await showPane(aConversationState(items));
    const messages = pane.all('teatime-timeline', 'teatime-message');
    const texts = messages.map((message) =>
      message.shadowRoot!.querySelector('teatime-call-entry')!.shadowRoot!.querySelector('p')!.innerText.trim(),
    );
    expect(texts).to.deep.equal([
      'Missed call',
      'Call, no answer',
      'Video call, 4\u00a0min',
      'Call, 2\u00a0h 20\u00a0min',
      'Call, 12\u00a0s',
    ]);
    expect(messages[0]!.ariaLabel).to.contain('Missed call');
    messages[0]!.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));
    await pane.settled();
    expect(messages[0]!.shadowRoot!.querySelector('teatime-message-actions')).to.equal(null);
  });

  it('is there before the words for calls are', async () => {
    const pane = await showPane(aConversationState([anItem(1, { text: '', call: entry })]));
    const shown = pane.find('teatime-timeline', 'teatime-message', 'teatime-call-entry') as TeatimeCallEntry;
    const { scene } = shown;
    const { calls: _, ...wordless } = scene!.strings;
    shown.scene = { ...scene!, strings: wordless as MessageScene['strings'] };
    await shown.updateComplete;
    expect(shown.shadowRoot!.querySelector('p')).to.equal(null);
    shown.scene = scene;
    await shown.updateComplete;
    expect(shown.shadowRoot!.querySelector('p')!.innerText.trim()).to.equal('Missed call');
  });

  it('leads to another call', async () => {
    const pane = await showPane(aConversationState([anItem(1, { text: '', call: { ...entry, kind: 'video' } })]));
    const planned = once<CustomEvent<CallPlan>>(pane.mounted.host, 'call-plan');
    pane.find('teatime-timeline', 'teatime-message', 'teatime-call-entry', 'button').click();
    expect((await planned).detail).to.deep.equal({ conversationId: 'conversation-mia', video: true });
  });
});
