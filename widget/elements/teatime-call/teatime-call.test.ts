import { expect } from 'chai';
import { html } from 'lit';
import type { CallHandle, CallView } from '../../model/types.ts';
import { aCall, aCallHandle, aParticipant, aPicture } from '../../testing/calls.ts';
import { expectAccessibleInBothThemes, mount, once, press, type MountOptions } from '../../testing/mount.ts';
import { aGroup } from '../../testing/pane.ts';
import { aChatError, aChatState, aConversation, aMe, aUser } from '../../testing/states.ts';
import { byPage } from './by-page.ts';
import { forgetDevices, rememberDevices } from './last-devices.ts';
import type { TeatimeCall } from './teatime-call.ts';
import './teatime-call.ts';

const group = aGroup();

/** Shows a call in the panel's place; `shown` is the conversation beside it. */
async function show(
  call: CallView | undefined,
  {
    shown = 'conversation-mia' as string | undefined,
    methods = {} as Partial<CallHandle>,
    ...options
  }: MountOptions & { shown?: string | undefined; methods?: Partial<CallHandle> } = {},
) {
  const { handle, done, $check } = aCallHandle(methods);
  const state = aChatState([aConversation(), group], { calls: async () => handle });
  state.$call.set(call);
  const mounted = await mount<TeatimeCall>(html`<teatime-call .shown=${shown}></teatime-call>`, {
    chat: state.chat,
    ...options,
  });
  const { element } = mounted;
  element.style.blockSize = '';
  mounted.host.style.boxSizing = 'border-box';
  /** Finds by name or text, also in the views inside. */
  const inside = (): ParentNode[] => [
    element.renderRoot as ShadowRoot,
    ...[...element.renderRoot.querySelectorAll('teatime-call-stage, teatime-call-setup')].map(
      (view) => view.shadowRoot!,
    ),
  ];
  const button = (name: string): HTMLElement => {
    const found = inside()
      .flatMap((root) => [...root.querySelectorAll<HTMLElement>('button')])
      .find((one) => (one.ariaLabel ?? one.textContent.trim()) === name);
    if (!found) throw new Error(`unable to find a button “${name}”`);
    return found;
  };
  const one = (selector: string): HTMLElement | null =>
    inside()
      .map((root) => root.querySelector<HTMLElement>(selector))
      .find((found) => found !== null) ?? null;
  const press = async (name: string): Promise<void> => {
    button(name).click();
    await Promise.resolve();
    await mounted.settled();
  };
  const change = async (next: CallView | undefined): Promise<void> => {
    state.$call.set(next);
    await mounted.settled();
  };
  /** Frame by frame, since much of it is in views inside and in the sizes of things. */
  const until = async (isTrue: () => boolean): Promise<void> => {
    while (!isTrue()) await new Promise((resolve) => requestAnimationFrame(resolve));
    await mounted.settled();
  };
  return { ...mounted, state, done, $check, button, one, press, change, until };
}

/** As a browser answers in which the person has let the page have these devices for good; nobody can do so in a test of one element. */
function allow(...devices: readonly string[]): void {
  const query = async ({ name }: PermissionDescriptor) => ({ state: devices.includes(name) ? 'granted' : 'prompt' });
  Object.defineProperty(navigator.permissions, 'query', { configurable: true, value: query });
}

