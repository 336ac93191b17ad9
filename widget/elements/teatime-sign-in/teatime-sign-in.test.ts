import { expect } from 'chai';
import { html } from 'lit';
import type { Registration } from '../../model/types.ts';
import { expectAccessibleInBothThemes, mount, type as typeInto, type Mounted } from '../../testing/mount.ts';
import { aChatError, aChatState } from '../../testing/states.ts';
import './teatime-sign-in.ts';
import type { TeatimeSignIn } from './teatime-sign-in.ts';

const picture = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

type Methods = Parameters<typeof aChatState>[1];

const signIn = (
  methods: Methods = {},
  off: readonly ('register' | 'password' | 'guests')[] = [],
): Promise<Mounted<TeatimeSignIn>> =>
  mount<TeatimeSignIn>(html`<teatime-sign-in></teatime-sign-in>`, { chat: aChatState([], methods).chat, off });

const fill = (mounted: Mounted<TeatimeSignIn>, values: Record<string, string>): void => {
  for (const [name, value] of Object.entries(values)) typeInto(mounted.find<HTMLInputElement>(`[name=${name}]`), value);
};

const toRegistration = async (mounted: Mounted<TeatimeSignIn>): Promise<void> => {
  mounted.find('.other').click();
  await mounted.until(() => mounted.all('[name=displayName]').length > 0);
};

const submit = async (mounted: Mounted<TeatimeSignIn>): Promise<void> => {
  mounted.find<HTMLButtonElement>('[type=submit]').click();
  await mounted.settled();
  await mounted.settled();
};

/** The words that are tied to a field, and whether it is marked as wrong. */
const noteOf = (mounted: Mounted<TeatimeSignIn>, name: string): [note: string, invalid: boolean] => {
  const field = mounted.find(`[name=${name}]`);
  const id = field.getAttribute('aria-describedby');
  return [id ? mounted.text(`#${id}`) : '', field.getAttribute('aria-invalid') === 'true'];
};

