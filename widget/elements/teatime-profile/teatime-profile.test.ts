import { expect } from 'chai';
import { html } from 'lit';
import { expectAccessibleInBothThemes, mount, once, press, type as typeInto } from '../../testing/mount.ts';
import { aChatError, aChatState, aMe } from '../../testing/states.ts';
import './teatime-profile.ts';
import type { TeatimeProfile } from './teatime-profile.ts';

type Methods = NonNullable<Parameters<typeof aChatState>[1]>;

const profile = (methods: Methods = {}, more: Parameters<typeof aMe>[0] = {}) =>
  mount<TeatimeProfile>(html`<teatime-profile></teatime-profile>`, {
    chat: aChatState([], { settings: async () => allShown, ...methods }, aMe({ email: 'noor@example.com', ...more }))
      .chat,
  });
const allShown = { whoMayCall: 'everybody', showsReceipts: true, showsPresence: true, showsTyping: true } as const;

describe('teatime-profile', () => {
  it('saves only what was changed', async () => {
    const saved: unknown[] = [];
    const mounted = await profile({ updateProfile: async (changes) => void saved.push(changes) });
    const save = mounted.find<HTMLButtonElement>('[type=submit]');
    expect(save.disabled).to.equal(true);
    mounted.find<HTMLInputElement>('[value=iris]').click();
    await mounted.settled();
    save.click();
    await mounted.settled();
    await mounted.settled();
    expect(saved).to.deep.equal([{ avatarColor: 'iris' }]);
    expect(mounted.text('[role=status]')).to.equal('Saved.');
  });

  it('refuses an empty name and says what the server refused, both at the field', async () => {
    const mounted = await profile({
      updateProfile: () => Promise.reject(aChatError({ code: 'validation_failed', fields: { displayName: 'no' } })),
    });
    const field = mounted.find<HTMLInputElement>('[name=name]');
    typeInto(field, '   ');
    await mounted.settled();
    mounted.find('[type=submit]').click();
    await mounted.settled();
    expect(mounted.text('#error')).to.equal('Please fill this in.');
    typeInto(field, 'Noor H');
    await mounted.settled();
    mounted.find('[type=submit]').click();
    await mounted.settled();
    await mounted.settled();
    expect(mounted.text('#error')).to.equal('Use 1 to 64 characters.');
    expect(field.getAttribute('aria-describedby')).to.equal('error');
  });

  it('shows the facts of the account and leaves out what there is not', async () => {
    const mounted = await profile();
    expect(mounted.text('dl')).to.equal('User name @noor E-mail noor@example.com');
  });

  it('signs out, and forgets this device only when asked to', async () => {
    const calls: unknown[] = [];
    const mounted = await profile({ signOut: async (options) => void calls.push(options) });
    mounted.find('.leave .button').click();
    mounted.find<HTMLInputElement>('[type=checkbox]').click();
    mounted.find('.leave .button').click();
    expect(calls).to.deep.equal([{ forget: false }, { forget: true }]);
  });

  it('says that a guest is one, and asks once more before a guest signs out for good', async () => {
    const calls: unknown[] = [];
    const mounted = await profile({ signOut: async (options) => void calls.push(options) }, { kind: 'guest' });
    expect(mounted.text('.guest')).to.equal('You are here as a guest, on this device only.');
    expect(mounted.all('dl')).to.have.length(0);
    const [leave, stay] = ['.leave .button:not(.quiet)', '.leave .quiet'];
    mounted.find(leave).click();
    await mounted.settled();
    expect(mounted.text('.question')).to.include('a guest cannot come back');
    await expectAccessibleInBothThemes(mounted);
    mounted.find(stay).click();
    await mounted.settled();
    expect(mounted.all('.question')).to.have.length(0);
    expect(calls).to.deep.equal([]);
    mounted.find(leave).click();
    await mounted.settled();
    mounted.find(leave).click();
    expect(calls).to.deep.equal([{ forget: false }]);
  });

  it('goes back by Esc', async () => {
    const mounted = await profile();
    const back = once(mounted.element, 'back');
    expect(press(mounted.find('[name=name]'), 'Escape')).to.equal(false);
    await back;
  });

  it('is accessible in light and dark', async () => {
    await expectAccessibleInBothThemes(await profile());
  });
});
