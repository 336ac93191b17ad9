import { expect } from 'chai';
import { html } from 'lit';
import { expectAccessible } from '../../testing/accessible.ts';
import { expectAccessibleInBothThemes, mount, once, press, type Mounted } from '../../testing/mount.ts';
import { aPicture } from '../../testing/pictures.ts';
import { aChatError } from '../../testing/states.ts';
import { zoomOf } from './crop.ts';
import './teatime-avatar-editor.ts';
import type { TeatimeAvatarEditor } from './teatime-avatar-editor.ts';
import type { TeatimeAvatarStage } from './teatime-avatar-stage.ts';

type Editor = Mounted<TeatimeAvatarEditor>;

const open = (
  save: TeatimeAvatarEditor['save'] = async () => undefined,
  { removable = false, dir = 'ltr', width = 320 }: { removable?: boolean; dir?: 'ltr' | 'rtl'; width?: number } = {},
): Promise<Editor> =>
  mount<TeatimeAvatarEditor>(
    html`<teatime-avatar-editor label="Your picture" .save=${save} .removable=${removable}></teatime-avatar-editor>`,
    { size: [width, 640], dir },
  );

/** Drops a file on the editor, and waits until it is open or refused. */
async function drop(editor: Editor, file: File): Promise<void> {
  dropOn(editor.find('section'), file);
  await editor.until(() => editor.find('section').getAttribute('aria-busy') === 'true');
  await editor.until(() => editor.find('section').getAttribute('aria-busy') === 'false');
}

const stageOf = (editor: Editor): TeatimeAvatarStage => editor.find<TeatimeAvatarStage>('teatime-avatar-stage');
const viewOf = (editor: Editor): HTMLElement => stageOf(editor).renderRoot.querySelector<HTMLElement>('.stage')!;
const stageText = (editor: Editor, selector: string) =>
  stageOf(editor).renderRoot.querySelector(selector)!.textContent!.trim();

