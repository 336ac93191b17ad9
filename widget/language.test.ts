import { expect } from 'chai';
import { TeatimeChat } from './index.ts';

// Nobody listens there: these tests need words, not a server. Whom the page has signed in is asked of the page.
const server = 'http://127.0.0.1:9';
const nobody = async (): Promise<null> => null;

const made: Element[] = [];
const page = document.documentElement;

const put = (attributes: Record<string, string> = {}, parent: ParentNode & Node = document.body): TeatimeChat => {
  const chat = document.createElement('teatime-chat');
  for (const [name, value] of Object.entries({ server, ...attributes })) chat.setAttribute(name, value);
  if (attributes['mode']) chat.tokenProvider = nobody;
  made.push(chat);
  parent.append(chat);
  return chat;
};

const box = (attributes: Record<string, string>): HTMLElement => {
  const div = document.createElement('div');
  for (const [name, value] of Object.entries(attributes)) div.setAttribute(name, value);
  made.push(div);
  document.body.append(div);
  return div;
};

const launcherOf = (chat: TeatimeChat): HTMLButtonElement => chat.shadowRoot!.querySelector('[part=launcher]')!;
const panelOf = (chat: TeatimeChat): Element => chat.shadowRoot!.querySelector('teatime-panel')!;
const frameOf = (chat: TeatimeChat): HTMLElement => chat.shadowRoot!.querySelector('[part=panel]')!;
const signIn = (chat: TeatimeChat): Element | undefined =>
  panelOf(chat)?.shadowRoot?.querySelector('teatime-sign-in') ?? undefined;
const said = (chat: TeatimeChat): string => signIn(chat)?.shadowRoot?.textContent ?? '';

