import { expect } from 'chai';
import { aClip, aFile } from '../../testing/files.ts';
import { expectAccessibleInBothThemes, press } from '../../testing/mount.ts';
import { aConversationState, anItem } from '../../testing/pane.ts';
import { aPicture } from '../../testing/pictures.ts';
import { frames, showPane, type Pane } from '../../testing/show-pane.ts';
import type { TeatimeLightbox } from './teatime-lightbox.ts';

const path = ['teatime-timeline', 'teatime-message', 'teatime-message-files'] as const;
const timeline = (pane: Pane) => pane.find('teatime-timeline').shadowRoot!;

interface Opened {
  readonly pane: Pane;
  readonly lightbox: TeatimeLightbox;
  readonly dialog: HTMLDialogElement;
  find<T extends HTMLElement = HTMLElement>(selector: string): T;
  press(key: string): Promise<void>;
  counter(): string;
}

/** Three messages: two pictures, a video with words, a picture; opens the first picture of the first message. */
async function open(dir: 'ltr' | 'rtl' = 'ltr'): Promise<Opened> {
  const picture = URL.createObjectURL(await aPicture(400, 300));
  const clip = URL.createObjectURL(await aClip());
  const items = [
    anItem(1, { text: '', files: [aFile({ name: 'a.png' }), aFile({ name: 'b.png' })] }),
    anItem(2, { text: 'The kettle', files: [aFile({ name: 'c.webm', type: 'video/webm', kind: 'video' })] }),
    anItem(3, { text: '', files: [aFile({ name: 'd.png' }), aFile({ kind: 'file', name: 'e.pdf' })] }, { own: true }),
  ];
  const fileAddress = async (id: string) => ({
    url: id.endsWith('.webm') ? clip : picture,
    expiresAt: Date.now() + 300_000,
  });
  const pane = await showPane(aConversationState(items), { methods: { fileAddress, localPreview: () => undefined } });
  pane.mounted.host.dir = dir;
  await customElements.whenDefined('teatime-message-files');
  await pane.settled();
  pane.find(...path, '.open').focus();
  pane.find(...path, '.open').click();
  await appears(timeline(pane), 'teatime-lightbox');
  const lightbox = timeline(pane).querySelector('teatime-lightbox')!;
  await pane.settled();
  const find = <T extends HTMLElement>(selector: string) => lightbox.shadowRoot!.querySelector<T>(selector)!;
  return {
    pane,
    lightbox,
    dialog: find<HTMLDialogElement>('dialog'),
    find,
    async press(key) {
      press(lightbox.shadowRoot!.activeElement ?? find('dialog'), key);
      await lightbox.updateComplete;
    },
    counter: () => find('.count').innerText,
  };
}

async function appears(root: ShadowRoot, selector: string): Promise<void> {
  while (!root.querySelector(selector))
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => (observer.disconnect(), resolve()));
      observer.observe(root, { childList: true, subtree: true });
    });
}

const scale = ({ find }: Opened) => new DOMMatrix(getComputedStyle(find('.picture')).transform).a;

/** Taps, drags or pinches: each step is a list of points, one for each finger. */
function touch({ find }: Opened, ...steps: readonly (readonly [x: number, y: number][])[]): void {
  const stage = find('.stage');
  const { left, top, width, height } = stage.getBoundingClientRect();
  // A pointer that was made up cannot be captured.
  stage.setPointerCapture = () => undefined;
  const send = (type: string, points: readonly [x: number, y: number][]) =>
    points.forEach(([x, y], pointerId) =>
      stage.dispatchEvent(
        new PointerEvent(type, {
          pointerId,
          pointerType: 'touch',
          button: 0,
          bubbles: true,
          clientX: left + width / 2 + x,
          clientY: top + height / 2 + y,
        }),
      ),
    );
  send('pointerdown', steps[0]!);
  for (const points of steps.slice(1)) send('pointermove', points);
  send('pointerup', steps.at(-1)!);
}

