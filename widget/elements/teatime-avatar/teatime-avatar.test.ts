import { expect } from 'chai';
import { html } from 'lit';
import { expectAccessible } from '../../testing/accessible.ts';
import { mount, once } from '../../testing/mount.ts';
import { aPicture } from '../../testing/pictures.ts';
import { initials } from './initials.ts';
import './teatime-avatar.ts';
import type { TeatimeAvatar } from './teatime-avatar.ts';

describe('teatime-avatar', () => {
  it('stands for a name with one or two letters, whatever the script', () => {
    expect(initials('Mia Tanaka')).to.equal('MT');
    expect(initials('  noor  ')).to.equal('N');
    expect(initials('Ana de la Cruz')).to.equal('AC');
    expect(initials('(Ops) team')).to.equal('OT');
    expect(initials('田中 美亜')).to.equal('田美');
    expect(initials('👩‍🚀 Crew')).to.equal('👩‍🚀C');
    expect(initials('')).to.equal('?');
  });

  it('shows the initials until the picture has loaded, without moving anything, and for ever when it cannot be had', async () => {
    const src = URL.createObjectURL(await aPicture(64, 64));
    const mounted = await mount<TeatimeAvatar>(html`<teatime-avatar name="Mia Tanaka" .src=${src}></teatime-avatar>`);
    expect(mounted.find('.initials').dataset['text']).to.equal('MT');
    const before = mounted.find('.face').getBoundingClientRect();
    await once(mounted.find('img'), 'load');
    await mounted.settled();
    expect(mounted.all('.initials')).to.have.length(0);
    expect(mounted.find('.face').getBoundingClientRect()).to.deep.equal(before);
    expect(mounted.find('img').getBoundingClientRect()).to.deep.equal(before);

    const wrong = URL.createObjectURL(new Blob(['words']));
    mounted.element.src = wrong;
    await mounted.settled();
    await once(mounted.find('img'), 'error');
    await mounted.settled();
    expect(mounted.find('.initials').dataset['text']).to.equal('MT');
    expect(mounted.all('img')).to.have.length(0);

    mounted.element.src = src;
    await mounted.settled();
    await once(mounted.find('img'), 'load');
    URL.revokeObjectURL(src);
    URL.revokeObjectURL(wrong);
  });

  it('shows a dot for who is there, and none for who is not', async () => {
    const mounted = await mount<TeatimeAvatar>(html`<teatime-avatar name="Mia" presence="online"></teatime-avatar>`);
    expect(mounted.all('.presence.online')).to.have.length(1);
    mounted.element.presence = 'offline';
    await mounted.settled();
    expect(mounted.all('.presence')).to.have.length(0);
  });

  it('keeps its initials readable on every tint, in light and dark', async () => {
    for (const color of ['leaf', 'moss', 'sea', 'sky', 'iris', 'plum', 'rose', 'clay', 'amber', 'stone']) {
      const mounted = await mount<TeatimeAvatar>(
        html`<teatime-avatar name="Mia Tanaka" color=${color}></teatime-avatar>`,
      );
      for (const theme of ['light', 'dark']) {
        mounted.host.setAttribute('theme', theme);
        const style = getComputedStyle(mounted.find('.face'));
        const ratio = contrast(style.color, style.backgroundColor);
        expect(ratio, `${color} in ${theme}`).to.be.greaterThan(4.5);
      }
      await expectAccessible(mounted.host);
    }
  });
});

/** Contrast ratio of two colours (WCAG 2.2, "contrast ratio"). */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
