import { expect } from 'chai';
import { pan, whole, zoom } from './view.ts';

const picture = { x: 400, y: 300 };
const stage = { x: 800, y: 600 };
const middle = { x: 0, y: 0 };

describe('the view of a picture', () => {
  it('keeps what is under the pointer where it is', () => {
    const view = zoom(whole, 4, { x: 100, y: 50 }, picture, stage);
    expect(view).to.deep.equal({ scale: 4, x: -300, y: -150 });
  });

  it('is never smaller than the whole, and never larger than eight times that', () => {
    expect(zoom(whole, 0.1, middle, picture, stage)).to.deep.equal(whole);
    expect(zoom(whole, 100, middle, picture, stage).scale).to.equal(8);
  });

  it('stays in the middle while the picture is smaller than the stage', () => {
    expect(pan(zoom(whole, 1.5, { x: 80, y: 80 }, picture, stage), { x: 90, y: 90 }, picture, stage)).to.deep.equal({
      scale: 1.5,
      x: 0,
      y: 0,
    });
  });

  it('moves as far as there is something to see', () => {
    const view = pan(zoom(whole, 4, middle, picture, stage), { x: 5_000, y: -5_000 }, picture, stage);
    expect(view).to.deep.equal({ scale: 4, x: 400, y: -300 });
  });
});
