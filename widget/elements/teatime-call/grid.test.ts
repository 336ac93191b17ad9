import { expect } from 'chai';
import { columnOf, columnsFor } from './grid.ts';

describe('the grid of a call', () => {
  it('lays tiles out so that they are as large as can be', () => {
    const wide = (count: number) => columnsFor(count, 16 / 9);
    expect([1, 2, 3, 4, 5, 6, 7].map(wide)).to.deep.equal([1, 2, 2, 2, 3, 3, 3]);
    const upright = (count: number) => columnsFor(count, 0.5);
    expect([1, 2, 3, 4, 6].map(upright)).to.deep.equal([1, 1, 1, 1, 2]);
  });

  it('puts a last row that is not full into the middle', () => {
    const starts = (count: number, columns: number) =>
      Array.from({ length: count }, (_, index) => columnOf(index, count, columns));
    expect(starts(3, 2)).to.deep.equal([undefined, undefined, 2]);
    expect(starts(5, 3)).to.deep.equal([undefined, undefined, undefined, 2, undefined]);
    expect(starts(4, 2)).to.deep.equal([undefined, undefined, undefined, undefined]);
    expect(starts(2, 1)).to.deep.equal([undefined, undefined]);
  });
});
