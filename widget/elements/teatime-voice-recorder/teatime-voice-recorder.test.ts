import { expect } from 'chai';
import type { Attachment, OpenConversation } from '../../model/types.ts';
import type { TeatimeMessageSendEvent } from '../../chat-events.ts';
import type { TeatimeFileRejectEvent, TeatimePermissionNeededEvent } from '../../file-events.ts';
import { expectAccessibleInBothThemes, once, press } from '../../testing/mount.ts';
import { aConversationState, anItem } from '../../testing/pane.ts';
import { frames, showPane, type Pane } from '../../testing/show-pane.ts';
import { aChatError, aConversation, aUser } from '../../testing/states.ts';
import '../teatime-composer/composer-files.ts';
import { levelOf, waveformOf } from './levels.ts';
import { reasonOf } from './microphone.ts';
import './teatime-voice-recorder.ts';

const button = ['teatime-composer', 'teatime-voice-button'] as const;
const recorder = [...button, 'teatime-voice-recorder'] as const;
const mic = (pane: Pane) => pane.find(...button, '.mic');
const isOpen = (pane: Pane) => pane.all(...button, 'teatime-voice-recorder').length > 0;

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await frames();
};
/** Waits until something is in the recorder. */
const shown = async (pane: Pane, selector: string): Promise<HTMLElement> => {
  await until(() => isOpen(pane) && pane.all(...recorder, selector).length > 0);
  return pane.find(...recorder, selector);
};
/** Waits until it has recorded for so long, by its own clock's second or its levels. */
const recorded = async (pane: Pane, ms: number): Promise<void> => {
  await shown(pane, '.clock');
  const from = performance.now();
  await until(() => performance.now() - from >= ms);
};

const touch = (type: string, target: EventTarget, clientX = 300, pointerId = 5): PointerEvent => {
  const init = { pointerType: 'touch', pointerId, clientX, bubbles: true, composed: true, cancelable: true };
  const event = new PointerEvent(type, init);
  target.dispatchEvent(event);
  return event;
};

const devices = navigator.mediaDevices;
/** The real microphone of the browser, of which one can see what became of it. */
let tracks: MediaStreamTrack[] = [];
const microphoneIsFree = () => tracks.length > 0 && tracks.every(({ readyState }) => readyState === 'ended');
const refuse = (name: string, message = '') => {
  devices.getUserMedia = () => Promise.reject(new DOMException(message, name));
};

