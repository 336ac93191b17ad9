import { expect } from 'chai';
import { rgbaToThumbHash } from 'thumbhash';
import type { Failure, FileAddress, TimelineItem } from '../../model/types.ts';
import { aClip, aFile, aTone, aVoice } from '../../testing/files.ts';
import { expectAccessibleInBothThemes, once } from '../../testing/mount.ts';
import { aConversationState, anItem, aStagedFile } from '../../testing/pane.ts';
import { aPicture } from '../../testing/pictures.ts';
import { showPane, type Pane } from '../../testing/show-pane.ts';
import { aChatError } from '../../testing/states.ts';

const path = ['teatime-timeline', 'teatime-message', 'teatime-message-files'] as const;
const host = (pane: Pane) => pane.find(...path);
const inside = <T extends HTMLElement = HTMLElement>(pane: Pane, selector: string) => pane.all<T>(...path, selector);
const address = (url: string, more: Partial<FileAddress> = {}): FileAddress => ({
  url,
  expiresAt: Date.now() + 300_000,
  ...more,
});
const pictureUrl = async (width = 400, height = 300) => URL.createObjectURL(await aPicture(width, height));
const aHash = () => btoa(String.fromCharCode(...rgbaToThumbHash(2, 2, Array(4).fill([90, 140, 110, 255]).flat())));

/** A revoked address: it fails at once, and without the network. */
function aDeadUrl(): string {
  const url = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(url);
  return url;
}

/** Shows messages with files at these addresses, until they are drawn. */
async function show(
  items: readonly TimelineItem[],
  fileAddress: (id: string) => Promise<FileAddress> = async () => address(await pictureUrl()),
  localPreview: (id: string) => string | undefined = () => undefined,
): Promise<Pane> {
  const pane = await showPane(aConversationState(items), { methods: { fileAddress, localPreview } });
  await customElements.whenDefined('teatime-message-files');
  await pane.settled();
  return pane;
}

/** Waits until something is true of the files of the first message. */
async function until(pane: Pane, isTrue: () => boolean): Promise<void> {
  const root = host(pane).shadowRoot!;
  await new Promise<void>((resolve) => {
    const check = (): void => {
      if (!isTrue()) return;
      observer.disconnect();
      resolve();
    };
    const observer = new MutationObserver(check);
    observer.observe(root, { subtree: true, childList: true, attributes: true, characterData: true });
    check();
  });
  await pane.settled();
}

const loaded = (image: HTMLImageElement) =>
  image.complete && image.naturalWidth > 0
    ? Promise.resolve()
    : new Promise((resolve) => image.addEventListener('load', resolve, { once: true }));

