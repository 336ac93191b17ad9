import { expect } from 'chai';
import { html } from 'lit';
import { aTone } from '../../testing/files.ts';
import { expectAccessibleInBothThemes, mount, press, type Mounted } from '../../testing/mount.ts';
import { $rate } from './playback.ts';
import './teatime-voice-player.ts';
import type { TeatimeVoicePlayer } from './teatime-voice-player.ts';

const waveform = Array.from({ length: 64 }, (_, index) => index % 100);
const tone = (seconds: number) => URL.createObjectURL(aTone(seconds));

function aDeadUrl(): string {
  const url = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(url);
  return url;
}

interface Options {
  readonly src?: string | (() => Promise<string>);
  readonly durationMs?: number | undefined;
  readonly key?: string;
  readonly dir?: 'ltr' | 'rtl';
}

const show = ({ src = tone(4), durationMs = 4_000, key = '', dir = 'ltr' }: Options = {}) =>
  mount<TeatimeVoicePlayer>(
    html`<teatime-voice-player
      label="Voice message"
      .label=${'Voice message'}
      .key=${key}
      .src=${src}
      .durationMs=${durationMs}
      .waveform=${waveform}
    ></teatime-voice-player>`,
    { size: [280, 80], dir },
  );

const slider = (player: Mounted<TeatimeVoicePlayer>) => player.find('[role=slider]');
const button = (player: Mounted<TeatimeVoicePlayer>) => player.find('.toggle');
const isPlaying = (player: Mounted<TeatimeVoicePlayer>) => player.find('.player').classList.contains('playing');
const played = (player: Mounted<TeatimeVoicePlayer>) => Number(slider(player).style.getPropertyValue('--played'));

async function play(player: Mounted<TeatimeVoicePlayer>): Promise<void> {
  button(player).click();
  await player.until(() => isPlaying(player));
}

