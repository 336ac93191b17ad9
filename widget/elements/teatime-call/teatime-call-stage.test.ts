import { expect } from 'chai';
import { html } from 'lit';
import { enCalls } from '../../locales/en-calls.ts';
import type { CallHandle, CallView } from '../../model/types.ts';
import { aCall, aCallHandle, aParticipant, aPicture } from '../../testing/calls.ts';
import { expectAccessibleInBothThemes, mount, press, type MountOptions } from '../../testing/mount.ts';
import { aUser } from '../../testing/states.ts';
import type { TeatimeCallStage } from './teatime-call-stage.ts';
import './teatime-call-stage.ts';

const people = ['Ken Ito', 'Ana Silva', 'Jo Weber', 'Lena Novak', 'Omar Aziz'].map((displayName) =>
  aUser({ username: displayName.slice(0, 3), displayName }),
);

async function show(call: CallView, options: MountOptions = {}) {
  const { handle, done } = aCallHandle();
  const mounted = await mount<TeatimeCallStage>(
    html`<teatime-call-stage
      .call=${call}
      .words=${enCalls.calls}
      .act=${(action: (calls: CallHandle) => unknown) => void action(handle)}
      .name=${'Mia Tanaka'}
    ></teatime-call-stage>`,
    options,
  );
  const button = (name: string): HTMLElement => mounted.find(`[aria-label="${name}"]`);
  const change = async (next: CallView): Promise<void> => {
    mounted.element.call = next;
    await mounted.settled();
  };
  return { ...mounted, done, button, change };
}

