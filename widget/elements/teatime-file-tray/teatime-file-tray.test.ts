import { expect } from 'chai';
import type { RejectedFile } from '../../model/types.ts';
import type { TeatimeMessageSendEvent } from '../../chat-events.ts';
import type { TeatimeFileRejectEvent } from '../../file-events.ts';
import { expectAccessibleInBothThemes, once, press } from '../../testing/mount.ts';
import { aConversationState, anItem, aStagedFile, type ConversationState } from '../../testing/pane.ts';
import { showPane, type Pane } from '../../testing/show-pane.ts';
import { aChatError } from '../../testing/states.ts';
import '../teatime-composer/composer-files.ts';
import { rejectionTexts } from './rejection-text.ts';
import { enFiles } from '../../locales/en-files.ts';

const tray = ['teatime-composer', 'teatime-file-tray'] as const;
const note = new File(['hello'], 'note.txt', { type: 'text/plain' });

const aPicture = async (name = 'cup.png'): Promise<File> => {
  const canvas = new OffscreenCanvas(40, 30);
  canvas.getContext('2d')!.fillRect(0, 0, 20, 30);
  return new File([await canvas.convertToBlob()], name, { type: 'image/png' });
};

const dataWith = (files: readonly File[], text = ''): DataTransfer => {
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  if (text) data.setData('text/plain', text);
  return data;
};

const drag = (target: Element, type: string, dataTransfer: DataTransfer): DragEvent => {
  const event = new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
};

const paste = (target: Element, clipboardData: DataTransfer): ClipboardEvent => {
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, composed: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
};

/** A conversation whose `attach` says when it was called, and refuses what it is told to. */
const awaitingFiles = (refuses: readonly RejectedFile[] = []) => {
  let attached!: (names: string[]) => void;
  const names = new Promise<string[]>((resolve) => (attached = resolve));
  const state = aConversationState([anItem(1)], undefined, {
    attach: async (files) => {
      attached(files.map(({ name }) => name));
      return refuses;
    },
  });
  return { state, names };
};

const field = (pane: Pane) => pane.find<HTMLTextAreaElement>('teatime-composer', 'textarea');
const names = (pane: Pane) => pane.all(...tray, 'li').map((item) => item.title);

/** Waits until the tray's own shadow root shows something. */
const shown = async (pane: Pane, selector: string): Promise<HTMLElement> => {
  while (pane.all(...tray, selector).length === 0) await pane.settled();
  return pane.find(...tray, selector);
};

