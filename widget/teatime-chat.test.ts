import { expect } from 'chai';
import type { TeatimeErrorEvent, TeatimeOpenChangeEvent } from './events.ts';
import { TeatimeChat } from './index.ts';
import { once } from './testing/mount.ts';
import { expectAccessible } from './testing/accessible.ts';

// Nobody listens there: the chat keeps trying, which is all that these tests need of a server.
const server = 'http://127.0.0.1:9';

const secondCopy = new URL('./index.ts?again', import.meta.url).href;

const made: TeatimeChat[] = [];

const put = (attributes: Record<string, string> = {}): TeatimeChat => {
  const chat = document.createElement('teatime-chat');
  for (const [name, value] of Object.entries({ server, ...attributes })) chat.setAttribute(name, value);
  made.push(chat);
  document.body.append(chat);
  return chat;
};

const launcherOf = (chat: TeatimeChat): HTMLButtonElement => chat.shadowRoot!.querySelector('[part=launcher]')!;
const frameOf = (chat: TeatimeChat): HTMLElement | null => chat.shadowRoot!.querySelector('[part=panel]');
const panelOf = (chat: TeatimeChat) => chat.shadowRoot!.querySelector('teatime-panel');

describe('teatime-chat', () => {
  afterEach(() => {
    for (const chat of made.splice(0)) {
      chat.destroy();
      chat.remove();
    }
    localStorage.clear();
  });

  it('is only a button before it is opened: it loads nothing and stores nothing', async () => {
    const chat = put();
    expect(frameOf(chat)).to.equal(null);
    expect(launcherOf(chat).ariaLabel).to.equal('Open chat');
    expect(launcherOf(chat).ariaExpanded).to.equal('false');
    expect(localStorage.length).to.equal(0);
    await expectAccessible(chat);
  });

  it('opens by click in the top layer, moves the focus in, and gives it back on Esc', async () => {
    const chat = put();
    launcherOf(chat).focus();
    const opened = once<TeatimeOpenChangeEvent>(chat, 'teatime-open-change');
    launcherOf(chat).click();
    expect((await opened).detail).to.deep.equal({ open: true });
    await chat.show();
    expect(frameOf(chat)!.matches(':popover-open, :modal')).to.equal(true);
    expect(frameOf(chat)!.ariaLabel).to.equal('Chat');
    expect(launcherOf(chat).ariaLabel).to.equal('Close chat');
    let leaked = false;
    document.addEventListener('keydown', () => (leaked = true), { once: true });
    panelOf(chat)!.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true }),
    );
    expect(chat.open).to.equal(false);
    expect(leaked).to.equal(false);
    expect(frameOf(chat)!.matches(':popover-open, :modal')).to.equal(false);
  });

  it('fills its box in inline mode, and has a height of its own where the box has none', async () => {
    const box = document.createElement('div');
    document.body.append(box);
    const chat = put({ mode: 'inline' });
    box.append(chat);
    await chat.show();
    expect(chat.offsetHeight).to.equal(560);
    box.style.blockSize = '400px';
    expect(chat.offsetHeight).to.equal(400);
    expect(frameOf(chat)!.offsetHeight).to.equal(400);
    expect(launcherOf(chat).checkVisibility()).to.equal(false);
    box.remove();
  });

  it('fills the window in page mode', async () => {
    const chat = put({ mode: 'page' });
    await chat.show();
    expect(chat.offsetWidth).to.equal(document.documentElement.clientWidth);
    expect(chat.offsetHeight).to.equal(innerHeight);
  });

  it('changes its mode without losing its interface', async () => {
    const chat = put({ mode: 'inline' });
    await chat.show();
    const panel = panelOf(chat);
    chat.mode = 'launcher';
    expect(panelOf(chat)).to.equal(panel);
    expect(frameOf(chat)).to.be.instanceOf(HTMLDialogElement);
    expect(frameOf(chat)!.matches(':popover-open, :modal')).to.equal(true);
  });

  it('stays away when it is hidden', () => {
    const chat = put({ mode: 'inline' });
    chat.hidden = true;
    expect(chat.checkVisibility()).to.equal(false);
    chat.hidden = false;
    chat.mode = 'launcher';
    chat.hidden = true;
    expect(chat.checkVisibility()).to.equal(false);
  });

  it('keeps its interface when it is moved, also while open', async () => {
    const chat = put();
    await chat.show();
    const panel = panelOf(chat);
    const box = document.createElement('div');
    document.body.append(box);
    box.append(chat);
    expect(panelOf(chat)).to.equal(panel);
    expect(frameOf(chat)!.matches(':popover-open, :modal')).to.equal(true);
    box.remove();
  });

  it('takes in properties that were set before it was defined', () => {
    const early = document.createElement('teatime-early') as TeatimeChat;
    Object.assign(early, { site: 'shop', mode: 'inline', token: 'early', strings: { launcher: { open: 'Hello' } } });
    customElements.define('teatime-early', class extends TeatimeChat {});
    made.push(early);
    early.setAttribute('server', server);
    document.body.append(early);
    expect(Object.keys(early)).to.deep.equal([]);
    expect([early.site, early.mode, early.token]).to.deep.equal(['shop', 'inline', 'early']);
    expect(early.getAttribute('site')).to.equal('shop');
    expect(launcherOf(early).ariaLabel).to.equal('Hello');
  });

  it('shows each attribute as a property and back, with defaults for what makes no sense', () => {
    const chat = put({ mode: 'sideways', theme: 'dark', 'with-user': 'user-1' });
    expect([chat.mode, chat.theme, chat.position, chat.offlineStorage, chat.storageConsent]).to.deep.equal([
      'launcher',
      'dark',
      'bottom-end',
      'local',
      'granted',
    ]);
    expect(chat.withUser).to.equal('user-1');
    chat.withUser = '';
    expect(chat.hasAttribute('with-user')).to.equal(false);
  });

  it('never writes a token into the markup', () => {
    const chat = put();
    chat.token = 'secret';
    expect(chat.outerHTML).not.to.include('secret');
  });

  it('says what is wrong with a server that is none, in the page and to its developer', async () => {
    const failed = new Promise<TeatimeErrorEvent>((resolve) =>
      document.addEventListener('teatime-error', resolve as EventListener, { once: true }),
    );
    const chat = put({ server: 'javascript:alert(1)', mode: 'inline' });
    const { detail } = await failed;
    expect([detail.code, detail.retryable]).to.deep.equal(['configuration', false]);
    await chat.show();
    await panelOf(chat)!.updateComplete;
    expect(panelOf(chat)!.shadowRoot!.textContent).to.include("Chat isn't set up on this page yet.");
  });

  it('hands slots on to where they belong, and shows what stands there by default when they are empty', async () => {
    const chat = put({ mode: 'inline' });
    await chat.show();
    const sent = document.createElement('p');
    sent.slot = 'sign-in';
    chat.append(sent);
    await Promise.resolve();
    expect([...panelOf(chat)!.slotted]).to.deep.equal(['sign-in']);
    sent.remove();
    await Promise.resolve();
    expect([...panelOf(chat)!.slotted]).to.deep.equal([]);
  });

  it('is said to be offline in its custom states while the server is away', async () => {
    const chat = put({ mode: 'inline' });
    await chat.show();
    await once(chat, 'teatime-connection-change');
    while (chat.connection.status !== 'waiting') await once(chat, 'teatime-connection-change');
    expect(chat.matches(':state(offline)')).to.equal(true);
  });

  it('leaves the first copy in place when the script runs a second time', async () => {
    const second = (await import(secondCopy)) as { TeatimeChat: typeof TeatimeChat };
    expect(second.TeatimeChat).to.be.a('function');
    expect(customElements.get('teatime-chat')).to.equal(TeatimeChat);
  });

  it('is gone without a trace after destroy, and comes back when it is wanted again', async () => {
    const chat = put();
    await chat.show();
    chat.destroy();
    expect(frameOf(chat)).to.equal(null);
    expect(chat.open).to.equal(false);
    await chat.show();
    expect(frameOf(chat)).not.to.equal(null);
  });
});
