import { expect } from 'chai';
import { expectAccessibleInBothThemes, press, type as typeInto } from '../../testing/mount.ts';
import { aConversationState, aGroup, anItem } from '../../testing/pane.ts';
import { showPane, type Pane } from '../../testing/show-pane.ts';
import { aChatError } from '../../testing/states.ts';
import type { TeatimeMessageSendEvent } from '../../chat-events.ts';
import './mention-list.ts';
import { mentionAt } from './mention-query.ts';
import { mentionsIn } from './mentions.ts';
import { cleanText, measureText } from './text-length.ts';

const field = (pane: Pane) => pane.find<HTMLTextAreaElement>('teatime-composer', 'textarea');
const send = (pane: Pane) => pane.find<HTMLButtonElement>('teatime-composer', '.box > button:last-of-type');
const write = async (pane: Pane, text: string) => {
  typeInto(field(pane), text);
  await pane.settled();
};

describe('teatime-composer', () => {
  it('sends on Enter, clears itself and keeps the focus', async () => {
    const pane = await showPane(aConversationState(), { off: ['voice'] });
    expect(send(pane).disabled).to.equal(true);
    await write(pane, '  Two cups, please \n');
    expect(send(pane).disabled).to.equal(false);
    expect(press(field(pane), 'Enter')).to.equal(false);
    await pane.settled();
    expect(pane.done()).to.deep.equal([['send', 'Two cups, please', {}]]);
    expect(field(pane).value).to.equal('');
    expect(pane.find('teatime-composer').shadowRoot!.activeElement).to.equal(field(pane));
  });

  it('leaves Enter alone with Shift, and while an input method is open', async () => {
    const pane = await showPane(aConversationState());
    await write(pane, 'にほん');
    const key = { key: 'Enter', bubbles: true, composed: true, cancelable: true };
    expect(field(pane).dispatchEvent(new KeyboardEvent('keydown', { ...key, shiftKey: true }))).to.equal(true);
    expect(field(pane).dispatchEvent(new KeyboardEvent('keydown', { ...key, isComposing: true }))).to.equal(true);
    expect(pane.done()).to.deep.equal([]);
  });

  it('keeps the draft, shows the one that is kept, and tells that one is typing', async () => {
    const state = aConversationState();
    state.$draft.set({ text: 'kept' });
    const pane = await showPane(state);
    expect(field(pane).value).to.equal('kept');
    await write(pane, 'kept on');
    expect(state.$draft.get()).to.deep.equal({ text: 'kept on' });
    expect(state.calls).to.deep.include(['typing']);
    state.$draft.set({ text: 'from the page' });
    await pane.settled();
    expect(field(pane).value).to.equal('from the page');
  });

  it('lets the page keep a message from going out', async () => {
    const pane = await showPane(aConversationState());
    await write(pane, 'secret');
    pane.mounted.host.addEventListener(
      'teatime-message-send',
      (event) => (event as TeatimeMessageSendEvent).detail.text === 'secret' && event.preventDefault(),
    );
    send(pane).click();
    await pane.settled();
    expect(pane.done()).to.deep.equal([]);
    expect(field(pane).value).to.equal('secret');
  });

  it('gives the text back and says why when it could not be kept', async () => {
    const fails = { send: () => Promise.reject(aChatError({ code: 'storage' })) };
    const pane = await showPane(aConversationState([], undefined, fails));
    await write(pane, 'precious');
    send(pane).click();
    await pane.settled();
    expect(field(pane).value).to.equal('precious');
    expect(pane.find('[role=status]').textContent).to.contain("This browser couldn't keep that on the device.");
  });

  it('grows with its lines up to eight', async () => {
    const pane = await showPane(aConversationState());
    const heights: number[] = [];
    for (const lines of [1, 3, 8, 20]) {
      await write(pane, Array.from({ length: lines }, () => 'x').join('\n'));
      heights.push(field(pane).offsetHeight);
    }
    const [one = 0, three = 0, eight = 0, twenty] = heights;
    expect(three - one).to.equal(40);
    expect(eight - three).to.equal(100);
    expect(twenty).to.equal(eight);
  });

  it('answers with the quote above, which Escape takes away', async () => {
    const items = [anItem(1, { text: 'Green or black?' })];
    const pane = await showPane(aConversationState(items));
    const composer = pane.find<HTMLElementTagNameMap['teatime-composer']>('teatime-composer');
    composer.reply(items[0]!.message);
    await write(pane, 'Black');
    expect(pane.find('teatime-composer', '.quote').innerText)
      .to.contain('Replying to Mia Tanaka')
      .and.contain('Green or black?');
    expect(press(field(pane), 'Escape')).to.equal(false);
    await pane.settled();
    expect(pane.all('teatime-composer', '.quote')).to.have.length(0);
    expect(field(pane).value).to.equal('Black');
    composer.reply(items[0]!.message);
    press(field(pane), 'Enter');
    await pane.settled();
    expect(pane.done()).to.deep.equal([['send', 'Black', { replyTo: 'message-1' }]]);
  });

  it('edits one’s last message on arrow up while empty, and gives back what was being written', async () => {
    const items = [
      anItem(1, { text: 'Fuor' }, { own: true }),
      anItem(2),
      anItem(3, {}, { own: true, delivery: 'failed' }),
    ];
    const pane = await showPane(aConversationState(items));
    expect(press(field(pane), 'ArrowUp')).to.equal(false);
    await pane.settled();
    expect(field(pane).value).to.equal('Fuor');
    await write(pane, 'Four');
    press(field(pane), 'Enter');
    await pane.settled();
    expect(pane.done()).to.deep.equal([['edit', 'message-1', 'Four', { mentions: [] }]]);
    expect(pane.state.$draft.get()).to.deep.equal({ text: '' });

    await write(pane, 'half');
    pane.find<HTMLElementTagNameMap['teatime-composer']>('teatime-composer').edit(items[0]!.message);
    await pane.settled();
    press(field(pane), 'Escape');
    await pane.settled();
    expect(field(pane).value).to.equal('half');
  });

  it('keeps an edit that the server refused', async () => {
    const item = anItem(1, { text: 'old' }, { own: true });
    const refuses = { edit: () => Promise.reject(aChatError({ code: 'network' })) };
    const pane = await showPane(aConversationState([item], undefined, refuses));
    press(field(pane), 'ArrowUp');
    await write(pane, 'new');
    press(field(pane), 'Enter');
    await pane.settled();
    expect(field(pane).value).to.equal('new');
    expect(pane.all('teatime-composer', '.quote')).to.have.length(1);
  });

  it('counts down near the end, and refuses in words beyond it', async () => {
    const pane = await showPane(aConversationState());
    const count = () => pane.find('teatime-composer', '#count').innerText.trim();
    await write(pane, 'x'.repeat(7_000));
    expect(count()).to.equal('');
    await write(pane, 'x'.repeat(7_999));
    expect(count()).to.equal('1 character left');
    await write(pane, 'x'.repeat(8_012));
    expect(count()).to.equal('12 characters too long');
    expect(send(pane).disabled).to.equal(true);
    press(field(pane), 'Enter');
    await pane.settled();
    expect(pane.done()).to.deep.equal([]);
    expect(field(pane).value).to.have.length(8_012);
  });

  it('completes the names of members and sends who was meant', async () => {
    const pane = await showPane(aConversationState([], aGroup()));
    await write(pane, 'Ask @i');
    const people = () =>
      pane.all('teatime-composer', '[role=option]').map((option) => option.innerText.replace(/\s+/gu, ' '));
    expect(people()).to.have.length(1);
    expect(people()[0]).to.contain('Ken Ito @ken');
    expect(field(pane).getAttribute('aria-activedescendant')).to.equal('person-0');
    await expectAccessibleInBothThemes(pane.mounted);
    expect(press(field(pane), 'Enter')).to.equal(false);
    await pane.settled();
    expect(field(pane).value).to.equal('Ask @ken ');
    press(field(pane), 'Enter');
    await pane.settled();
    expect(pane.done()).to.deep.equal([['send', 'Ask @ken', { mentions: ['user-ken'] }]]);
  });

  it('puts an emoji where the caret is', async () => {
    const pane = await showPane(aConversationState());
    await write(pane, 'tea time');
    field(pane).setSelectionRange(4, 4);
    const button = pane.find('teatime-composer', 'teatime-emoji-button').shadowRoot!;
    button.querySelector('button')!.click();
    while (!button.querySelector('[popover]:popover-open')) await pane.settled();
    const picker = button.querySelector('teatime-emoji-picker')!;
    picker.shadowRoot!.querySelector<HTMLElement>('.grid button')!.click();
    await pane.settled();
    expect(field(pane).value).to.equal('tea 😀time');
    expect(button.querySelector('[popover]')).to.equal(null);
  });

  it('is accessible in both themes', async () => {
    const state = aConversationState([anItem(1)]);
    state.$draft.set({ text: 'x'.repeat(8_001), replyTo: anItem(1).message });
    await expectAccessibleInBothThemes((await showPane(state)).mounted);
  });
});

describe('mentions', () => {
  it('are looked for behind an @ that begins a word', () => {
    expect(mentionAt('hi @Mi', 6)).to.deep.equal({ from: 3, query: 'mi' });
    expect(mentionAt('@', 1)).to.deep.equal({ from: 0, query: '' });
    expect(mentionAt('mail@ex', 7)).to.equal(undefined);
    expect(mentionAt('@mia then', 9)).to.equal(undefined);
  });

  it('name members however they are written, with what ends a sentence', () => {
    const { members } = aGroup();
    expect(mentionsIn('@MIA. and (@ken), not mail@mia or @kenneth', members)).to.deep.equal(['user-mia', 'user-ken']);
  });
});

describe('measureText', () => {
  it('counts code points, not halves of them, and bytes where they run out first', () => {
    expect(measureText('👍'.repeat(8_000))).to.deep.equal({ left: 0, tooBig: false });
    expect(measureText('👍'.repeat(8_001))).to.deep.equal({ left: -1, tooBig: false });
    expect(measureText('👍'.repeat(4_000) + 'e\u0301'.repeat(2_000))).to.deep.equal({ left: 0, tooBig: false });
    expect(cleanText(' a\0\ud83d ')).to.equal('a\ufffd');
  });
});
