import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFrame } from './frames.ts';

test('whatever the data is, a frame is read as JSON reads it, however it is written', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.string({ unit: 'binary' }),
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' })),
      fc.constantFrom(0, 2, '\t'),
      (id, type, data, indent) => {
        const value = JSON.parse(JSON.stringify({ id, type, data })) as unknown;
        expect(readFrame(JSON.stringify(value, null, indent))).toEqual(value);
      },
    ),
    { numRuns: 2000 },
  );
});

test.each(['"a":1, "a":2', '"b\\\\":1,"a":{"c":1 , "c"\n:2}', '"\\u0061":1,"a":2', '"x":[{"a":1,"a":1}]'])(
  'data that names a key twice is refused: %s',
  (inside) => {
    expect(readFrame(`{"id":1,"type":"t","data":{${inside}}}`)).toMatchObject({ fault: 'it names a key twice' });
  },
);

test('random text never makes it throw', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'{}[]:,"\\ 1aidtype') }), (text) => void readFrame(text)));
});
