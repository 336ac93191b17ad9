/** How a picture is seen: so many times larger than it fits, and moved by so many px from the middle. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Width and height, or a distance from the middle, in px. */
export interface Pair {
  readonly x: number;
  readonly y: number;
}

/** The whole picture, in the middle. */
export const whole: View = { scale: 1, x: 0, y: 0 };

const largest = 8;
/** What a double tap and each press of a key do. */
export const doubleTapScale = 2.5;
export const step = 1.5;

/** Zooms so that what is under `point` (from the middle of the stage) stays there. `picture` is its size while it is whole. */
export function zoom(view: View, factor: number, point: Pair, picture: Pair, stage: Pair): View {
  const scale = Math.min(largest, Math.max(1, view.scale * factor));
  const grown = scale / view.scale;
  return within(
    { scale, x: point.x - (point.x - view.x) * grown, y: point.y - (point.y - view.y) * grown },
    picture,
    stage,
  );
}

/** Moves the picture, as far as some of it lies outside of the stage. */
export function pan(view: View, by: Pair, picture: Pair, stage: Pair): View {
  return within({ ...view, x: view.x + by.x, y: view.y + by.y }, picture, stage);
}

function within({ scale, x, y }: View, picture: Pair, stage: Pair): View {
  const clamp = (value: number, size: number, room: number): number => {
    const most = Math.max(0, (size * scale - room) / 2);
    return Math.min(most, Math.max(-most, value));
  };
  return { scale, x: clamp(x, picture.x, stage.x), y: clamp(y, picture.y, stage.y) };
}
