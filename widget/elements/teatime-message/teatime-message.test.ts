import { expect } from 'chai';
import type { TeatimeLinkClickEvent } from '../../chat-events.ts';
import '../teatime-message-actions/teatime-message-actions.ts';
import type { File } from '../../../protocol/files.ts';
import { aFile, aVoice } from '../../testing/files.ts';
import { expectAccessibleInBothThemes, press } from '../../testing/mount.ts';
import { aConversationState, aGroup, anItem, aStagedFile } from '../../testing/pane.ts';
import { showPane, type Pane } from '../../testing/show-pane.ts';
import { aMe } from '../../testing/states.ts';

const hostile = [
  '<img src=x onerror="globalThis.hacked = 1">',
  '<svg onload="globalThis.hacked = 1"><style><img src=x onerror=globalThis.hacked=1></style></svg>',
  '"><script>globalThis.hacked = 1</script>',
  '${globalThis.hacked = 1} {{constructor.constructor("hacked=1")()}} ?lit$1$ <!--?lit$1$-->',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=hacked=1&gt;">',
  '[a](javascript:alert(1)) <a href="javascript:alert(1)">b</a>',
];

/** A chat whose files take for ever to come. */
const withoutFiles = { fileAddress: () => new Promise<never>(() => undefined), localPreview: () => undefined };

const message = (pane: Pane, ...path: string[]) => pane.find('teatime-timeline', 'teatime-message', ...path);
const bar = ['teatime-timeline', 'teatime-message', 'teatime-message-actions'] as const;

async function point(pane: Pane): Promise<void> {
  message(pane).dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));
  await pane.settled();
}

/** Opens the menu, and resolves when it is on screen. */
async function menu(pane: Pane): Promise<void> {
  await point(pane);
  pane.find(...bar, '[aria-haspopup=menu]').click();
  await pane.settled();
}