describe('teatime-voice-recorder', () => {
  beforeEach(() => {
    tracks = [];
    devices.getUserMedia = async (constraints) => {
      const stream = await MediaDevices.prototype.getUserMedia.call(devices, constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  afterEach(() => {
    Reflect.deleteProperty(devices, 'getUserMedia');
  });

  it('records, lets one listen, and sends what others can play, with its length and shape', async () => {
    const pane = await showPane(aConversationState());
    mic(pane).click();
    await recorded(pane, 1200);
    expect(tracks.map(({ readyState }) => readyState)).to.deep.equal(['live']);
    expect(pane.find(...recorder, '.levels path').getAttribute('d')).to.match(/^M/);
    expect(pane.find(...recorder, '[role=timer]').innerText).to.equal('0:01');
    pane.find(...recorder, '[aria-label="Stop and listen"]').click();
    expect(microphoneIsFree()).to.equal(true);
    const player = (await shown(pane, 'teatime-voice-player')) as HTMLElementTagNameMap['teatime-voice-player'];
    expect(player.durationMs).to.be.within(1100, 4000);
    pane.find(...recorder, '.send').click();
    await until(() => pane.done().length > 0);
    const [[method, [attachment], options]] = pane.done() as [[string, [Attachment], object]];
    expect([method, options]).to.deep.equal(['sendFiles', {}]);
    const { blob, name, voice } = attachment;
    expect(blob.type).to.match(/^audio\/(?:mp4|webm|ogg)/);
    expect(name).to.match(/^voice-\d{4}-\d\d-\d\d-\d\d-\d\d\.(?:m4a|webm|ogg)$/);
    expect(voice!.durationMs).to.equal(player.durationMs);
    expect(voice!.waveform.length).to.be.within(10, 96);
    expect(voice!.waveform.every((level) => Number.isInteger(level) && level >= 0 && level <= 100)).to.equal(true);
    // The fake microphone beeps once a second.
    expect(Math.max(...voice!.waveform)).to.equal(100);
    expect(Math.min(...voice!.waveform)).to.be.below(20);
    const context = new OfflineAudioContext(1, 1, 48_000);
    const sound = await context.decodeAudioData(await blob.arrayBuffer());
    expect(sound.duration * 1000).to.be.closeTo(voice!.durationMs, 400);
    await until(() => !isOpen(pane));
    await pane.settled();
    expect(pane.find(...button).shadowRoot!.activeElement).to.equal(mic(pane));
  });

  it('can be sent without listening, as the answer that was begun, and the page may look at it', async () => {
    const state = aConversationState([anItem(1)]);
    state.$draft.set({ text: '', replyTo: anItem(1).message });
    const pane = await showPane(state);
    mic(pane).click();
    await recorded(pane, 300);
    const asked = once<TeatimeMessageSendEvent>(pane.mounted.host, 'teatime-message-send');
    pane.find(...recorder, '[aria-label="Send the recording"]').click();
    const { text, files } = (await asked).detail;
    expect(text).to.equal('');
    expect(files[0]!.size).to.be.above(0);
    await until(() => !isOpen(pane));
    expect(pane.done().map(([method, , options]) => [method, options])).to.deep.equal([
      ['sendFiles', { replyTo: 'message-1' }],
    ]);
    expect(state.$draft.get()).to.deep.equal({ text: '' });
  });

  it('keeps the recording when the page does not let it out, or it could not be kept', async () => {
    const fails = { sendFiles: () => Promise.reject(aChatError({ code: 'storage' })) };
    const pane = await showPane(aConversationState([], undefined, fails));
    pane.mounted.host.addEventListener('teatime-message-send', (event) => event.preventDefault(), { once: true });
    mic(pane).click();
    await recorded(pane, 200);
    pane.find(...recorder, '.send').click();
    await shown(pane, 'teatime-voice-player');
    pane.find(...recorder, '.send').click();
    expect((await shown(pane, '.notice')).innerText).to.equal("This browser couldn't keep that on the device.");
    expect(pane.all(...recorder, 'teatime-voice-player')).to.have.length(1);
  });

  it('says why a recording is not taken, and tells the page', async () => {
    const sendFiles: OpenConversation['sendFiles'] = async ([file]) => [
      { name: file!.name, size: file!.blob.size, type: file!.blob.type, reason: 'wrong_type' },
    ];
    const pane = await showPane(aConversationState([], undefined, { sendFiles }));
    const told = once<TeatimeFileRejectEvent>(pane.mounted.host, 'teatime-file-reject');
    mic(pane).click();
    await recorded(pane, 200);
    pane.find(...recorder, '.send').click();
    expect((await told).detail.files[0]!.reason).to.equal('wrong_type');
    expect((await shown(pane, '[role=alert]')).innerText).to.match(/^Files like voice-.* can't be sent here\.$/);
  });

  it('is discarded by Escape, which the panel does not get, and by its button', async () => {
    const pane = await showPane(aConversationState());
    for (const discard of [
      async () => expect(press(pane.find(...recorder, '.stop'), 'Escape')).to.equal(false),
      async () => pane.find(...recorder, '[aria-label="Discard the recording"]').click(),
    ]) {
      mic(pane).click();
      await recorded(pane, 100);
      await discard();
      expect(microphoneIsFree()).to.equal(true);
      await until(() => !isOpen(pane));
    }
    expect(tracks).to.have.length(2);
    expect(pane.done()).to.deep.equal([]);
  });

  it('gives the microphone back when another conversation is shown, when it is taken away, and when the page goes', async () => {
    for (const leave of [
      (pane: Pane) => {
        pane.mounted.element.conversation = aConversationState(
          [],
          aConversation({ peer: aUser({ username: 'ken' }) }),
        ).conversation;
      },
      (pane: Pane) => pane.mounted.element.remove(),
      () => window.dispatchEvent(new Event('pagehide')),
    ]) {
      const pane = await showPane(aConversationState());
      mic(pane).click();
      await recorded(pane, 50);
      leave(pane);
      await until(microphoneIsFree);
      if (pane.mounted.element.isConnected) expect(isOpen(pane)).to.equal(false);
      tracks = [];
    }
  });

  it('gives the microphone back when it is handed out after the wait for it was ended', async () => {
    const pane = await showPane(aConversationState());
    const ask = devices.getUserMedia;
    let allow!: () => void;
    const allowed = new Promise<void>((resolve) => (allow = resolve));
    let given!: Promise<MediaStream>;
    devices.getUserMedia = (constraints) => (given = allowed.then(() => ask(constraints)));
    mic(pane).click();
    expect((await shown(pane, '.waiting')).innerText).to.equal('Waiting for the microphone…');
    press(pane.find(...recorder, '.discard'), 'Escape');
    await until(() => !isOpen(pane));
    allow();
    await given;
    await until(microphoneIsFree);
  });

  it('keeps what was recorded when the microphone goes away', async () => {
    const pane = await showPane(aConversationState());
    mic(pane).click();
    await recorded(pane, 300);
    // What the browser says when a microphone is unplugged (Media Capture and Streams §4.3.1).
    tracks[0]!.stop();
    tracks[0]!.dispatchEvent(new Event('ended'));
    expect((await shown(pane, '.notice')).innerText).to.contain('The microphone went away.');
    expect(pane.all(...recorder, 'teatime-voice-player')).to.have.length(1);
  });

  it('ends at the longest that the server takes, and is there to be sent', async () => {
    const pane = await showPane(aConversationState());
    pane.chat.$fileLimits.set({ ...pane.chat.$fileLimits.get()!, voiceSeconds: 1 });
    await pane.settled();
    mic(pane).click();
    expect((await shown(pane, '.notice')).innerText).to.contain('A recording can be no longer here.');
    expect(microphoneIsFree()).to.equal(true);
    const player = pane.find<HTMLElementTagNameMap['teatime-voice-player']>(...recorder, 'teatime-voice-player');
    expect(player.durationMs).to.equal(1000);
  });

  it('goes on while the page puts a text into the composer, or a file comes into the tray', async () => {
    const pane = await showPane(aConversationState());
    mic(pane).click();
    await recorded(pane, 50);
    pane.state.$draft.set({ text: 'from the page' });
    await pane.settled();
    expect(isOpen(pane)).to.equal(true);
    press(pane.find(...recorder, '.stop'), 'Escape');
    await pane.settled();
    expect(pane.find('teatime-composer', '.send').offsetWidth).to.equal(38);
  });

  it('is held by a finger: sent when it lets go', async () => {
    const pane = await showPane(aConversationState());
    touch('pointerdown', mic(pane));
    expect((await shown(pane, '.slide')).innerText.trim()).to.equal('Slide to cancel');
    await recorded(pane, 500);
    expect(new MouseEvent('contextmenu').defaultPrevented).to.equal(false);
    const menu = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
    document.body.dispatchEvent(menu);
    expect(menu.defaultPrevented).to.equal(true);
    touch('pointerup', mic(pane), 300, 6);
    expect(pane.done(), 'another finger').to.deep.equal([]);
    touch('pointerup', mic(pane));
    await until(() => !isOpen(pane));
    expect(pane.done().map(([method]) => method)).to.deep.equal(['sendFiles']);
    expect(microphoneIsFree()).to.equal(true);
  });

  it('is cancelled by sliding towards the start, wherever that is', async () => {
    for (const [dir, towardsStart] of [
      ['ltr', -1],
      ['rtl', 1],
    ] as const) {
      const pane = await showPane(aConversationState());
      pane.mounted.host.dir = dir;
      await pane.settled();
      touch('pointerdown', mic(pane));
      const slide = await shown(pane, '.slide');
      touch('pointermove', mic(pane), 300 - 200 * towardsStart);
      expect(isOpen(pane), 'the other way').to.equal(true);
      touch('pointermove', mic(pane), 300 + 40 * towardsStart);
      expect(slide.style.translate).to.equal(`${40 * towardsStart}px`);
      touch('pointermove', mic(pane), 300 + 100 * towardsStart);
      await until(() => !isOpen(pane));
      expect(microphoneIsFree()).to.equal(true);
      expect(pane.done()).to.deep.equal([]);
    }
  });

  it('goes on by itself after a short touch', async () => {
    const pane = await showPane(aConversationState());
    touch('pointerdown', mic(pane));
    touch('pointerup', mic(pane));
    mic(pane).click();
    await shown(pane, '.stop');
    touch('pointermove', mic(pane), 0);
    await pane.settled();
    expect(isOpen(pane)).to.equal(true);
    expect(tracks).to.have.length(1);
  });

  it('explains why there is no microphone, tells the page, and tries again', async () => {
    for (const [name, message, reason, words] of [
      ['NotAllowedError', 'Permission denied', 'denied', 'The microphone is blocked for this page.'],
      ['NotAllowedError', 'Permission dismissed', 'dismissed', 'choose “Allow”'],
      ['NotAllowedError', 'Permission denied by system', 'system', 'privacy settings'],
      ['NotFoundError', '', 'missing', 'No microphone was found.'],
      ['NotReadableError', '', 'busy', 'Another program'],
    ] as const) {
      refuse(name, message);
      const pane = await showPane(aConversationState());
      const needed = once<TeatimePermissionNeededEvent>(pane.mounted.host, 'teatime-permission-needed');
      mic(pane).click();
      expect((await needed).detail).to.deep.equal({ kind: 'microphone', reason });
      expect((await shown(pane, '[role=alert]')).innerText).to.contain(words);
      if (reason === 'denied') await expectAccessibleInBothThemes(pane.mounted);
      if (reason !== 'busy') continue;
      Reflect.deleteProperty(devices, 'getUserMedia');
      pane
        .all(...recorder, '.button')
        .find(({ innerText }) => innerText === 'Try again')!
        .click();
      await shown(pane, '.clock');
    }
  });

  it('leaves the explanation to a page that wants it', async () => {
    refuse('NotAllowedError');
    const pane = await showPane(aConversationState());
    const asked = once(pane.mounted.host, 'teatime-permission-needed');
    pane.mounted.host.addEventListener('teatime-permission-needed', (event) => event.preventDefault());
    mic(pane).click();
    await asked;
    await until(() => !isOpen(pane));
    expect(mic(pane).checkVisibility({ visibilityProperty: true })).to.equal(true);
  });

  it('is the only thing that Tab reaches in the box, and is accessible in both themes', async () => {
    const pane = await showPane(aConversationState());
    mic(pane).click();
    await recorded(pane, 100);
    for (const hidden of ['textarea', 'teatime-emoji-button', 'teatime-attach-button'])
      expect(pane.find('teatime-composer', hidden).checkVisibility({ visibilityProperty: true }), hidden).to.equal(
        false,
      );
    await expectAccessibleInBothThemes(pane.mounted);
    pane.find(...recorder, '.stop').click();
    await shown(pane, 'teatime-voice-player');
    await expectAccessibleInBothThemes(pane.mounted);
  });

  it('is not offered where the page or the server switched it off, nor beside something to send', async () => {
    const offered = (pane: Pane) => pane.all('teatime-composer', 'teatime-voice-button').length;
    expect(offered(await showPane(aConversationState(), { off: ['voice'] }))).to.equal(0);
    const pane = await showPane(aConversationState());
    expect(offered(pane)).to.equal(1);
    const limits = pane.chat.$fileLimits.get()!;
    for (const without of [undefined, { ...limits, voiceSeconds: 0 }]) {
      pane.chat.$fileLimits.set(without);
      await pane.settled();
      expect(offered(pane)).to.equal(0);
    }
    pane.chat.$fileLimits.set(limits);
    pane.state.$draft.set({ text: 'words' });
    await pane.settled();
    expect(offered(pane)).to.equal(0);
  });
});

describe('levels', () => {
  it('are as loud as ears find it', () => {
    const tone = (amplitude: number) => Float32Array.from({ length: 2048 }, (_, i) => amplitude * Math.sin(i / 5));
    expect(levelOf(new Float32Array(2048))).to.equal(0);
    expect(levelOf(tone(1))).to.equal(100);
    expect(levelOf(tone(0.05))).to.be.within(45, 65);
    expect(levelOf(tone(0.1)) - levelOf(tone(0.05))).to.be.within(8, 16);
  });

  it('make a shape of at most 96 steps, that no peak is lost from', () => {
    const levels = Array.from({ length: 1000 }, (_, index) => (index === 500 ? 80 : 40));
    const shape = waveformOf(levels);
    expect(shape).to.have.length(96);
    expect(Math.max(...shape)).to.equal(100);
    expect(shape.filter((peak) => peak === 50)).to.have.length(95);
    expect(waveformOf([10, 60])).to.deep.equal([17, 100]);
    expect(waveformOf([])).to.deep.equal([0]);
    expect(waveformOf([0, 2, 1])).to.deep.equal([0, 17, 8]);
  });
});

describe('reasonOf', () => {
  it('knows what the browsers say', () => {
    expect(reasonOf(new DOMException('', 'OverconstrainedError'))).to.equal('missing');
    expect(reasonOf(new DOMException('', 'NotSupportedError'))).to.equal('unsupported');
    expect(reasonOf(new TypeError('anything'))).to.equal('failed');
  });
});
