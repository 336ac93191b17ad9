import { expect } from 'chai';
import { Touches } from './touches.ts';

describe('touches', () => {
  it('drag with one finger', () => {
    const touches = new Touches();
    touches.set(1, { x: 0.25, y: 0.5 });
    expect(touches.move(1, { x: 0.5, y: 0.25 })).to.deep.equal({
      by: { x: 0.25, y: -0.25 },
      spread: 1,
      at: { x: 0.5, y: 0.25 },
    });
    touches.delete(1);
    expect(touches.move(1, { x: 0, y: 0 })).to.equal(undefined);
  });

  it('pinch with two, around the middle between them, and go on with one when the other is lifted', () => {
    const touches = new Touches();
    touches.set(1, { x: 0.25, y: 0.5 });
    touches.set(2, { x: 0.5, y: 0.5 });
    expect(touches.move(2, { x: 0.75, y: 0.5 })).to.deep.equal({
      by: { x: 0.125, y: 0 },
      spread: 2,
      at: { x: 0.5, y: 0.5 },
    });
    touches.delete(1);
    expect(touches.move(2, { x: 0.75, y: 0.75 })).to.deep.equal({
      by: { x: 0, y: 0.25 },
      spread: 1,
      at: { x: 0.75, y: 0.75 },
    });
  });

  it('ignore a third finger', () => {
    const touches = new Touches();
    for (const id of [1, 2, 3]) touches.set(id, { x: id / 4, y: 0 });
    expect(touches.move(3, { x: 0, y: 1 })).to.equal(undefined);
  });
});