describe('teatime-call-stage', () => {
  it('does what its controls say', async () => {
    const stage = await show(aCall({ muted: true, cameraOn: false }));
    for (const name of ['Turn microphone on', 'Turn camera on', 'Share your screen', 'Leave the call'])
      stage.button(name).click();
    expect(stage.done).to.deep.equal([['setMuted', false], ['setCamera', true], ['share', true], ['leave']]);
    await stage.change(aCall({ sharing: true }));
    stage.button('Turn microphone off').click();
    stage.button('Stop sharing your screen').click();
    expect(stage.done.slice(4)).to.deep.equal([
      ['setMuted', true],
      ['share', false],
    ]);
    await expectAccessibleInBothThemes(stage);
  });

  it('says of each person in words what it shows by marks', async () => {
    const mia = aParticipant({ audio: false, quality: 1 });
    const ken = aParticipant({ user: people[0]!, screen: true });
    const ana = aParticipant({ user: people[1]!, state: 'reconnecting' });
    const jo = aParticipant({ user: people[2]!, videoPaused: true });
    const left = aParticipant({ user: people[3]!, state: 'left' });
    const stage = await show(aCall({ participants: [aParticipant({ own: true }), mia, ken, ana, jo, left] }));
    expect(stage.all('.tiles .tile').map(({ ariaLabel }) => ariaLabel)).to.deep.equal([
      'Mia Tanaka, microphone off, Poor connection',
      'Ken Ito, shows their screen',
      'Ana Silva, Reconnecting…',
      'Jo Weber, No video while the connection is poor',
      'You',
    ]);
  });

  it('goes on playing a picture while everything around it is drawn anew', async () => {
    const stream = aPicture();
    const call = (quality: 1 | 3): CallView =>
      aCall({ participants: [aParticipant({ own: true }), aParticipant({ video: true, stream, quality })] });
    const stage = await show(call(3));
    const video = stage.find<HTMLVideoElement>('video');
    let begun = 0;
    video.addEventListener('emptied', () => begun++);
    await stage.change(call(1));
    await stage.change(call(3));
    expect(stage.find('video')).to.equal(video);
    expect(begun).to.equal(0);
    const other = aPicture();
    await stage.change(
      aCall({ participants: [aParticipant({ own: true }), aParticipant({ video: true, stream: other })] }),
    );
    expect(video.srcObject).to.equal(other);
  });

  it('gives the room to a screen that is shared, and to who speaks when asked', async () => {
    const [mia, ken] = [aParticipant(), aParticipant({ user: people[0]! })];
    const own = aParticipant({ own: true });
    const stage = await show(aCall({ participants: [own, mia, ken] }));
    const main = (): string | null | undefined => stage.all('.main')[0]?.ariaLabel;
    expect(main()).to.equal(undefined);
    stage.button('Show who is speaking').click();
    await stage.change(aCall({ participants: [own, mia, { ...ken, speaking: true }] }));
    expect(main()).to.equal('Ken Ito');
    await stage.change(aCall({ participants: [own, mia, ken] }));
    expect(main()).to.equal('Ken Ito');
    await stage.change(aCall({ participants: [own, { ...mia, screen: true }, ken] }));
    expect(main()).to.contain('Mia Tanaka');
  });

  for (const dir of ['ltr', 'rtl'] as const) {
    it(`moves one's own picture by the arrow keys, ${dir}`, async () => {
      const stage = await show(aCall(), { dir });
      const self = stage.find('.self');
      const place = () => {
        const [box, around] = [self.getBoundingClientRect(), stage.element.getBoundingClientRect()];
        const right = box.left + box.right > around.left + around.right;
        return `${box.top + box.bottom > around.top + around.bottom ? 'bottom' : 'top'} ${right ? 'right' : 'left'}`;
      };
      expect(place()).to.equal(dir === 'ltr' ? 'bottom right' : 'bottom left');
      for (const [key, there] of [
        ['ArrowUp', 'top right'],
        ['ArrowLeft', 'top left'],
        ['ArrowDown', 'bottom left'],
        ['ArrowRight', 'bottom right'],
      ] as const) {
        if (key === 'ArrowUp') press(self, 'ArrowRight');
        expect(press(self, key)).to.equal(false);
        await stage.settled();
        expect(place()).to.equal(there);
      }
    });
  }

  it('puts a picture that is dragged into the corner it is nearest to', async () => {
    const stage = await show(aCall(), { size: [400, 600] });
    const self = stage.find('.self');
    const drag = (type: string, x: number, y: number) =>
      self.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, button: 0, bubbles: true }));
    // There is no real pointer to be captured.
    self.setPointerCapture = () => undefined;
    drag('pointerdown', 300, 500);
    drag('pointermove', 20, 40);
    expect(self.style.translate).to.equal('-280px -460px');
    drag('pointerup', 20, 40);
    await stage.settled();
    expect(self.style.translate).to.equal('');
    expect(self.className).to.contain('start-block start-inline');
  });

  it('lets one choose devices, and closes the list by Escape without closing anything else', async () => {
    const stage = await show(aCall());
    stage.button('Devices').click();
    await stage.settled();
    const [microphone, camera] = stage.all<HTMLSelectElement>('select');
    expect(microphone!.value).to.equal('microphone-1');
    expect([...camera!.options].map(({ label }) => label)).to.deep.equal(['Front', 'Camera 2']);
    camera!.value = 'camera-2';
    camera!.dispatchEvent(new Event('change'));
    expect(stage.done).to.deep.equal([['setCamera', 'camera-2']]);
    await expectAccessibleInBothThemes(stage);
    expect(press(camera!, 'Escape')).to.equal(false);
    await stage.settled();
    expect(stage.all('select')).to.deep.equal([]);
    expect(press(stage.find('.controls'), 'Escape')).to.equal(true);
  });

  it('explains what cannot be used until it is dismissed, and turns on sound that the browser holds back', async () => {
    const problem = { device: 'camera', reason: 'in-use' } as const;
    const stage = await show(aCall({ problem, soundBlocked: true }));
    expect(stage.text('[role=alert]')).to.equal('Another program is using the camera. Close it there and try again.');
    stage.find<HTMLElement>('.note .button').click();
    expect(stage.done).to.deep.equal([['unlockSound']]);
    stage.button('Dismiss').click();
    await stage.settled();
    expect(stage.all('[role=alert]')).to.deep.equal([]);
  });

  for (const dir of ['ltr', 'rtl'] as const) {
    it(`makes one's own picture a tile among three and more, so that no picture covers another, ${dir}`, async () => {
      for (const [width, height] of [
        [344, 320],
        [400, 560],
        [640, 640],
        [1040, 800],
      ] as const) {
        const stage = await show(aCall(), { dir, size: [width, height] });
        expect(stage.all('.self')).to.have.length(1);
        for (const count of [2, 3, 4, 5]) {
          const others = [aParticipant(), ...people].slice(0, count);
          const them = others.map((each) => ('user' in each ? each : aParticipant({ user: each })));
          await stage.change(aCall({ participants: [aParticipant({ own: true }), ...them] }));
          const tiles = stage.all('.tile');
          expect(tiles).to.have.length(count + 1);
          expect(stage.all('.self')).to.deep.equal([]);
          const boxes = tiles.map((tile) => tile.getBoundingClientRect());
          const apart = (a: DOMRect, b: DOMRect): boolean =>
            a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
          for (const [index, box] of boxes.entries()) {
            expect(box.width).to.be.within(80, width);
            expect(box.height).to.be.within(50, height);
            for (const other of boxes.slice(index + 1)) expect(apart(box, other)).to.equal(true);
          }
        }
      }
    });
  }

  it('covers less than a quarter of the only other person, and not the middle, in each corner', async () => {
    for (const [width, height] of [
      [344, 320],
      [400, 560],
      [1040, 800],
    ] as const) {
      const stage = await show(aCall(), { size: [width, height] });
      const them = stage.find('.tiles .tile').getBoundingClientRect();
      const middle = { x: them.left + them.width / 2, y: them.top + them.height / 2 };
      for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown']) {
        press(stage.find('.self'), key);
        await stage.settled();
        const own = stage.find('.self').getBoundingClientRect();
        expect(own.width * own.height).to.be.lessThan((them.width * them.height) / 4);
        const inside = own.left < middle.x && middle.x < own.right && own.top < middle.y && middle.y < own.bottom;
        expect(inside).to.equal(false);
      }
    }
  });

  it('shows seven people without one being larger than the other', async () => {
    const participants = [aParticipant({ own: true }), aParticipant(), ...people.map((user) => aParticipant({ user }))];
    const stage = await show(aCall({ participants }), { size: [720, 560] });
    const sizes = stage.all('.tiles .tile').map(({ offsetWidth, offsetHeight }) => [offsetWidth, offsetHeight]);
    expect(sizes).to.have.length(7);
    for (const [width, height] of sizes) {
      expect(width).to.be.closeTo(sizes[0]![0]!, 2);
      expect(height).to.be.closeTo(sizes[0]![1]!, 2);
    }
    await expectAccessibleInBothThemes(stage);
  });
});