describe('teatime-file-tray', () => {
  it('takes what is chosen in the file dialog, of the types that the server takes', async () => {
    const { state, names } = awaitingFiles();
    const pane = await showPane(state);
    const limits = pane.chat.$fileLimits.get()!;
    pane.chat.$fileLimits.set({ ...limits, types: ['image/*', 'application/pdf'] });
    await pane.settled();
    const input = pane.find<HTMLInputElement>('teatime-composer', 'teatime-attach-button', 'input');
    expect(input.accept).to.equal('image/*,application/pdf');
    expect(input.multiple).to.equal(true);
    input.files = dataWith([await aPicture(), note]).files;
    input.dispatchEvent(new Event('change'));
    expect(await names).to.deep.equal(['cup.png', 'note.txt']);
    expect(input.files).to.have.length(0);
  });

  it('opens the file dialog by its button', async () => {
    const pane = await showPane(aConversationState());
    const opened = once(pane.find('teatime-composer', 'teatime-attach-button', 'input'), 'click');
    pane.find('teatime-composer', 'teatime-attach-button', '[aria-label="Attach files"]').click();
    await opened;
  });

  it('takes pasted pictures, wherever the focus is in the conversation', async () => {
    const { state, names } = awaitingFiles();
    const pane = await showPane(state);
    expect(paste(pane.find('teatime-timeline'), dataWith([await aPicture()])).defaultPrevented).to.equal(true);
    expect(await names).to.deep.equal(['cup.png']);
    expect(pane.find('teatime-composer').shadowRoot!.activeElement).to.equal(field(pane));
  });

  it('leaves text alone, also where a picture of it comes along, but not the names of copied files', async () => {
    const { state, names } = awaitingFiles();
    const pane = await showPane(state);
    expect(paste(field(pane), dataWith([], 'words')).defaultPrevented).to.equal(false);
    expect(paste(field(pane), dataWith([await aPicture('image.png')], 'A1\tB1')).defaultPrevented).to.equal(false);
    expect(paste(field(pane), dataWith([note], 'note.txt')).defaultPrevented).to.equal(true);
    expect(await names).to.deep.equal(['note.txt']);
  });

  it('shows where to drop while files are dragged over the conversation, and takes them', async () => {
    const { state, names } = awaitingFiles();
    const pane = await showPane(state);
    const section = pane.find('section');
    const data = dataWith([note]);
    const zones = () => pane.all('teatime-drop-zone');
    drag(section, 'dragenter', data);
    drag(section, 'dragenter', data);
    expect(drag(section, 'dragover', data).defaultPrevented).to.equal(true);
    await pane.settled();
    expect(zones()).to.have.length(1);
    expect(pane.find('teatime-drop-zone', 'p').innerText).to.equal('Drop files to add them');
    expect(zones()[0]!.offsetHeight).to.equal(section.offsetHeight);
    expect(drag(zones()[0]!, 'drop', data).defaultPrevented).to.equal(true);
    expect(await names).to.deep.equal(['note.txt']);
    expect(zones()).to.have.length(0);

    for (const end of ['dragleave', 'pointermove']) {
      drag(section, 'dragenter', data);
      zones()[0]!.dispatchEvent(new Event(end));
      expect(zones(), end).to.have.length(0);
    }
  });

  it('does not mind text that is dragged', async () => {
    const pane = await showPane(aConversationState());
    const section = pane.find('section');
    expect(drag(section, 'dragenter', dataWith([], 'words')).defaultPrevented).to.equal(false);
    expect(drag(section, 'drop', dataWith([], 'words')).defaultPrevented).to.equal(false);
    expect(pane.all('teatime-drop-zone')).to.have.length(0);
  });

  it('takes no files where the page or the server switched them off, nor while a message is edited', async () => {
    const untouched = async (pane: Pane, why: string) => {
      await pane.settled();
      expect(pane.all('teatime-composer', 'teatime-attach-button'), why).to.have.length(0);
      expect(drag(pane.find('section'), 'drop', dataWith([note])).defaultPrevented, why).to.equal(false);
      expect(paste(field(pane), dataWith([note])).defaultPrevented, why).to.equal(false);
    };
    await untouched(await showPane(aConversationState(), { off: ['files'] }), 'page');
    const pane = await showPane(aConversationState());
    const limits = pane.chat.$fileLimits.get();
    pane.chat.$fileLimits.set(undefined);
    await untouched(pane, 'server');
    pane.chat.$fileLimits.set(limits);
    pane.state.$staged.set([aStagedFile()]);
    await shown(pane, 'li');
    pane.find<HTMLElementTagNameMap['teatime-composer']>('teatime-composer').edit(anItem(1).message);
    await untouched(pane, 'edit');
    expect(pane.find(...tray).offsetHeight).to.equal(0);
    expect(pane.done()).to.deep.equal([]);
  });

  it('sends files without words, before they have arrived, and lets the page see them', async () => {
    const pane = await showPane(aConversationState());
    pane.state.$staged.set([aStagedFile({ status: 'uploading', progress: 0.2 })]);
    await pane.settled();
    const button = pane.find<HTMLButtonElement>('teatime-composer', '.send');
    expect(button.disabled).to.equal(false);
    const asked = once<TeatimeMessageSendEvent>(pane.mounted.host, 'teatime-message-send');
    button.click();
    const { files } = (await asked).detail;
    expect(files.map(({ name, size, type }) => [name, size, type])).to.deep.equal([
      ['report.pdf', 1_200_000, 'application/pdf'],
    ]);
    expect(pane.done()).to.deep.equal([['send', '', {}]]);
  });

  it('shows pictures themselves, and of other files icon, name, size and how far they have come', async () => {
    const preview = URL.createObjectURL(await aPicture());
    const state = aConversationState();
    state.$staged.set([
      aStagedFile({ name: 'cup.png', type: 'image/png', kind: 'image', preview, status: 'ready' }),
      aStagedFile({ status: 'uploading', progress: 0.4 }),
    ]);
    const pane = await showPane(state);
    const image = (await shown(pane, 'img')) as HTMLImageElement;
    await image.decode();
    expect(image.naturalWidth).to.equal(40);
    const [, report] = pane.all(...tray, 'li');
    expect(report!.innerText).to.contain('report.pdf').and.contain('1.2 MB · 40%');
    const bar = report!.querySelector('[role=progressbar]')!;
    expect(bar.getAttribute('aria-valuenow')).to.equal('40');
    expect(bar.getAttribute('aria-label')).to.equal('Uploading report.pdf');
    state.$staged.set(state.$staged.get().map((file) => ({ ...file, status: 'ready', progress: 1 })));
    await pane.settled();
    expect(pane.all(...tray, '[role=progressbar]')).to.have.length(0);
    URL.revokeObjectURL(preview);
  });

  it('falls back to the icon where a preview cannot be shown', async () => {
    const state = aConversationState();
    const broken = { kind: 'image', type: 'image/png', preview: 'blob:gone', name: 'gone.png' } as const;
    state.$staged.set([aStagedFile({ ...broken, status: 'ready' })]);
    const pane = await showPane(state);
    await shown(pane, '.name');
    expect(pane.all(...tray, 'img')).to.have.length(0);
    expect(pane.find(...tray, 'li').innerText).to.contain('gone.png');
  });

  it('says why one failed, and tries it again where that may help', async () => {
    const state = aConversationState();
    state.$staged.set([
      aStagedFile({ status: 'failed', failure: { code: 'network', message: 'raw' } }),
      aStagedFile({ name: 'setup.exe', status: 'failed', failure: { code: 'file_rejected', message: 'raw' } }),
    ]);
    const pane = await showPane(state);
    (await shown(pane, '[aria-label="Try again: report.pdf"]')).click();
    expect(pane.done()).to.deep.equal([['retryUpload', 'report.pdf']]);
    const [report, setup] = pane.all(...tray, 'li');
    expect(report!.innerText).to.contain("Can't reach the chat.");
    expect(setup!.innerText).to.contain('sent').and.not.contain('raw');
    expect(setup!.querySelectorAll('button')).to.have.length(1);
  });

  it('takes one away and moves the focus on to the next, in the end to the field', async () => {
    const state = aConversationState();
    state.$staged.set(['a.txt', 'b.txt', 'c.txt'].map((name) => aStagedFile({ name })));
    const pane = await showPane(state);
    await shown(pane, 'li');
    const inTray = () => pane.find(...tray).shadowRoot!.activeElement?.getAttribute('aria-label');
    const remove = async (name: string) => {
      pane.find(...tray, `[aria-label="Remove ${name}"]`).click();
      await pane.settled();
    };
    await remove('b.txt');
    expect(names(pane)).to.deep.equal(['a.txt', 'c.txt']);
    expect(inTray()).to.equal('Remove c.txt');
    await remove('c.txt');
    expect(inTray()).to.equal('Remove a.txt');
    await remove('a.txt');
    expect(pane.find('teatime-composer').shadowRoot!.activeElement).to.equal(field(pane));
    expect(pane.done().map(([, key]) => key)).to.deep.equal(['b.txt', 'c.txt', 'a.txt']);
  });

  it('tells screen readers what was added, what failed and when all is there', async () => {
    const pane = await showPane(aConversationState());
    const news = () => pane.find(...tray, '[aria-live]').innerText;
    const put = async (...files: Parameters<ConversationState['$staged']['set']>[0][number][]) => {
      pane.state.$staged.set(files);
      await pane.settled();
      return news();
    };
    const cup = aStagedFile({ name: 'cup.png' });
    const note = aStagedFile({ name: 'note.txt' });
    expect(await put(cup)).to.equal('cup.png added.');
    expect(await put(cup, note, aStagedFile())).to.equal('2 files added.');
    expect(await put({ ...cup, status: 'uploading', progress: 0.5 }, note)).to.equal('2 files added.');
    const failed = { ...note, status: 'failed', failure: { code: 'network', message: '' } } as const;
    expect(await put(cup, failed)).to.contain("note.txt wasn't uploaded. Can't reach the chat.");
    expect(await put({ ...cup, status: 'ready' }, { ...note, status: 'ready' })).to.equal(
      'The files are ready to send.',
    );
  });

  it('says in words which files are not taken, tells the page, and is dismissed', async () => {
    const tooLarge = { name: 'film.mov', size: 400_000_000, type: 'video/quicktime', reason: 'too_large' } as const;
    const { state, names } = awaitingFiles([tooLarge]);
    const pane = await showPane(state);
    pane.chat.$fileLimits.set({ ...pane.chat.$fileLimits.get()!, fileBytes: 25_000_000 });
    await pane.settled();
    // A folder, as browsers hand it over: a file that cannot be read.
    const folder = new File(['x'], 'Holidays');
    folder.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }) as never;
    const told = once<TeatimeFileRejectEvent>(pane.mounted.host, 'teatime-file-reject');
    const attach = pane.find<HTMLElementTagNameMap['teatime-file-tray']>(...tray);
    await attach.add([folder, note]);
    expect(await names).to.deep.equal(['note.txt']);
    expect((await told).detail.files).to.deep.equal([
      { name: 'Holidays', size: 1, type: '', reason: 'folder' },
      tooLarge,
    ]);
    await pane.settled();
    expect(pane.find(...tray, '[role=status]').innerText)
      .to.contain('Holidays is a folder.')
      .and.contain('film.mov is 400 MB; the limit here is 25 MB.');
    await expectAccessibleInBothThemes(pane.mounted);
    pane.find(...tray, '[aria-label=Dismiss]').click();
    await pane.settled();
    expect(pane.find(...tray, '[role=status]').innerText).to.equal('');
    expect(pane.find('teatime-composer').shadowRoot!.activeElement).to.equal(field(pane));

    state.$staged.set([aStagedFile()]);
    await attach.add([folder]);
    await pane.settled();
    expect(pane.all(...tray, '.rejected')).to.have.length(1);
    state.$staged.set([]);
    await pane.settled();
    expect(pane.all(...tray, '.rejected'), 'when the message is sent').to.have.length(0);
  });

  it('says in words what went wrong when files cannot be taken at all', async () => {
    const fails = { attach: () => Promise.reject(aChatError({ code: 'storage' })) };
    const pane = await showPane(aConversationState([], undefined, fails));
    await pane.find<HTMLElementTagNameMap['teatime-file-tray']>(...tray).add([note]);
    await pane.settled();
    expect(pane.find('.notice').innerText).to.contain("This browser couldn't keep that on the device.");
  });

  it('has every file reached by Tab, shown as it is reached, in both directions of writing', async () => {
    const state = aConversationState();
    state.$staged.set(Array.from({ length: 10 }, (_, index) => aStagedFile({ name: `file ${index}.txt` })));
    const pane = await showPane(state);
    await shown(pane, 'li');
    for (const dir of ['ltr', 'rtl'] as const) {
      pane.mounted.host.dir = dir;
      await pane.settled();
      const list = pane.find(...tray, 'ul').getBoundingClientRect();
      for (const button of pane.all(...tray, '.remove')) {
        button.focus();
        const { left, right } = button.getBoundingClientRect();
        expect(left, dir).to.be.at.least(list.left);
        expect(right, dir).to.be.at.most(list.right);
      }
    }
  });

  it('is accessible in both themes, in each state', async () => {
    const preview = URL.createObjectURL(await aPicture());
    const state = aConversationState();
    const image = { type: 'image/png', kind: 'image', preview } as const;
    state.$staged.set([
      aStagedFile({ ...image, name: 'a.png', status: 'uploading', progress: 0.5 }),
      aStagedFile({ ...image, name: 'b.png', status: 'failed', failure: { code: 'network', message: '' } }),
      aStagedFile({ name: 'c.txt', status: 'processing', progress: 1 }),
      aStagedFile({ name: 'd.txt', status: 'ready' }),
    ]);
    const pane = await showPane(state);
    await shown(pane, 'li');
    await expectAccessibleInBothThemes(pane.mounted);
    URL.revokeObjectURL(preview);
  });

  it('keeps Escape for the panel: it has nothing to close', async () => {
    const state = aConversationState();
    state.$staged.set([aStagedFile()]);
    const pane = await showPane(state);
    expect(press(await shown(pane, '.remove'), 'Escape')).to.equal(true);
  });
});

describe('rejectionTexts', () => {
  const limits = { fileBytes: 25_000_000, filesPerMessage: 10, avatarBytes: 1, imagePixels: 1, voiceSeconds: 60 };
  const file = { name: 'a', size: 25_000_100, type: '' };

  it('is exact where rounding would make a riddle of it', () => {
    expect(rejectionTexts([{ ...file, reason: 'too_large' }], enFiles.tray, limits, 'en')).to.deep.equal([
      'a is 25,000,100 bytes; the limit here is 25,000,000 bytes.',
    ]);
  });

  it('names three and counts the others, but says once what is true of all', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...file, name }));
    expect(
      rejectionTexts(
        many.map((file) => ({ ...file, reason: 'empty' })),
        enFiles.tray,
        limits,
        'en',
      ),
    ).to.deep.equal(['a is empty.', 'b is empty.', 'c is empty.', "2 other files weren't added."]);
    expect(
      rejectionTexts(
        many.map((file) => ({ ...file, reason: 'too_many' })),
        enFiles.tray,
        limits,
        'en',
      ),
    ).to.deep.equal(['A message can hold up to 10 files here.']);
  });
});