describe('teatime-message', () => {
  it('shows markup that people write as text, and runs nothing of it', async () => {
    const items = hostile.map((text, index) => anItem(index + 1, { text }));
    const pane = await showPane(aConversationState(items));
    const texts = pane.all('teatime-timeline', 'teatime-message').map((element) => {
      const text = element.shadowRoot!.querySelector('.text')!.cloneNode(true) as HTMLElement;
      expect(text.querySelector('img, svg:not(.icon), script, style, table, iframe, a')).to.equal(null);
      text.querySelector('.meta')!.remove();
      return text.textContent;
    });
    expect(texts).to.deep.equal(hostile);
    expect('hacked' in globalThis).to.equal(false);
  });

  it('opens links apart from the page and without telling it, and lets the page step in', async () => {
    const pane = await showPane(aConversationState([anItem(1, { text: 'See https://a.example/b.' })]));
    const link = message(pane, 'a') as HTMLAnchorElement;
    expect([link.href, link.target, link.rel]).to.deep.equal([
      'https://a.example/b',
      '_blank',
      'noopener noreferrer nofollow ugc',
    ]);
    let asked = '';
    pane.mounted.host.addEventListener(
      'teatime-link-click',
      (event) => {
        asked = (event as TeatimeLinkClickEvent).detail.url;
        event.preventDefault();
      },
      { once: true },
    );
    const click = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true });
    expect(link.dispatchEvent(click)).to.equal(false);
    expect(asked).to.equal('https://a.example/b');
  });

  it('lets text and names run in their own direction', async () => {
    const pane = await showPane(aConversationState([anItem(1, { text: 'שלום' })], aGroup()));
    expect(getComputedStyle(message(pane, '.text')).direction).to.equal('rtl');
    expect(message(pane, '.name').localName).to.equal('bdi');
  });

  it('draws the longest message in good time', async () => {
    const pane = await showPane(aConversationState([]));
    const text = '> *a* https://b.example `c` '.repeat(700);
    const start = performance.now();
    pane.state.$timeline.set({ status: 'ready', items: [anItem(1, { text })], hasOlder: false });
    await pane.mounted.settled();
    expect(message(pane, '.text').querySelectorAll('a')).to.have.length(700);
    // Ten times what it takes on an idle machine; the promise is that nothing hangs.
    expect(performance.now() - start).to.be.below(1_000);
  });

  it('says how far it has come in words', async () => {
    const states = ['sending', 'sent', 'delivered', 'read'] as const;
    const items = states.map((delivery, index) => anItem(index + 1, {}, { own: true, delivery }));
    const pane = await showPane(aConversationState(items));
    const words = pane
      .all('teatime-timeline', 'teatime-message')
      .map((element) => element.shadowRoot!.querySelector('.status')!.textContent!.trim());
    expect(words).to.deep.equal(['Sending', 'Sent', 'Delivered', 'Read']);
  });

  it('stays when it could not be sent, with the reason and two ways out', async () => {
    const item = anItem(1, {}, { own: true, delivery: 'failed', failure: { code: 'blocked', message: 'raw text' } });
    const pane = await showPane(aConversationState([item]));
    const failure = message(pane, '.failure');
    expect(failure.textContent).to.contain("Not sent. You can't message this person.").and.not.contain('raw text');
    for (const button of failure.querySelectorAll('button')) button.click();
    expect(pane.done()).to.deep.equal([
      ['retry', 'client-1'],
      ['discard', 'client-1'],
    ]);
  });

  it('says that it was deleted, and can then be neither answered nor changed', async () => {
    const pane = await showPane(aConversationState([anItem(1, { text: '', deletedAt: new Date().toISOString() })]));
    expect(message(pane, '.text').textContent).to.contain('This message was deleted.');
    await point(pane);
    expect(pane.all('teatime-timeline', 'teatime-message', 'teatime-message-actions')).to.have.length(0);
  });

  it('quotes what it answers, and leads there', async () => {
    const items = [anItem(1, { text: 'Green or black?' }), anItem(2, { replyTo: 'message-1' }, { own: true })];
    const pane = await showPane(aConversationState(items));
    const quote = pane.all('teatime-timeline', 'teatime-message')[1]!.shadowRoot!.querySelector<HTMLElement>('.quote')!;
    expect(quote.innerText).to.contain('Mia Tanaka').and.contain('Green or black?');
    quote.click();
    await pane.settled();
    expect(pane.find('teatime-timeline', 'teatime-message[highlighted]').parentElement!.dataset['key']).to.equal(
      'message-1',
    );
  });

  it('says so when what it answers is gone', async () => {
    const items = [anItem(2, { replyTo: 'message-1' })];
    const pane = await showPane(aConversationState(items));
    expect(message(pane, '.quote').textContent).to.contain("The message isn't there any more.");
  });

  it('toggles reactions and names those who reacted', async () => {
    const reactions = [
      { emoji: '🍵', userIds: [aMe().id, 'user-ken'] },
      { emoji: '👍', userIds: ['user-ken', 'user-gone'] },
    ];
    const pane = await showPane(aConversationState([anItem(1, { reactions })], aGroup()));
    const pills = pane.all('teatime-timeline', 'teatime-message', '.reaction');
    expect(pills.map((pill) => [pill.getAttribute('aria-pressed'), pill.ariaLabel])).to.deep.equal([
      ['true', '🍵, 2: You and Ken Ito'],
      ['false', '👍, 2: Ken Ito and Somebody who left'],
    ]);
    for (const pill of pills) pill.click();
    expect(pane.done()).to.deep.equal([
      ['react', 'message-1', '🍵', false],
      ['react', 'message-1', '👍', true],
    ]);
  });

  it('offers what can be done with it when it is pointed at, and only then', async () => {
    const pane = await showPane(aConversationState([anItem(1)]));
    expect(pane.all('teatime-timeline', 'teatime-message', 'teatime-message-actions')).to.have.length(0);
    await point(pane);
    pane.find(...bar, '.action').click();
    pane.find(...bar, '[aria-label=Reply]');
    expect(pane.done()).to.deep.equal([['react', 'message-1', '👍', true]]);
  });

  it('lets one’s own messages be changed and deleted after a question, others’ not', async () => {
    const others = await showPane(aConversationState([anItem(1)]));
    await menu(others);
    expect(others.all(...bar, '[role=menuitem]').map((item) => item.innerText.trim())).to.deep.equal([
      'Copy text',
      'Report',
    ]);

    const pane = await showPane(aConversationState([anItem(1, {}, { own: true })]));
    await menu(pane);
    expect(pane.all(...bar, '[role=menuitem]').map((item) => item.innerText.trim())).to.deep.equal([
      'Edit',
      'Copy text',
      'Delete',
    ]);
    await expectAccessibleInBothThemes(pane.mounted);
    pane.find(...bar, '.item.danger').click();
    await pane.settled();
    expect(pane.done()).to.deep.equal([]);
    pane.find(...bar, '.question .danger').click();
    expect(pane.done()).to.deep.equal([['delete', 'message-1']]);
  });

  it('lets admins of a group delete what others wrote', async () => {
    const pane = await showPane(aConversationState([anItem(1)], aGroup('admin')));
    await menu(pane);
    expect(pane.find(...bar, '.item.danger').innerText.trim()).to.equal('Delete');
  });

  it('is worked by keys: Enter for what can be done, arrows along it, Escape back, Escape to the composer', async () => {
    const pane = await showPane(aConversationState([anItem(1)]));
    const element = message(pane);
    element.focus();
    press(element, 'Enter');
    await pane.settled();
    const focused = () => pane.find(...bar.slice(0, 2), 'teatime-message-actions').shadowRoot!.activeElement;
    expect(focused()?.ariaLabel).to.equal('React with 👍');
    press(focused()!, 'ArrowRight');
    expect(focused()?.ariaLabel).to.equal('React with ❤️');
    press(focused()!, 'End');
    expect(focused()?.ariaLabel).to.equal('More');
    // Tab passes all of the bar in one step, by the button that had the focus last.
    const stops = pane.all(...bar, '.action').filter(({ tabIndex }) => tabIndex === 0);
    expect(stops).to.deep.equal([focused()]);
    (focused() as HTMLElement).click();
    await pane.settled();
    expect(focused()?.textContent?.trim()).to.equal('Copy text');
    press(focused()!, 'Escape');
    expect(focused()?.ariaLabel).to.equal('More');
    press(focused()!, 'Escape');
    expect(pane.find('teatime-timeline').shadowRoot!.activeElement).to.equal(element);
    press(element, 'Escape');
    expect(pane.find('teatime-composer').shadowRoot!.activeElement?.localName).to.equal('textarea');
  });

  it('leaves out what the page switched off', async () => {
    const pane = await showPane(aConversationState([anItem(1)]), { off: ['reactions', 'replies'] });
    await point(pane);
    expect(pane.all(...bar, '.action').map((action) => action.ariaLabel)).to.deep.equal(['More']);
  });

  it('says in a few words what files it brings, to screen readers and where it is quoted', async () => {
    const files = (...some: Partial<File>[]) => some.map((changes) => aFile(changes));
    const items = [
      anItem(1, { text: '', files: files({}) }),
      anItem(2, { text: '', files: [aVoice(12_400)] }),
      anItem(3, { text: 'See this', files: files({ kind: 'video' }) }),
      anItem(4, { text: '', files: files({}, {}, {}) }),
      anItem(5, { text: '', files: files({ kind: 'file', name: 'report.pdf' }, {}) }),
      anItem(6, { text: '', files: files({ kind: 'audio', name: 'song.mp3' }) }),
      anItem(7, { text: 'Nice', replyTo: 'message-5' }),
      anItem(8, { text: '', files: [] }, { own: true, delivery: 'sending', uploads: [aStagedFile()] }),
    ];
    const pane = await showPane(aConversationState(items), { methods: withoutFiles });
    const messages = pane.all('teatime-timeline', 'teatime-message');
    expect(messages.map(({ ariaLabel }) => ariaLabel!.replace(/^.*?\d: /, ''))).to.deep.equal([
      'Photo',
      'Voice message 0:12',
      'Video: See this',
      '3 files: photo.png, …',
      '2 files: report.pdf, …',
      'song.mp3',
      'Nice',
      'report.pdf',
    ]);
    expect(messages[6]!.shadowRoot!.querySelector<HTMLElement>('.quote-text')!.innerText).to.equal(
      '2 files: report.pdf, …',
    );
  });

  it('shows no files once it is deleted', async () => {
    const deletedAt = new Date().toISOString();
    const pane = await showPane(aConversationState([anItem(1, { text: '', deletedAt })]));
    expect(pane.all('teatime-timeline', 'teatime-message', 'teatime-message-files')).to.have.length(0);
  });

  it('offers its file for download where there is one, and its text for copying where there is some', async () => {
    const pane = await showPane(aConversationState([anItem(1, { text: '', files: [aFile()] })]), {
      methods: withoutFiles,
    });
    await menu(pane);
    expect(pane.all(...bar, '[role=menuitem]').map((item) => item.innerText.trim())).to.deep.equal([
      'Download',
      'Report',
    ]);
  });
});
