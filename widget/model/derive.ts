import { atom, type ReadableAtom } from 'nanostores';

/** A store that holds what `map` makes of another one's value, for as long as that one lives: it never stops listening. */
export const derive = <From, To>($from: ReadableAtom<From>, map: (value: From) => To): ReadableAtom<To> => {
  const $to = atom(map($from.get()));
  $from.listen((value) => $to.set(map(value)));
  return $to;
};