describe('teatime-lightbox', () => {
  it('shows a picture over everything, with who sent it and which it is among all that are loaded', async () => {
    const opened = await open();
    expect(opened.dialog.matches(':modal')).to.equal(true);
    expect(opened.counter()).to.equal('1 of 4');
    expect(opened.find('.who').innerText).to.equal('Mia Tanaka');
    expect(opened.find('[aria-live]').textContent!.trim()).to.equal('1 of 4: Picture a.png, 1.2 MB');
    expect(opened.find('.previous')).to.equal(null);
    await expectAccessibleInBothThemes(opened.pane.mounted);
  });

  it('goes from one to the next by buttons and keys, past the messages that have none', async () => {
    const opened = await open();
    await opened.press('ArrowRight');
    await opened.press('ArrowRight');
    expect([opened.counter(), opened.find('.caption').innerText]).to.deep.equal(['3 of 4', 'The kettle']);
    opened.find('.next').click();
    await opened.lightbox.updateComplete;
    expect([opened.counter(), opened.find('.who').innerText, opened.find('.next')]).to.deep.equal([
      '4 of 4',
      'You',
      null,
    ]);
    await opened.press('Home');
    expect(opened.counter()).to.equal('1 of 4');
    await opened.press('End');
    expect(opened.counter()).to.equal('4 of 4');
  });

  it('goes the other way where text runs from right to left', async () => {
    const opened = await open('rtl');
    await opened.press('ArrowLeft');
    expect(opened.counter()).to.equal('2 of 4');
    await opened.press('ArrowRight');
    expect(opened.counter()).to.equal('1 of 4');
  });

  it('plays a video', async () => {
    const opened = await open();
    await opened.press('PageDown');
    await opened.press('PageDown');
    await opened.pane.settled();
    const video = opened.find<HTMLVideoElement>('video');
    while (video.readyState === 0) await new Promise((resolve) => video.addEventListener('loadedmetadata', resolve));
    expect([video.controls, video.videoWidth]).to.deep.equal([true, 160]);
    expect(opened.find('[aria-label="Zoom in"]')).to.equal(null);
  });

  it('zooms by keys and wheel, moves by arrows, and goes back to the whole', async () => {
    const opened = await open();
    await opened.press('+');
    expect(scale(opened)).to.equal(1.5);
    const wheel = new WheelEvent('wheel', { deltaY: -600, bubbles: true, cancelable: true });
    opened.find('.stage').dispatchEvent(wheel);
    await opened.lightbox.updateComplete;
    expect(wheel.defaultPrevented).to.equal(true);
    expect(scale(opened)).to.be.closeTo(1.5 * Math.exp(600 * 0.0022), 0.01);
    for (let times = 0; times < 3; times++) await opened.press('+');
    await opened.press('ArrowRight');
    expect([opened.counter(), scale(opened)]).to.deep.equal(['1 of 4', 8]);
    await opened.press('0');
    expect(scale(opened)).to.equal(1);
    await opened.press('-');
    expect(scale(opened)).to.equal(1);
  });

  it('zooms by pinch and double tap', async () => {
    const opened = await open();
    touch(
      opened,
      [
        [-50, 0],
        [50, 0],
      ],
      [
        [-100, 0],
        [100, 0],
      ],
    );
    await opened.lightbox.updateComplete;
    expect(scale(opened)).to.equal(2);
    for (let taps = 0; taps < 2; taps++) touch(opened, [[0, 0]]);
    await opened.lightbox.updateComplete;
    expect(scale(opened)).to.equal(1);
    for (let taps = 0; taps < 2; taps++) touch(opened, [[0, 0]]);
    await opened.lightbox.updateComplete;
    expect(scale(opened)).to.equal(2.5);
  });

  it('goes on by a swipe, and away by one downwards', async () => {
    const opened = await open();
    touch(opened, [[100, 0]], [[60, 2]], [[-40, 4]]);
    await opened.lightbox.updateComplete;
    expect(opened.counter()).to.equal('2 of 4');
    touch(opened, [[0, 0]], [[2, 60]], [[4, 140]]);
    expect(opened.lightbox.isConnected).to.equal(false);
  });

  it('gives the focus back to the picture that was opened', async () => {
    const opened = await open();
    await opened.press('ArrowRight');
    await opened.press('Escape');
    expect(opened.lightbox.isConnected).to.equal(false);
    const files = opened.pane.find(...path);
    expect(files.shadowRoot!.activeElement).to.equal(files.shadowRoot!.querySelector('.open'));
  });

  it('keeps its keys from the page and from the chat around it', async () => {
    const opened = await open();
    const heard: string[] = [];
    const listen = (event: Event) => heard.push((event as KeyboardEvent).key);
    document.addEventListener('keydown', listen);
    for (const key of ['ArrowDown', 'x', 'Escape']) await opened.press(key);
    document.removeEventListener('keydown', listen);
    expect(heard).to.deep.equal([]);
  });

  it('does not go on blocking the page when the panel around it is hidden', async () => {
    const opened = await open();
    opened.pane.mounted.host.hidden = true;
    opened.pane.mounted.host.style.display = 'none';
    await frames();
    expect(opened.lightbox.isConnected).to.equal(false);
  });
});