describe('teatime-sign-in', () => {
  it('signs in with what was typed, spaces around the name left out and none around the password', async () => {
    const calls: unknown[][] = [];
    const mounted = await signIn({ signIn: async (...args) => void calls.push(args) });
    fill(mounted, { identifier: ' noor ', password: ' tea for two ' });
    await submit(mounted);
    expect(calls).to.deep.equal([['noor', ' tea for two ']]);
  });

  it('names each empty field and puts the focus on the first one', async () => {
    const mounted = await signIn();
    await submit(mounted);
    expect(noteOf(mounted, 'identifier')).to.deep.equal(['Please fill this in.', true]);
    expect(noteOf(mounted, 'password')).to.deep.equal(['Please fill this in.', true]);
    expect(mounted.element.shadowRoot!.activeElement).to.equal(mounted.find('[name=identifier]'));
  });

  it('gives the focus to its first field, and where a finger would throw up the keyboard by that to its title', async () => {
    const { element, find, settled } = await signIn();
    element.focus();
    await settled();
    const place = matchMedia('(pointer: fine)').matches ? '[name=identifier]' : 'h2';
    expect(element.shadowRoot!.activeElement).to.equal(find(place));
  });

  it('says that name and password do not match, and never the words of the server', async () => {
    const mounted = await signIn({
      signIn: () => Promise.reject(aChatError({ code: 'unauthorized', message: 'SQL says no' })),
    });
    fill(mounted, { identifier: 'noor', password: 'wrong' });
    await submit(mounted);
    expect(mounted.text('[role=alert]')).to.equal("That name and password don't match.");
    expect(mounted.text()).not.to.include('SQL');
  });

  it('makes an account, with the optional fields only when they are filled in', async () => {
    const calls: Registration[] = [];
    const mounted = await signIn({ register: async (registration) => void calls.push(registration) });
    await toRegistration(mounted);
    mounted.find('.more').click();
    await mounted.settled();
    fill(mounted, {
      displayName: ' Noor ',
      username: 'noor',
      password: 'tea for two',
      email: '',
      phone: '+44 1632 960000',
    });
    await submit(mounted);
    expect(calls).to.deep.equal([
      { displayName: 'Noor', username: 'noor', password: 'tea for two', phone: '+44 1632 960000' },
    ]);
  });

  it('ties what the server objected to to its field', async () => {
    const failure = { code: 'conflict', fields: { username: 'is taken' } } as const;
    const mounted = await signIn({ register: () => Promise.reject(aChatError(failure)) });
    await toRegistration(mounted);
    fill(mounted, { displayName: 'Noor', username: 'noor', password: 'tea for two' });
    await submit(mounted);
    expect(noteOf(mounted, 'username')).to.deep.equal(['That user name is taken. Try another.', true]);
    expect(noteOf(mounted, 'password')[1]).to.equal(false);
    typeInto(mounted.find<HTMLInputElement>('[name=username]'), 'noor2');
    await mounted.settled();
    expect(noteOf(mounted, 'username')[1]).to.equal(false);
  });

  it('sends once, however often the button is pressed', async () => {
    let calls = 0;
    const mounted = await signIn({ signIn: () => (calls++, new Promise(() => undefined)) });
    fill(mounted, { identifier: 'noor', password: 'tea for two' });
    await submit(mounted);
    await submit(mounted);
    expect(calls).to.equal(1);
  });

  it('keeps Enter from the form around the chat', async () => {
    const mounted = await signIn({ signIn: async () => undefined });
    const form = document.createElement('form');
    let submitted = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submitted = true;
    });
    document.body.append(form);
    form.append(mounted.host);
    await mounted.settled();
    fill(mounted, { identifier: 'noor', password: 'tea for two' });
    mounted.find<HTMLFormElement>('form').requestSubmit();
    await mounted.settled();
    expect(submitted).to.equal(false);
    form.remove();
  });

  it('shows and hides the password', async () => {
    const mounted = await signIn();
    const field = mounted.find<HTMLInputElement>('[name=password]');
    mounted.find('[aria-label="Show password"]').click();
    await mounted.settled();
    expect(field.type).to.equal('text');
    mounted.find('[aria-label="Hide password"]').click();
    await mounted.settled();
    expect(field.type).to.equal('password');
  });

  it('offers no account where the page switched that off', async () => {
    const mounted = await signIn({}, ['register']);
    expect(mounted.all('.other')).to.have.length(0);
  });

  it('lets guests in with a name, and ties what was wrong with it to its field', async () => {
    const names: string[] = [];
    const mounted = await signIn({
      enterAsGuest(name) {
        if (name === 'Support') return Promise.reject(aChatError({ code: 'name_reserved' }));
        names.push(name);
        return Promise.resolve();
      },
    });
    mounted.find('.guest').click();
    await mounted.until(() => mounted.all('[name=displayName]').length > 0);
    expect(mounted.all('input')).to.have.length(1);
    await submit(mounted);
    expect(noteOf(mounted, 'displayName')).to.deep.equal(['Please fill this in.', true]);
    fill(mounted, { displayName: 'Support' });
    await submit(mounted);
    await mounted.until(() => noteOf(mounted, 'displayName')[1]);
    expect(names).to.deep.equal([]);
    await expectAccessibleInBothThemes(mounted);
    fill(mounted, { displayName: ' Ada ' });
    await submit(mounted);
    expect(names).to.deep.equal(['Ada']);
    mounted.find('.other').click();
    await mounted.until(() => mounted.all('[name=identifier]').length > 0);
  });

  it('lets guests in where there are no passwords too, but not where the page signs people in by itself', async () => {
    const mounted = await signIn({}, ['register', 'password']);
    mounted.find('.guest').click();
    await mounted.until(() => mounted.all('[name=displayName]').length > 0);
    expect(mounted.text('h2')).to.equal('Chat as a guest');
    expect(mounted.all('.other')).to.have.length(0);
    const byHost = await signIn();
    byHost.element.byHost = true;
    await byHost.settled();
    expect(byHost.all('.guest')).to.have.length(0);
    expect((await signIn({}, ['guests'])).all('.guest')).to.have.length(0);
  });

  it('says that one signs in by the page where there are no passwords', async () => {
    const mounted = await signIn({}, ['register', 'password']);
    expect(mounted.all('form, .other')).to.have.length(0);
    expect(mounted.text()).to.include('Sign in on this page');
  });

  it('shows the logo of the site, under its name', async () => {
    const { chat, $config } = aChatState();
    const mounted = await mount<TeatimeSignIn>(html`<teatime-sign-in></teatime-sign-in>`, { chat });
    const config = $config.get()!;
    $config.set({ ...config, site: { key: 'acme', name: 'Acme', branding: { logoUrl: picture } } });
    await mounted.settled();
    const logo = mounted.find<HTMLImageElement>('img');
    expect([logo.alt, logo.src, logo.referrerPolicy]).to.deep.equal(['Acme', picture, 'no-referrer']);
    expect(mounted.all('.mark')).to.have.length(0);
  });

  it('leaves the signing in to a page that does it by itself', async () => {
    const mounted = await signIn();
    mounted.element.byHost = true;
    await mounted.settled();
    expect(mounted.all('form')).to.have.length(0);
    expect(mounted.text()).to.include('Sign in on this page');
  });

  it('is accessible in both forms, with errors, in light and dark', async () => {
    const mounted = await signIn();
    await submit(mounted);
    mounted.element.reason = 'revoked';
    await expectAccessibleInBothThemes(mounted);
    await toRegistration(mounted);
    await submit(mounted);
    await expectAccessibleInBothThemes(mounted);
  });
});