describe('teatime-message-files', () => {
  it('has its room before its own script is there, and never moves what is around it', async () => {
    expect(customElements.get('teatime-message-files')).to.equal(undefined);
    const { define } = CustomElementRegistry.prototype;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      customElements.define = (tag, element) => {
        if (tag !== 'teatime-message-files') return define.call(customElements, tag, element);
        arrive = () => define.call(customElements, tag, element);
        resolve();
      };
    });
    const files = [
      [aFile()],
      [aFile({ name: 'a' }), aFile({ name: 'b' })],
      [aFile(), aVoice(3_000), aFile({ kind: 'file' })],
    ];
    const items = files.map((some, index) => anItem(index + 1, { text: '', files: some }));
    const pane = await showPane(aConversationState(items), {
      methods: { fileAddress: async () => address(await pictureUrl()), localPreview: () => undefined },
    });
    const heights = () => pane.all(...path.slice(0, 2)).map((row) => row.getBoundingClientRect().height);
    await arrived;
    Reflect.deleteProperty(customElements, 'define');
    const before = heights();
    expect(before[0]).to.be.greaterThan(225);
    arrive();
    await pane.settled();
    expect(heights()).to.deep.equal(before);
    await Promise.all(inside<HTMLImageElement>(pane, 'img').map(loaded));
    await customElements.whenDefined('teatime-voice-player');
    await pane.settled();
    expect(heights()).to.deep.equal(before);
  });

  it('shows a picture from its small version, blurred until that is there, with its name for who cannot see it', async () => {
    const small = await pictureUrl(40, 30);
    const item = anItem(1, { text: '', files: [aFile({ placeholder: aHash(), thumbnail: true })] });
    const pane = await show([item], async () => address('/full.png', { thumbnailUrl: small }));
    await until(pane, () => inside(pane, 'img').length > 0 && inside(pane, 'canvas').length === 0);
    const [image] = inside<HTMLImageElement>(pane, 'img');
    expect([image!.src, image!.alt, image!.loading, image!.decoding]).to.deep.equal([
      small,
      'photo.png',
      'lazy',
      'async',
    ]);
    expect(inside(pane, '.open')[0]!.ariaLabel).to.equal('Open: Picture photo.png, 1.2 MB');
    await expectAccessibleInBothThemes(pane.mounted);
  });

  it('draws the blurred picture before anything is loaded', async () => {
    const item = anItem(1, { text: '', files: [aFile({ placeholder: aHash() })] });
    const pane = await show([item], () => new Promise(() => undefined));
    const [canvas] = inside<HTMLCanvasElement>(pane, 'canvas');
    expect(canvas!.getContext('2d')!.getImageData(0, 0, 1, 1).data[3]).to.equal(255);
  });

  it('lays pictures out in a grid and counts those that do not fit', async () => {
    const files = Array.from({ length: 15 }, (_, index) => aFile({ name: `${index}.png` }));
    const pane = await show([anItem(1, { text: '', files })]);
    expect(inside(pane, '.tile')).to.have.length(12);
    expect(inside(pane, '.hidden')[0]!.textContent).to.equal('+3');
  });

  it('asks for the address again, once, when it has ended', async () => {
    const good = await pictureUrl();
    const answers = [address(aDeadUrl()), address(good)];
    let asked = 0;
    const pane = await show([anItem(1, { text: '', files: [aFile()] })], async () => answers[asked++]!);
    await until(pane, () => inside<HTMLImageElement>(pane, 'img')[0]?.src === good);
    await loaded(inside<HTMLImageElement>(pane, 'img')[0]!);
    expect(asked).to.equal(2);
  });

  it('says that it could not be loaded, and tries again when asked to', async () => {
    let asked = 0;
    const good = await pictureUrl();
    const pane = await show([anItem(1, { text: '', files: [aFile()] })], async () =>
      address(asked++ < 2 ? aDeadUrl() : good),
    );
    await until(pane, () => inside(pane, '.words').length > 0);
    expect(inside(pane, '.words')[0]!.innerText).to.contain("Couldn't load it.");
    inside(pane, '.words button')[0]!.click();
    await until(pane, () => inside(pane, 'img').length > 0);
    await loaded(inside<HTMLImageElement>(pane, 'img')[0]!);
    expect(asked).to.equal(3);
  });

  it('says that a file is no longer available', async () => {
    const gone = async () => {
      throw aChatError({ code: 'not_found' });
    };
    const files = [aFile(), aFile({ name: 'report.pdf', kind: 'file', type: 'application/pdf' })];
    const pane = await show([anItem(1, { text: '', files })], gone);
    await until(pane, () => inside(pane, '.words').length > 0);
    expect(inside(pane, '.words')[0]!.innerText).to.equal('No longer available');
    inside(pane, '[aria-label="Download report.pdf"]')[0]!.click();
    await until(pane, () => inside(pane, '.card button').length === 0);
    expect(inside(pane, '.card')[0]!.innerText).to.contain('No longer available');
  });

  it('shows how far uploads are and what they failed of, and lets each be cancelled or tried again in place', async () => {
    const preview = await pictureUrl();
    const failure: Failure = { code: 'file_rejected', message: 'raw text' };
    const uploads = [
      aStagedFile({
        key: 'a',
        name: 'a.png',
        type: 'image/png',
        kind: 'image',
        status: 'uploading',
        progress: 0.4,
        preview,
      }),
      aStagedFile({ key: 'b', name: 'b.png', type: 'image/png', kind: 'image', status: 'failed', failure, preview }),
      aStagedFile({ key: 'c', status: 'uploading', progress: 0.5 }),
    ];
    const item = anItem(1, { text: '', files: [] }, { own: true, delivery: 'sending', uploads });
    const pane = await show([item]);
    const bars = inside(pane, '[role=progressbar]').map((bar) => [bar.ariaLabel, bar.ariaValueNow]);
    expect(bars).to.deep.equal([
      ['Sending a.png', '40'],
      ['Sending report.pdf', '50'],
    ]);
    expect(inside(pane, '.card')[0]!.innerText).to.contain('600 kB of 1.2 MB');
    expect(inside(pane, '.failed')[0]!.innerText).to.contain("This file can't be sent.").and.not.contain('raw text');
    for (const name of ['Cancel a.png', 'Try again: b.png', 'Cancel report.pdf'])
      inside(pane, `[aria-label="${name}"]`)[0]!.click();
    expect(pane.done()).to.deep.equal([
      ['cancelUpload', 'a'],
      ['retryUpload', 'b'],
      ['cancelUpload', 'c'],
    ]);
    await expectAccessibleInBothThemes(pane.mounted);
  });

  it('keeps showing the very same picture when it has been sent', async () => {
    const preview = await pictureUrl();
    const upload = aStagedFile({
      type: 'image/png',
      kind: 'image',
      status: 'uploading',
      preview,
      width: 400,
      height: 300,
    });
    const sending = anItem(1, { text: '', files: [] }, { own: true, delivery: 'sending', uploads: [upload] });
    const pane = await show(
      [sending],
      () => Promise.reject(new Error('unable to go on; it is here already')),
      (id) => (id === 'file-photo.png' ? preview : undefined),
    );
    const before = inside<HTMLImageElement>(pane, 'img')[0]!;
    await loaded(before);
    const sent = anItem(1, { text: '', files: [aFile()] }, { own: true, delivery: 'sent' });
    pane.state.$timeline.set({ status: 'ready', items: [sent], hasOlder: false });
    await pane.settled();
    expect(inside(pane, 'img')[0]).to.equal(before);
    expect([before.src, inside(pane, '.veil').length]).to.deep.equal([preview, 0]);
  });

  it('plays a single video in its place', async () => {
    const clip = URL.createObjectURL(await aClip());
    const file = aFile({ name: 'clip.webm', type: 'video/webm', kind: 'video' });
    const pane = await show([anItem(1, { text: '', files: [file] })], async () => address(clip));
    const [video] = inside<HTMLVideoElement>(pane, 'video');
    expect([video!.controls, video!.preload, video!.getAttribute('playsinline')]).to.deep.equal([true, 'metadata', '']);
    expect(video!.ariaLabel).to.equal('Video clip.webm, 1.2 MB');
    while (video!.readyState === 0) await once(video!, 'loadedmetadata');
    expect([video!.videoWidth, video!.videoHeight]).to.deep.equal([160, 120]);
  });

  it('says so when this browser cannot play something, and offers it for download', async () => {
    const files = [
      aFile({ name: 'old.wmv', type: 'video/x-ms-wmv', kind: 'video' }),
      aVoice(2_000, { name: 'voice.amr', type: 'audio/amr' }),
    ];
    const pane = await show([anItem(1, { text: '', files })]);
    expect(inside(pane, '.words')[0]!.innerText).to.contain("This browser can't play it.").and.contain('Download');
    const [card] = inside(pane, '.card');
    expect(card!.innerText).to.contain("1.2 MB · This browser can't play it.");
    expect(card!.querySelector('button')!.ariaLabel).to.equal('Download voice.amr');
  });

  it('saves a picture instead of leaving the page for it', async () => {
    const saved: [href: string, name: string][] = [];
    const click = (event: Event): void => {
      const link = event.composedPath()[0];
      if (link instanceof HTMLAnchorElement) saved.push([link.protocol, link.download]);
    };
    const { click: native } = HTMLAnchorElement.prototype;
    HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
      this.addEventListener('click', (event) => (event.preventDefault(), click(event)), { once: true });
      native.call(this);
    };
    try {
      const files = [aVoice(2_000, { kind: 'audio', name: 'song.wav' })];
      const url = URL.createObjectURL(aTone(1));
      const pane = await show([anItem(1, { text: '', files })], async () => address(url));
      inside(pane, '[aria-label="Download song.wav"]')[0]!.click();
      while (saved.length === 0) await pane.settled();
      expect(saved).to.deep.equal([['blob:', 'song.wav']]);
    } finally {
      HTMLAnchorElement.prototype.click = native;
    }
  });
});
