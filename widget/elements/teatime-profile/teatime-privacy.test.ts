import { expect } from 'chai';
import { html } from 'lit';
import type { Settings } from '../../../protocol/users.ts';
import { expectAccessibleInBothThemes, mount } from '../../testing/mount.ts';
import { aChatError, aChatState } from '../../testing/states.ts';
import './teatime-privacy.ts';
import type { TeatimePrivacy } from './teatime-privacy.ts';

const all: Settings = { whoMayCall: 'everybody', showsReceipts: true, showsPresence: true, showsTyping: true };

/** A server that keeps what it is told, and may refuse. */
const aServer = (refuse: (change: Partial<Settings> | undefined) => boolean = () => false) => {
  const asked: (Partial<Settings> | undefined)[] = [];
  let kept = all;
  const settings = async (change?: Partial<Settings>): Promise<Settings> => {
    asked.push(change);
    if (refuse(change)) throw aChatError({ code: 'network' });
    return (kept = { ...kept, ...change });
  };
  return { asked, settings };
};
const privacy = async ({ settings }: ReturnType<typeof aServer>, state = aChatState([], { settings })) => {
  const mounted = await mount<TeatimePrivacy>(html`<teatime-privacy></teatime-privacy>`, { chat: state.chat });
  await mounted.settled();
  const input = (name: string) => mounted.find<HTMLInputElement>(`[name=${name}]`);
  const pick = async (value: string) => {
    const select = mounted.find<HTMLSelectElement>('select');
    select.value = value;
    select.dispatchEvent(new Event('change'));
    await mounted.settled();
    await mounted.settled();
  };
  const toggle = async (name: string) => {
    input(name).click();
    await mounted.settled();
    await mounted.settled();
  };
  return { ...mounted, input, pick, toggle };
};

describe('teatime-privacy', () => {
  it('shows what is, and keeps each choice at once', async () => {
    const server = aServer();
    const mounted = await privacy(server);
    expect(mounted.all('[role=switch]')).to.have.length(3);
    expect(mounted.input('showsReceipts').checked).to.equal(true);
    await mounted.toggle('showsReceipts');
    await mounted.toggle('showsTyping');
    await mounted.pick('known');
    expect(server.asked).to.deep.equal([
      undefined,
      { showsReceipts: false },
      { showsTyping: false },
      { whoMayCall: 'known' },
    ]);
    expect(mounted.input('showsReceipts').checked).to.equal(false);
    expect(mounted.find<HTMLSelectElement>('select').value).to.equal('known');
    expect(mounted.text('[role=status]')).to.equal('Saved.');
    expect(mounted.text('[role=alert]')).to.equal('');
  });

  it('takes back what could not be kept, and says why', async () => {
    const server = aServer((change) => change?.showsPresence === false || change?.whoMayCall === 'nobody');
    const mounted = await privacy(server);
    await mounted.toggle('showsPresence');
    expect(mounted.input('showsPresence').checked).to.equal(true);
    expect(mounted.text('[role=alert]')).to.equal("Can't reach the chat. Check your connection and try again.");
    await mounted.pick('nobody');
    expect(mounted.find<HTMLSelectElement>('select').value).to.equal('everybody');
    await mounted.toggle('showsTyping');
    expect(mounted.text('[role=alert]')).to.equal('');
    expect(mounted.text('[role=status]')).to.equal('Saved.');
  });

  it('asks again when it could not learn what is', async () => {
    let broken = true;
    const mounted = await privacy(aServer(() => broken));
    expect(mounted.all('[role=switch]')).to.have.length(0);
    broken = false;
    mounted.find('[role=alert] button').click();
    await mounted.settled();
    await mounted.settled();
    expect(mounted.all('[role=switch]')).to.have.length(3);
    expect(mounted.all('[role=alert] button')).to.have.length(0);
  });

  it('leaves out who may call where there are no calls', async () => {
    const server = aServer();
    const state = aChatState([], { settings: server.settings });
    state.$callLimits.set(undefined);
    const mounted = await privacy(server, state);
    expect(mounted.all('select')).to.have.length(0);
    expect(mounted.all('[role=switch]')).to.have.length(3);
  });

  it('is accessible in light and dark, while all is well and after a failure', async () => {
    const mounted = await privacy(aServer((change) => change !== undefined));
    await expectAccessibleInBothThemes(mounted);
    await mounted.toggle('showsTyping');
    await expectAccessibleInBothThemes(mounted);
  });
});
