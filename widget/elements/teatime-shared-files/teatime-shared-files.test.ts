import { expect } from 'chai';
import { html } from 'lit';
import type { SharedFile } from '../../../protocol/files.ts';
import type { OpenConversation, SharedFiles } from '../../model/types.ts';
import { aFile, aTone, aVoice } from '../../testing/files.ts';
import { expectAccessibleInBothThemes, mount, once, press, type Mounted } from '../../testing/mount.ts';
import { aConversationState, anItem, type ConversationState } from '../../testing/pane.ts';
import { aPicture } from '../../testing/pictures.ts';
import { aChatError, aChatState, aConversation, noon } from '../../testing/states.ts';
import './teatime-shared-files.ts';
import type { TeatimeSharedFiles } from './teatime-shared-files.ts';

const shared = (seq: number, file = aFile({ id: `file-${seq}`, name: `${seq}.png` })): SharedFile => ({
  file,
  messageId: `message-${seq}`,
  senderId: 'user-mia',
  seq,
  createdAt: new Date(noon).toISOString(),
});

type Ask = OpenConversation['sharedFiles'];

async function show(
  sharedFiles: Ask,
  state: ConversationState = aConversationState([], aConversation({ head: 100 }), { sharedFiles }),
): Promise<Mounted<TeatimeSharedFiles>> {
  const picture = URL.createObjectURL(await aPicture(40, 30));
  const sound = URL.createObjectURL(aTone(1));
  const { chat } = aChatState([], {
    localPreview: () => undefined,
    fileAddress: async (id) => ({ url: id.includes('voice') ? sound : picture, expiresAt: Date.now() + 300_000 }),
  });
  const element = html`<teatime-shared-files .conversation=${state.conversation}></teatime-shared-files>`;
  return mount<TeatimeSharedFiles>(element, { chat, size: [340, 500] });
}

const page = (files: readonly SharedFile[], hasMore = false): SharedFiles => ({ files, hasMore });

describe('teatime-shared-files', () => {
  it('shows pictures and videos first, and opens one among the others, the newest last', async () => {
    const gallery = await show(async () => page([shared(3), shared(2), shared(1)]));
    await gallery.until(() => gallery.all('.tile img').length === 3);
    expect(gallery.all('.open').map(({ ariaLabel }) => ariaLabel)).to.deep.equal(
      [3, 2, 1].map((seq) => `Open: Picture ${seq}.png, 1.2 MB`),
    );
    await expectAccessibleInBothThemes(gallery);
    gallery.all('.open')[0]!.click();
    await gallery.until(() => gallery.all('teatime-lightbox').length > 0);
    const lightbox = gallery.find('teatime-lightbox').shadowRoot!;
    expect(lightbox.querySelector<HTMLElement>('.count')!.innerText).to.equal('3 of 3');
    expect(lightbox.querySelector<HTMLElement>('.who')!.innerText).to.equal('Mia Tanaka');
  });

  it('loads further pages as one comes near the end, each after the last', async () => {
    const asked: (number | undefined)[] = [];
    const gallery = await show(async (_, before) => {
      asked.push(before);
      const from = before ?? 61;
      const files = Array.from({ length: 20 }, (__, index) => shared(from - 1 - index));
      return page(files, from > 21);
    });
    gallery.element.style.overflow = 'auto';
    await gallery.until(() => gallery.all('.tile').length >= 20);
    while (gallery.all('.end').length > 0) {
      const before = gallery.all('.tile').length;
      gallery.element.scrollTop = gallery.element.scrollHeight;
      await gallery.until(() => gallery.all('.tile').length > before || gallery.all('.end').length === 0);
    }
    expect(asked).to.deep.equal([undefined, 41, 21]);
    expect(gallery.all('.tile')).to.have.length(60);
  });

  it('has tabs for files and sound, reached by arrows', async () => {
    const files = {
      media: [],
      file: [shared(1, aFile({ kind: 'file', name: 'report.pdf', type: 'application/pdf' }))],
      audio: [shared(2, aVoice(1_000))],
    };
    const gallery = await show(async (kind) => page(files[kind]));
    await gallery.until(() => gallery.all('.empty').length > 0);
    const tab = () => gallery.find('[aria-selected=true]');
    tab().focus();
    press(tab(), 'ArrowRight');
    await gallery.until(() => gallery.all('.card').length > 0);
    expect([tab().innerText, gallery.text('[role=tabpanel]')]).to.deep.equal([
      'Files',
      'report.pdf 1.2 MB Mia Tanaka, 3 Mar',
    ]);
    await expectAccessibleInBothThemes(gallery);
    press(tab(), 'ArrowRight');
    await gallery.until(() => gallery.all('teatime-voice-player').length > 0);
    await customElements.whenDefined('teatime-voice-player');
    await gallery.settled();
    await expectAccessibleInBothThemes(gallery);
  });

  it('leads to the message that a file came with', async () => {
    const file = aFile({ kind: 'file', name: 'report.pdf' });
    const gallery = await show(async (kind) => page(kind === 'file' ? [shared(7, file)] : []));
    gallery.find('[data-kind=file]').click();
    await gallery.until(() => gallery.all('.from').length > 0);
    const asked = once<CustomEvent<string>>(gallery.host.shadowRoot!, 'show-message');
    gallery.find('[aria-label="Show the message with report.pdf"]').click();
    expect((await asked).detail).to.equal('message-7');
  });

  it('says what will be here while there is nothing', async () => {
    const gallery = await show(async () => page([]));
    await gallery.until(() => gallery.all('.empty').length > 0);
    expect(gallery.text('.empty')).to.equal('Pictures and videos that are shared here show up in this place.');
  });

  it('says so when it could not be loaded, and tries again', async () => {
    let times = 0;
    const gallery = await show(async () => {
      if (times++ === 0) throw aChatError({ code: 'network' });
      return page([shared(1)]);
    });
    await gallery.until(() => gallery.all('.trouble button').length > 0);
    expect(gallery.text('.trouble')).to.contain("Couldn't load this.");
    gallery.find('.trouble button').click();
    await gallery.until(() => gallery.all('.tile').length === 1);
  });

  it('takes in what is sent and drops what is deleted while it is open', async () => {
    const sharedFiles = async () => page([shared(2), shared(1)]);
    const state = aConversationState([], aConversation({ head: 2 }), { sharedFiles });
    const gallery = await show(sharedFiles, state);
    await gallery.until(() => gallery.all('.tile').length === 2);
    const items = [
      anItem(1, { id: 'message-1', text: '', deletedAt: new Date().toISOString() }),
      anItem(3, { text: '', files: [aFile({ name: 'new.png' }), aFile({ kind: 'file', name: 'other.zip' })] }),
    ];
    state.$timeline.set({ status: 'ready', items, hasOlder: false });
    await gallery.settled();
    expect(gallery.all('.open').map(({ ariaLabel }) => ariaLabel)).to.deep.equal([
      'Open: Picture new.png, 1.2 MB',
      'Open: Picture 2.png, 1.2 MB',
    ]);
  });
});
