import { expect } from 'chai';
import { fileBox } from './file-box.ts';

const picture = (width: number, height: number) => ({ kind: 'image' as const, width, height });
const box = (...args: Parameters<typeof fileBox>) => {
  const [ratio, rest, width] = fileBox(...args)
    .split(';')
    .map((part) => part.slice(part.indexOf(':') + 1));
  return { ratio: Number(ratio), rest, width };
};

describe('fileBox', () => {
  it('keeps the shape of a single picture within 300 × 340 px', () => {
    expect(box([picture(1200, 900)], true)).to.deep.equal({ ratio: 4 / 3, rest: '0px', width: '300px' });
    expect(box([picture(900, 1600)], true)).to.deep.equal({ ratio: 0.5625, rest: '0px', width: '191.25px' });
  });

  it('cuts what is far too long or too high', () => {
    expect(box([picture(10_000, 100)], true).ratio).to.equal(2.4);
    expect(box([picture(100, 10_000)], true)).to.include({ ratio: 0.5, width: '140px' });
  });

  it('lays several pictures out in a grid of as many rows as they need', () => {
    const ratios = [2, 3, 4, 5, 9, 10, 40].map((count) => box(Array(count).fill(picture(9, 9)), false).ratio);
    expect(ratios).to.deep.equal([2, 1.5, 1, 1.5, 1, 0.75, 0.75]);
  });

  it('leaves 60 px for each file that is a line', () => {
    expect(box([{ kind: 'file' }, { kind: 'voice' }], false)).to.deep.equal({
      ratio: NaN,
      rest: '120px',
      width: '300px',
    });
    expect(box([picture(400, 300), { kind: 'file' }], false)).to.deep.equal({
      ratio: 4 / 3,
      rest: '60px',
      width: '300px',
    });
  });
});