describe('teatime-voice-player', () => {
  afterEach(() => $rate.set(1));

  it('says what it is, how long it is, and where one is in it', async () => {
    const player = await show();
    expect(player.find('.player').ariaLabel).to.equal('Voice message');
    expect(player.text('.time')).to.equal('0:04');
    const { ariaValueMin, ariaValueMax, ariaValueNow, ariaValueText } = slider(player);
    expect([ariaValueMin, ariaValueMax, ariaValueNow, ariaValueText]).to.deep.equal(['0', '4', '0', '0:00 of 0:04']);
    await expectAccessibleInBothThemes(player);
  });

  it('plays, moves on, and stops where it is told to', async () => {
    const player = await show();
    expect(button(player).ariaLabel).to.equal('Play');
    await play(player);
    expect(button(player).ariaLabel).to.equal('Pause');
    await player.until(() => played(player) > 0.02);
    button(player).click();
    await player.until(() => !isPlaying(player));
    const before = played(player);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(played(player)).to.equal(before);
  });

  it('goes back to the beginning at the end', async () => {
    const player = await show({ src: tone(0.2), durationMs: 200 });
    await play(player);
    await player.until(() => !isPlaying(player));
    expect([button(player).ariaLabel, played(player)]).to.deep.equal(['Play', 0]);
  });

  it('lets only one sound play at a time', async () => {
    const first = await show({ key: 'first' });
    await play(first);
    first.element.remove();
    const second = await show({ key: 'second' });
    await play(second);
    const again = await show({ key: 'first' });
    expect(isPlaying(again)).to.equal(false);
  });

  it('is searched by keys, the other way where text runs from right to left', async () => {
    for (const [dir, forward, back] of [
      ['ltr', 'ArrowRight', 'ArrowLeft'],
      ['rtl', 'ArrowLeft', 'ArrowRight'],
    ] as const) {
      const player = await show({ dir });
      const at = async (key: string) => {
        press(slider(player), key);
        await player.settled();
        return slider(player).ariaValueNow;
      };
      expect([await at(forward), await at(forward), await at(back)]).to.deep.equal(['1', '2', '1']);
      expect([await at('ArrowUp'), await at('ArrowDown'), await at('End'), await at('Home')]).to.deep.equal([
        '2',
        '1',
        '4',
        '0',
      ]);
    }
  });

  it('is searched by pointer, and goes on from there', async () => {
    const player = await show();
    const wave = slider(player);
    wave.setPointerCapture = () => undefined;
    const { left, width } = wave.getBoundingClientRect();
    const send = (type: string, share: number) =>
      wave.dispatchEvent(new PointerEvent(type, { clientX: left + width * share, button: 0, bubbles: true }));
    send('pointerdown', 0.2);
    send('pointermove', 0.5);
    await player.settled();
    expect(played(player)).to.be.closeTo(0.5, 0.01);
    send('pointerup', 0.75);
    await player.settled();
    expect(slider(player).ariaValueNow).to.equal('3');
    await play(player);
    expect(played(player)).to.be.within(0.74, 0.95);
  });

  it('plays faster when asked to, also the next one', async () => {
    const player = await show();
    const rate = player.find('.rate');
    expect(rate.innerText).to.equal('1×');
    rate.click();
    await player.settled();
    expect([rate.innerText, rate.ariaLabel]).to.deep.equal(['1.5×', 'Speed 1.5×']);
    rate.click();
    const next = await show();
    expect(next.find('.rate').innerText).to.equal('2×');
    const start = performance.now();
    await play(next);
    await next.until(() => played(next) > 0.25);
    expect(performance.now() - start).to.be.below(1_000);
  });

  it('goes on while the row that it is in is drawn anew', async () => {
    const player = await show({ key: 'redrawn' });
    await play(player);
    const { element, find } = player;
    const parent = element.parentNode!;
    element.remove();
    parent.append(element);
    await player.settled();
    expect(find('.player').className).to.contain('playing');
    button(player).click();
    await player.until(() => !isPlaying(player));
  });

  it('keeps playing the recording that has just been sent', async () => {
    const player = await show();
    await play(player);
    player.element.key = 'sent';
    await player.settled();
    expect(isPlaying(player)).to.equal(true);
    button(player).click();
    await player.until(() => !isPlaying(player));
  });

  it('asks for the address once more when it has ended', async () => {
    const answers = [aDeadUrl(), tone(2)];
    let asked = 0;
    const player = await show({ src: async () => answers[asked++]!, durationMs: 2_000 });
    await play(player);
    expect(asked).to.equal(2);
  });

  it('says that it cannot be played, and tries again when asked to', async () => {
    let url = aDeadUrl();
    const player = await show({ src: async () => url });
    button(player).click();
    await player.until(() => player.find('.player').classList.contains('failed'));
    expect(player.text('.time')).to.equal("Couldn't play it.");
    url = tone(4);
    await play(player);
  });

  it('knows the length of a recording that does not say it, and searches it', async () => {
    const recording = await record();
    const player = await show({ src: URL.createObjectURL(recording), durationMs: 1900 });
    press(slider(player), 'End');
    press(slider(player), 'PageDown');
    press(slider(player), 'Home');
    // To the middle: what is left of it must last longer than a browser that has much else to do takes to draw.
    for (let times = 0; times < 5; times++) press(slider(player), 'PageUp');
    await player.settled();
    await play(player);
    expect(played(player)).to.be.greaterThan(0.4);
    // It records for two seconds first.
  }).timeout(30_000);
});

/** Two seconds of sound as `MediaRecorder` makes it: WebM without a length. */
async function record(): Promise<Blob> {
  const context = new AudioContext();
  const source = context.createOscillator();
  const target = context.createMediaStreamDestination();
  source.connect(target);
  source.start();
  const recorder = new MediaRecorder(target.stream, { mimeType: 'audio/webm;codecs=opus' });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
  recorder.start(100);
  while (parts.length < 20)
    await new Promise((resolve) => recorder.addEventListener('dataavailable', resolve, { once: true }));
  recorder.stop();
  await stopped;
  await context.close();
  return new Blob(parts, { type: 'audio/webm' });
}
