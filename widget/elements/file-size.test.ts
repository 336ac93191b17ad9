import { expect } from 'chai';
import { clock } from './clock.ts';
import { fileSize } from './file-size.ts';

describe('fileSize', () => {
  it('counts as file managers do, with one digit behind the point where that says something', () => {
    const sizes = [1, 950, 999, 1_000, 1_499, 999_500, 1_000_000, 1_250_000, 12_500_000, 2_000_000_000];
    expect(sizes.map((size) => fileSize(size, 'en'))).to.deep.equal([
      '1 byte',
      '950 bytes',
      '999 bytes',
      '1 kB',
      '1 kB',
      '1 MB',
      '1 MB',
      '1.3 MB',
      '13 MB',
      '2 GB',
    ]);
  });

  it('writes as the language does', () => {
    expect(fileSize(1_250_000, 'de')).to.equal('1,3 MB');
  });
});

describe('clock', () => {
  it('shows minutes and seconds, and hours where there are some', () => {
    expect([0, 7_400, 59_600, 750_000, 3_723_000].map(clock)).to.deep.equal([
      '0:00',
      '0:07',
      '1:00',
      '12:30',
      '1:02:03',
    ]);
  });
});