/** Waits until something is true of the page. */
async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 25_000; !isTrue();) {
    if (Date.now() > end) throw new Error(`unable to go on; it never became true that ${isTrue}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the language of teatime-chat', function () {
  this.timeout(60_000);

  afterEach(() => {
    for (const element of made.splice(0)) {
      if (element instanceof TeatimeChat) element.destroy();
      element.remove();
    }
    page.removeAttribute('lang');
    page.removeAttribute('dir');
    localStorage.clear();
  });

  it('names the closed launcher in the language of the page, without loading the chat', async () => {
    page.lang = 'de-AT';
    const chat = put();
    await until(() => launcherOf(chat).ariaLabel === 'Chat öffnen');
    expect(panelOf(chat)).to.equal(null);
  });

  it('is in the language from the first moment that it is seen', async () => {
    page.lang = 'de';
    const chat = put({ mode: 'launcher' });
    await chat.show();
    expect(frameOf(chat).ariaLabel).to.equal('Chat');
    expect(chat.shadowRoot!.querySelector<HTMLElement>('.home')!.lang).to.equal('de');
    await until(() => said(chat).includes('Zum Chatten anmelden'));
    expect(said(chat)).not.to.include('Sign in to chat');
    expect(launcherOf(chat).ariaLabel).to.equal('Chat schließen');
  });

  it('follows `lang` on anything around it while it is open, and keeps what is shown', async () => {
    const around = box({ lang: 'en-GB' });
    const chat = put({ mode: 'inline' }, around);
    await until(() => said(chat).includes('Sign in to chat'));
    const form = signIn(chat);
    around.lang = 'de';
    await until(() => said(chat).includes('Zum Chatten anmelden'));
    expect(said(chat)).not.to.include('Sign in to chat');
    expect(signIn(chat)).to.equal(form);
    chat.lang = 'en';
    await until(() => said(chat).includes('Sign in to chat'));
    chat.removeAttribute('lang');
    await until(() => said(chat).includes('Zum Chatten anmelden'));
  });

  it('inherits the language from outside of the shadow root that it stands in', async () => {
    const around = box({ lang: 'de' });
    const root = around.attachShadow({ mode: 'open' });
    const chat = put({}, root);
    await until(() => launcherOf(chat).ariaLabel === 'Chat öffnen');
    around.lang = 'en';
    await until(() => launcherOf(chat).ariaLabel === 'Open chat');
  });

  it('takes on the language of the place that it is moved to', async () => {
    const german = box({ lang: 'de' });
    const english = box({ lang: 'en' });
    const chat = put({}, english);
    expect(launcherOf(chat).ariaLabel).to.equal('Open chat');
    german.append(chat);
    await until(() => launcherOf(chat).ariaLabel === 'Chat öffnen');
    english.append(chat);
    await until(() => launcherOf(chat).ariaLabel === 'Open chat');
  });

  it("lays the page's own wording over any language", async () => {
    const chat = put({ lang: 'de', mode: 'inline' });
    chat.strings = { signIn: { hostTitle: 'Herein' }, launcher: { open: 'Plaudern' } };
    await until(() => said(chat).includes('Herein'));
    expect(said(chat)).to.include('um Ihre Nachrichten zu sehen');
    expect(launcherOf(chat).ariaLabel).to.equal('Plaudern');
  });

  it('is English where it does not speak the language, or the language makes no sense', async () => {
    const around = box({ lang: 'de' });
    const chat = put({ mode: 'inline' }, around);
    await until(() => said(chat).includes('Zum Chatten anmelden'));
    for (const lang of ['tlh', 'no_such-language!']) {
      around.lang = lang;
      await until(() => said(chat).includes('Sign in to chat'));
      expect(launcherOf(chat).ariaLabel).to.equal('Open chat');
      expect(chat.shadowRoot!.querySelector<HTMLElement>('.home')!.lang).to.equal('en');
      around.lang = 'de';
      await until(() => said(chat).includes('Zum Chatten anmelden'));
    }
  });

  it('speaks two languages on one page', async () => {
    const german = put({ lang: 'de', mode: 'inline' });
    const english = put({ lang: 'en', mode: 'inline' });
    await until(() => said(german).includes('Zum Chatten anmelden') && said(english).includes('Sign in to chat'));
    expect(said(english)).not.to.include('Zum Chatten anmelden');
    expect(said(german)).not.to.include('Sign in to chat');
  });

  it('runs in the direction of its language where the page names none: launcher, panel and all inside', async () => {
    const chat = put({ lang: 'ar', mode: 'launcher' });
    await chat.show();
    await until(() => said(chat).includes('سجّل الدخول للدردشة'));
    expect(signIn(chat)!.matches(':dir(rtl)')).to.equal(true);
    for (const box of [launcherOf(chat), frameOf(chat)]) {
      expect(getComputedStyle(box).direction).to.equal('rtl');
      expect(box.getBoundingClientRect().left).to.be.lessThan(21);
    }
    expect(chat.hasAttribute('dir')).to.equal(false);
    chat.lang = 'de';
    await until(() => said(chat).includes('Zum Chatten anmelden'));
    expect(signIn(chat)!.matches(':dir(ltr)')).to.equal(true);
    expect(getComputedStyle(launcherOf(chat)).direction).to.equal('ltr');
  });

  it('runs in the direction that the page names, whatever the language, and follows it', async () => {
    const around = box({ dir: 'ltr' });
    const chat = put({ lang: 'ar', mode: 'inline' }, around);
    await until(() => said(chat).includes('سجّل الدخول للدردشة'));
    expect(signIn(chat)!.matches(':dir(ltr)')).to.equal(true);
    around.dir = 'rtl';
    await until(() => signIn(chat)!.matches(':dir(rtl)'));
    chat.lang = 'en';
    await until(() => said(chat).includes('Sign in to chat'));
    expect(signIn(chat)!.matches(':dir(rtl)')).to.equal(true);
    chat.dir = 'ltr';
    await until(() => signIn(chat)!.matches(':dir(ltr)'));
  });

  it('lets the styles of the page have the last word on the direction', async () => {
    const chat = put({ lang: 'ar', mode: 'inline' });
    chat.style.direction = 'ltr';
    await until(() => said(chat).includes('سجّل الدخول للدردشة'));
    expect(signIn(chat)!.matches(':dir(ltr)')).to.equal(true);
  });
});
