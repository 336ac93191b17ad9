import { expect } from 'chai';
import { columnsFor } from './grid.ts';

describe('the grid of a call', () => {
  it('lays tiles out so that they are as large as can be', () => {
    const wide = (count: number) => columnsFor(count, 16 / 9);
    expect([1, 2, 3, 4, 5, 6, 7].map(wide)).to.deep.equal([1, 2, 2, 2, 3, 3, 3]);
    const upright = (count: number) => columnsFor(count, 0.5);
    expect([1, 2, 3, 4, 6].map(upright)).to.deep.equal([1, 1, 1, 1, 2]);
  });
});