describe('teatime-avatar-editor', () => {
  it('takes a dropped picture, puts the focus on it, and uploads the square that is shown', async () => {
    const saved: (Blob | undefined)[] = [];
    const editor = await open(async (picture) => void saved.push(picture));
    await drop(editor, await aPicture());
    expect(editor.element.renderRoot.querySelector(':focus')).to.equal(stageOf(editor));
    const done = once(editor.element, 'saved');
    editor.find('.primary').click();
    await done;
    expect(saved[0]?.type).to.equal('image/webp');
  });

  it('takes the first picture of several files, picked or pasted too', async () => {
    const editor = await open();
    const files = new DataTransfer();
    files.items.add(new File(['words'], 'words.txt', { type: 'text/plain' }));
    files.items.add(await aPicture());
    const paste = new ClipboardEvent('paste', { clipboardData: files, bubbles: true, cancelable: true });
    expect(editor.find('section').dispatchEvent(paste)).to.equal(false);
    await editor.until(() => editor.all('teatime-avatar-stage').length > 0);

    const other = await open();
    const picked = new DataTransfer();
    picked.items.add(await aPicture());
    const input = other.find<HTMLInputElement>('input[type=file]');
    input.files = picked.files;
    input.dispatchEvent(new Event('change'));
    await other.until(() => other.all('teatime-avatar-stage').length > 0);
  });

  it('refuses in words what is no picture, and keeps the one before', async () => {
    const editor = await open();
    const words = new File(['words'], 'words.png', { type: 'image/png' });
    await drop(editor, words);
    expect(editor.text('[role=alert]')).to.match(/can't be opened as a picture/);
    expect(editor.all('teatime-avatar-stage')).to.have.length(0);
    await drop(editor, await aPicture());
    expect(editor.text('[role=alert]')).to.equal('');
    const before = stageOf(editor).picture;
    await drop(editor, words);
    expect(stageOf(editor).picture).to.equal(before);
  });

  it('is moved and zoomed by keys, says where it is, and leaves other keys alone', async () => {
    const editor = await open();
    await drop(editor, await aPicture(400, 200));
    const stage = stageOf(editor);
    const start = stage.crop;
    expect(press(viewOf(editor), 'ArrowRight')).to.equal(false);
    expect(stage.crop).to.deep.equal({ ...start, x: start.x - 8 });
    expect(press(viewOf(editor), '+')).to.equal(false);
    expect(zoomOf(stage.crop, stage.picture!)).to.be.closeTo(1.15, 0.001);
    await editor.settled();
    expect(stageText(editor, '[role=status]')).to.equal('Zoom 115%, middle at 48% from the left and 50% from the top.');
    expect(press(viewOf(editor), '-')).to.equal(false);
    expect(zoomOf(stage.crop, stage.picture!)).to.equal(1);
    expect(press(viewOf(editor), 'Tab')).to.equal(true);
  });

  it('is dragged by the pointer, zoomed by wheel, slider and buttons', async () => {
    const editor = await open();
    await drop(editor, await aPicture(800, 400));
    const stage = stageOf(editor);
    const view = viewOf(editor);
    // Only pointers of real devices can be captured.
    view.setPointerCapture = () => undefined;
    const { left, top, width } = view.getBoundingClientRect();
    const pointer = (type: string, x: number, y: number) =>
      view.dispatchEvent(new PointerEvent(type, { pointerId: 1, clientX: left + x * width, clientY: top + y * width }));
    pointer('pointermove', 0.9, 0.9);
    expect(stage.crop).to.deep.equal({ x: 200, y: 0, side: 400 });
    pointer('pointerdown', 0.5, 0.5);
    pointer('pointermove', 0.75, 0.5);
    expect(stage.crop.x).to.be.closeTo(100, 0.5);
    pointer('pointerup', 0.75, 0.5);
    pointer('pointermove', 0.1, 0.5);
    expect(stage.crop.x).to.be.closeTo(100, 0.5);

    const wheel = new WheelEvent('wheel', { deltaY: -200, clientX: left, clientY: top, cancelable: true });
    expect(view.dispatchEvent(wheel)).to.equal(false);
    expect(stage.crop.side).to.be.lessThan(400);
    expect(stage.crop.x, 'what is under the pointer stays').to.be.closeTo(100, 0.5);
    await editor.settled();

    const slider = stage.renderRoot.querySelector<HTMLInputElement>('input')!;
    slider.value = '2';
    slider.dispatchEvent(new Event('input'));
    expect(stage.crop.side).to.equal(200);
    const [out] = stage.renderRoot.querySelectorAll('button');
    out!.click();
    await editor.settled();
    expect(slider.valueAsNumber).to.be.closeTo(2 / 1.15, 0.01);
    expect(slider.getAttribute('aria-valuetext')).to.equal('174%');
  });

  it('draws what is kept, in large and as small as others see it', async () => {
    const editor = await open();
    await drop(editor, await aPicture(400, 400));
    for (let step = 0; step < 40; step++) press(viewOf(editor), '+');
    for (let step = 0; step < 80; step++) press(viewOf(editor), 'ArrowRight');
    for (let step = 0; step < 80; step++) press(viewOf(editor), 'ArrowDown');
    await editor.settled();
    for (const canvas of stageOf(editor).renderRoot.querySelectorAll('canvas')) {
      const { data } = canvas.getContext('2d')!.getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
      expect([...data]).to.deep.equal([255, 0, 0, 255]);
    }
  });

  it('says why it could not be saved, keeps the picture, and saves on the next try', async () => {
    const failures = [aChatError({ code: 'file_rejected' }), aChatError({ code: 'network' })];
    const editor = await open(async () => {
      const failure = failures.shift();
      if (failure) throw failure;
    });
    await drop(editor, await aPicture());
    for (const words of [/can't use that picture/, /Can't reach the chat/]) {
      editor.find('.primary').click();
      await editor.until(() => words.test(editor.text('[role=alert]')));
      await editor.until(() => editor.text('.primary') === 'Save');
    }
    const done = once(editor.element, 'saved');
    editor.find('.primary').click();
    await done;
  });

  it('uploads once, whatever is pressed meanwhile', async () => {
    let calls = 0;
    let finish = (): void => undefined;
    const uploads = new EventTarget();
    const begun = once<Event>(uploads, 'begin');
    const editor = await open(() => {
      calls += 1;
      uploads.dispatchEvent(new Event('begin'));
      return new Promise((resolve) => (finish = resolve));
    });
    await drop(editor, await aPicture());
    let left = false;
    editor.element.addEventListener('leave', () => (left = true));
    editor.find('.primary').click();
    await editor.until(() => editor.text('.primary') === 'Saving…');
    editor.find('.primary').click();
    press(editor.find('section'), 'Escape');
    await begun;
    const done = once(editor.element, 'saved');
    finish();
    await done;
    expect({ calls, left }).to.deep.equal({ calls: 1, left: false });
  });

  it('takes a picture away only where there is one', async () => {
    expect((await open()).all('.danger')).to.have.length(0);
    const saved: unknown[] = [];
    const editor = await open(async (picture) => void saved.push(picture), { removable: true });
    const done = once(editor.element, 'removed');
    editor.find('.danger').click();
    await done;
    expect(saved).to.deep.equal([undefined]);
  });

  it('is left by Esc, which goes no further', async () => {
    const editor = await open();
    let further = false;
    editor.host.addEventListener('keydown', () => (further = true));
    const left = once(editor.element, 'leave');
    expect(press(editor.find('.drop button'), 'Escape')).to.equal(false);
    await left;
    expect(further).to.equal(false);
  });

  it('is accessible and fits 320 px, empty, with a picture and with an error, in both directions', async () => {
    for (const dir of ['ltr', 'rtl'] as const) {
      // What the pane around it leaves of 320 px.
      const editor = await open(undefined, { removable: true, dir, width: 280 });
      await expectAccessibleInBothThemes(editor);
      await drop(editor, await aPicture());
      await drop(editor, new File(['words'], 'words.png', { type: 'image/png' }));
      await expectAccessibleInBothThemes(editor);
      await expectAccessible(editor.host);
      const section = editor.find('section');
      expect(section.scrollWidth).to.be.at.most(section.clientWidth);
    }
  });
});

function dropOn(target: Element, file: File): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(file);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    const event = new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true });
    if (target.dispatchEvent(event)) throw new Error(`unable to drop; nobody took the ${type}`);
  }
}
