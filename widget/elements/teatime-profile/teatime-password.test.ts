import { expect } from 'chai';
import { html } from 'lit';
import { expectAccessibleInBothThemes, mount } from '../../testing/mount.ts';
import { aChatError, aChatState } from '../../testing/states.ts';
import './teatime-password.ts';
import type { TeatimePassword } from './teatime-password.ts';

/** The form, opened, before a server that knows one password. */
const opened = async (refuse?: () => Error) => {
  const changes: string[][] = [];
  const changePassword = async (...change: [string, string]): Promise<void> => {
    changes.push(change);
    if (refuse) throw refuse();
    if (change[0] !== 'earl grey') throw aChatError({ code: 'password_wrong' });
  };
  const { chat } = aChatState([], { changePassword });
  const mounted = await mount<TeatimePassword>(html`<teatime-password></teatime-password>`, { chat });
  mounted.find('summary').click();
  await mounted.settled();
  const input = (name: string) => mounted.find<HTMLInputElement>(`#${name}`);
  const submit = async (current: string, next: string) => {
    input('current').value = current;
    input('new').value = next;
    mounted.find<HTMLButtonElement>('[type=submit]').click();
    await mounted.settled();
    await mounted.settled();
  };
  return { ...mounted, changes, input, submit };
};

describe('teatime-password', () => {
  it('changes the password, and says what became of other devices', async () => {
    const form = await opened();
    expect(form.input('current').autocomplete).to.equal('current-password');
    expect(form.input('new').autocomplete).to.equal('new-password');
    await expectAccessibleInBothThemes(form);
    await form.submit('earl grey', 'oolong and more');
    expect(form.changes).to.deep.equal([['earl grey', 'oolong and more']]);
    expect(form.input('new').value).to.equal('');
    expect(form.text('[role=status]')).to.contain('Your other devices are signed out.');
  });

  it('says at the field what is wrong, and asks nobody when it can tell by itself', async () => {
    const form = await opened();
    await form.submit('', 'oolong and more');
    expect(form.input('current').getAttribute('aria-invalid')).to.equal('true');
    await form.submit('earl grey', 'short');
    expect(form.input('new').getAttribute('aria-invalid')).to.equal('true');
    expect(form.changes).to.deep.equal([]);
    await form.submit('assam', 'oolong and more');
    expect(form.text('[role=alert]')).to.equal('That is not your current password.');
    expect(form.input('current').getAttribute('aria-invalid')).to.equal('true');
    await expectAccessibleInBothThemes(form);
  });

  it('tells those whom their site signs in that they have none', async () => {
    const form = await opened(() => aChatError({ code: 'no_password' }));
    await form.submit('earl grey', 'oolong and more');
    expect(form.text('[role=alert]')).to.contain('has no password');
  });
});
