import { expect } from 'chai';
import fc from 'fast-check';
import { RowWindow } from './row-window.ts';

const keys = (count: number) => Array.from({ length: count }, (_, index) => `k${index}`);

describe('RowWindow', () => {
  it('reckons with measured heights, and with the estimate where there is none', () => {
    const rows = new RowWindow(50);
    rows.setKeys(keys(4));
    expect(rows.measure('k1', 80)).to.equal(true);
    expect(rows.measure('k1', 80)).to.equal(false);
    expect([0, 1, 2, 3, 4].map((index) => rows.offset(index))).to.deep.equal([0, 50, 130, 180, 230]);
    expect(rows.total).to.equal(230);
  });

  it('keeps the heights of rows while others come before them', () => {
    const rows = new RowWindow(50);
    rows.setKeys(['b', 'c']);
    rows.measure('b', 90);
    rows.setKeys(['a', 'b', 'c']);
    expect(rows.offset(2)).to.equal(140);
    expect(rows.indexOf('b')).to.equal(1);
    expect(rows.indexOf('gone')).to.equal(-1);
  });

  it('finds the row at any distance', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 }),
        fc.nat(20_000),
        (heights, at) => {
          const rows = new RowWindow(50);
          rows.setKeys(keys(heights.length));
          for (const [index, height] of heights.entries()) rows.measure(`k${index}`, height);
          const row = rows.rowAt(at);
          expect(rows.offset(row)).to.be.at.most(at);
          if (row < heights.length - 1) expect(rows.offset(row + 1)).to.be.above(at);
        },
      ),
    );
  });

  it('has an empty slice when there is nothing', () => {
    expect(new RowWindow(50).slice(0, 1_000)).to.deep.equal({ start: 0, end: 0 });
  });
});