describe('teatime-call', () => {
  beforeEach(() => allow());
  afterEach(() => {
    byPage.clear();
    forgetDevices();
    delete (navigator.permissions as Partial<Permissions>).query;
  });

  it('shows nothing while nobody calls', async () => {
    const { element } = await show(undefined);
    expect(getComputedStyle(element).display).to.equal('none');
  });

  it('asks whether to answer, with or without a picture, and covers what is behind', async () => {
    const view = await show(aCall({ state: 'incoming' }));
    expect(view.text('.card')).to.contain('Mia Tanaka is calling you with video');
    expect(view.find('.card').role).to.equal('alertdialog');
    await view.press('Accept with video');
    await view.press('Accept without video');
    await view.press('Decline');
    expect(view.done).to.deep.equal([['accept', { video: true }], ['accept', { video: false }], ['decline']]);
    await expectAccessibleInBothThemes(view);
  });

  it('offers no pictures where they are switched off', async () => {
    const view = await show(aCall({ state: 'incoming' }), { off: ['video'] });
    expect(view.text('.card')).to.contain('is calling you').and.not.contain('video');
    await view.press('Accept');
    expect(view.done).to.deep.equal([['accept', { video: false }]]);
  });

  it('leaves to the page what the page has taken over', async () => {
    byPage.add('call-1');
    const { element } = await show(aCall({ state: 'incoming' }));
    expect(element.form).to.equal(undefined);
  });

  it('lets one look at oneself before calling, and calls with what was chosen', async () => {
    const view = await show(undefined);
    const plan = { conversationId: 'conversation-mia', video: true, check: true };
    view.host.dispatchEvent(new CustomEvent('call-plan', { detail: plan }));
    await view.settled();
    await view.until(() => view.done.length > 0);
    expect(view.element.form).to.equal('setup');
    view.$check.set({ ...view.$check.get(), cameraId: 'camera-1', stream: aPicture() });
    await view.settled();
    expect(view.one('video')).not.to.equal(null);
    expect(view.one('[role=meter]')!.ariaValueNow ?? view.one('[role=meter]')!.getAttribute('aria-valuenow')).to.equal(
      '50',
    );
    await expectAccessibleInBothThemes(view);
    await view.press('Turn microphone off');
    await view.press('Call with video');
    await view.until(() => view.element.form === undefined);
    expect(view.done).to.deep.include.members([
      ['previewDevices', { video: true }],
      ['start', 'conversation-mia', { video: true, microphoneId: 'microphone-1', cameraId: 'camera-1', muted: true }],
    ]);
    expect(view.done.at(-1)).to.deep.equal(['preview.release']);
  });

  it('calls at once with the devices chosen last, where they are allowed', async () => {
    allow('microphone', 'camera');
    rememberDevices({ microphoneId: 'microphone-2', cameraId: 'camera-2' });
    const view = await show(undefined);
    const plan = { conversationId: 'conversation-mia', video: true };
    view.host.dispatchEvent(new CustomEvent('call-plan', { detail: plan }));
    await view.until(() => view.done.length > 0);
    expect(view.element.form).to.equal(undefined);
    expect(view.done).to.deep.equal([
      ['start', 'conversation-mia', { video: true, microphoneId: 'microphone-2', cameraId: 'camera-2' }],
    ]);
    view.host.dispatchEvent(new CustomEvent('call-plan', { detail: { ...plan, check: true } }));
    await view.until(() => view.element.form === 'setup');
  });

  it('shows the camera first where the browser would ask for it', async () => {
    allow('microphone');
    const view = await show(undefined);
    const plan = { conversationId: 'conversation-mia', video: true };
    view.host.dispatchEvent(new CustomEvent('call-plan', { detail: plan }));
    await view.until(() => view.element.form === 'setup');
    await view.press('Cancel');
    // The microphone alone is enough for a call without pictures.
    view.host.dispatchEvent(new CustomEvent('call-plan', { detail: { ...plan, video: false } }));
    await view.until(() => view.done.some(([method]) => method === 'start'));
    expect(view.element.form).to.equal(undefined);
  });

  it('says why a call that should have begun at once did not, until that is dismissed', async () => {
    allow('microphone', 'camera');
    const start = (): Promise<void> => Promise.reject(aChatError({ code: 'conflict' }));
    const view = await show(undefined, { methods: { start } });
    const plan = { conversationId: 'conversation-mia', video: true };
    view.host.dispatchEvent(new CustomEvent('call-plan', { detail: plan }));
    await view.until(() => view.element.form === 'bar');
    expect(view.text('[role=alert]')).to.equal("You're in another call.");
    await expectAccessibleInBothThemes(view);
    await view.press('Dismiss');
    expect(view.element.form).to.equal(undefined);
  });

  it('keeps the focus with the person: from the call to its bar, and back to where it was when nobody calls any more', async () => {
    const view = await show(aCall({ state: 'incoming' }), { shown: undefined });
    const focused = (): string | null | undefined => {
      let active = view.host.shadowRoot!.activeElement;
      while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
      return active?.ariaLabel ?? active?.textContent?.trim();
    };
    const behind = view.element.parentElement!.appendChild(document.createElement('button'));
    behind.textContent = 'Behind';
    // Nobody is in the chat: a call that comes in does not take the focus away from the page.
    expect(focused()).to.equal(undefined);
    // In the panel the call stands beside what it makes unreachable; in this test it stands inside.
    view.element.parentElement!.removeAttribute('inert');
    view.button('Decline').focus();
    view.element.shown = 'conversation-mia';
    await view.change(aCall());
    await view.until(() => focused() === 'Turn microphone off');
    view.button('Fold the call').focus();
    await view.press('Fold the call');
    await view.until(() => focused() === 'Back to the call with Mia Tanaka');
    view.button('Leave the call').focus();
    await view.change(aCall({ state: 'ended', reason: 'completed' }));
    await view.until(() => focused() === 'Dismiss');
    behind.focus();
    await view.change(undefined);
    expect(focused()).to.equal('Behind');
    behind.remove();
  });

  it('says why a call could not begin, and lets go of the camera when one thinks better of it', async () => {
    const start = (): Promise<void> => Promise.reject(aChatError({ code: 'conflict' }));
    const view = await show(undefined, { methods: { start } });
    const plan = { conversationId: 'conversation-mia', video: false, check: true };
    view.host.dispatchEvent(new CustomEvent('call-plan', { detail: plan }));
    await view.until(() => view.done.length > 0);
    await view.press('Call');
    await view.settled();
    expect(view.one('.trouble')!.textContent).to.equal("You're in another call.");
    const escaped = press(view.one('.card')!, 'Escape');
    await view.settled();
    // The panel would close by a key that nobody has dealt with.
    expect(escaped).to.equal(false);
    expect(view.element.form).to.equal(undefined);
    expect(view.done.at(-1)).to.deep.equal(['preview.release']);
  });

  it('explains how to undo a refusal in this browser', async () => {
    const view = await show(undefined);
    view.$check.set({ ...view.$check.get(), problems: [{ device: 'microphone', reason: 'denied' }] });
    view.host.dispatchEvent(
      new CustomEvent('call-plan', { detail: { conversationId: 'conversation-mia', video: false, check: true } }),
    );
    await view.until(() => view.done.length > 0);
    await view.settled();
    expect(view.one('.trouble')!.textContent).to.contain('by the icon to the left of the address');
  });

  it('is above its conversation, beside it where there is room, and a bar elsewhere', async () => {
    const view = await show(aCall(), { size: [360, 640] });
    expect(view.element.form).to.equal('stage');
    await view.until(() => view.host.style.paddingBlockStart === `${view.element.offsetHeight}px`);
    expect(view.element.offsetHeight).to.be.within(250, 460);
    view.host.style.inlineSize = '900px';
    await view.until(() => view.element.wide);
    expect(view.element.offsetWidth).to.equal(540);
    expect(view.host.style.paddingBlockStart).to.equal('');
    view.element.shown = 'conversation-tea';
    await view.settled();
    expect(view.element.form).to.equal('bar');
    expect(view.text('.bar')).to.contain('Mia Tanaka 1:01');
    const opened = once<CustomEvent<{ id: string }>>(view.element, 'open-conversation');
    await view.press('Back to the call with Mia Tanaka');
    expect((await opened).detail.id).to.equal('conversation-mia');
    await expectAccessibleInBothThemes(view);
  });

  it('can be folded, and can have all the room, from which everything else is out of reach', async () => {
    const view = await show(aCall(), { size: [360, 640] });
    const behind = view.host.shadowRoot!.appendChild(document.createElement('button'));
    await view.press('Fold the call');
    expect(view.element.form).to.equal('bar');
    await view.press('Show the call');
    await view.press('Use the whole chat for the call');
    expect(view.element.large).to.equal(true);
    await view.press('Show messages too');
    expect(view.element.large).to.equal(false);
    behind.remove();
  });

  it('says how a call ended, and offers to call again', async () => {
    const ended = (changes: Partial<CallView>) => show(aCall({ state: 'ended', ...changes }));
    const own = { caller: aMe() };
    expect((await ended({ reason: 'declined', ...own })).text('.bar p')).to.equal('Mia Tanaka declined.');
    expect((await ended({ reason: 'missed', ...own })).text('.bar p')).to.equal('No answer.');
    expect((await ended({ reason: 'missed' })).text('.bar')).to.equal('Missed call. Call back');
    expect((await ended({ reason: 'busy', ...own })).text('.bar p')).to.equal('Mia Tanaka is in another call.');
    expect((await ended({ reason: 'full' })).text('.bar p')).to.contain('The call is full.');
    const view = await ended({ reason: 'failed', ...own });
    await view.press('Dismiss');
    expect(view.done).to.deep.equal([['dismiss']]);
    await view.press('Call again');
    await view.until(() => view.element.form === 'setup');
  });

  it('brings a call here that is in another tab, or was here before a reload', async () => {
    const view = await show(aCall({ state: 'elsewhere' }));
    expect(view.text('.bar')).to.contain('in another tab');
    await view.press('Move here');
    expect(view.done).to.deep.equal([['accept', { video: true }]]);
    await view.change(aCall({ state: 'elsewhere', rejoin: true }));
    expect(view.button('Join again')).to.be.instanceOf(HTMLElement);
    await view.press('Leave the call');
    expect(view.done.at(-1)).to.deep.equal(['leave']);
  });

  it('announces who comes and goes', async () => {
    const ken = aUser({ username: 'ken', displayName: 'Ken Ito' });
    const people = [aParticipant({ own: true }), aParticipant()];
    const call = aCall({
      conversationId: group.id,
      participants: [...people, aParticipant({ user: ken, state: 'ringing' })],
    });
    const view = await show(call, { shown: group.id });
    const said = (): string => view.find('[role=status].visually-hidden').textContent;
    await view.change({ ...call, participants: [...people, aParticipant({ user: ken })] });
    expect(said()).to.equal('Ken Ito joined.');
    await view.change({ ...call, participants: [...people, aParticipant({ user: ken, state: 'left' })] });
    expect(said()).to.equal('Ken Ito left.');
    await view.change({ ...call, state: 'reconnecting', participants: people });
    expect(said()).to.equal('Reconnecting…');
    await view.change({ ...call, participants: [people[0]!, { ...people[1]!, screen: true }] });
    await view.change({ ...call, participants: people });
    await view.change({ ...call, participants: [people[0]!, { ...people[1]!, screen: true }] });
    expect(said()).to.equal('Mia Tanaka shows their screen.');
  });
});
