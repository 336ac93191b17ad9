import { expect } from 'chai';
import { centreOf, maxZoom, pushed, wholeCrop, zoomed, zoomOf, type Crop, type PictureSize } from './crop.ts';

const wide = { width: 1200, height: 800 };

describe('crop', () => {
  it('starts as the largest square in the middle', () => {
    expect(wholeCrop(wide)).to.deep.equal({ x: 200, y: 0, side: 800 });
    expect(wholeCrop({ width: 1, height: 9000 })).to.deep.equal({ x: 0, y: 4499.5, side: 1 });
  });

  it('keeps what is under the fingers where it is while zooming', () => {
    const at = { x: 0.25, y: 0.75 };
    const before = wholeCrop(wide);
    const after = zoomed(before, wide, 2, at);
    const under = (crop: Crop) => ({ x: crop.x + at.x * crop.side, y: crop.y + at.y * crop.side });
    expect(under(after)).to.deep.equal(under(before));
    expect(zoomOf(after, wide)).to.equal(2);
  });

  it('goes no further in than the highest zoom, and no further out than the picture', () => {
    expect(zoomOf(zoomed(wholeCrop(wide), wide, 100), wide)).to.equal(maxZoom);
    expect(zoomed(zoomed(wholeCrop(wide), wide, 3, { x: 0, y: 0 }), wide, 0)).to.include({ y: 0, side: 800 });
  });

  it('follows a push and stops at the edges, whatever is done', () => {
    const near = zoomed(wholeCrop(wide), wide, 2);
    expect(pushed(near, wide, { x: 0.1, y: 0 })).to.deep.equal({ ...near, x: near.x - 40 });
    let crop = near;
    // A small generator of our own: the same wild gestures in each run.
    let seed = 7;
    const next = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (let step = 0; step < 500; step++) {
      crop = pushed(crop, wide, { x: next() * 4 - 2, y: next() * 4 - 2 });
      crop = zoomed(crop, wide, next() * 6, { x: next(), y: next() });
      expectInside(crop, wide);
    }
  });

  it('says where its middle is', () => {
    expect(centreOf(wholeCrop(wide), wide)).to.deep.equal({ left: 0.5, top: 0.5 });
    const corner = pushed(zoomed(wholeCrop(wide), wide, 4), wide, { x: 99, y: 99 });
    expect(centreOf(corner, wide)).to.deep.equal({ left: 100 / 1200, top: 100 / 800 });
  });
});

function expectInside({ x, y, side }: Crop, { width, height }: PictureSize): void {
  const slack = 1e-9;
  expect(x).to.be.within(0, width - side + slack);
  expect(y).to.be.within(0, height - side + slack);
  expect(side).to.be.within(Math.min(width, height) / maxZoom - slack, Math.min(width, height));
}
