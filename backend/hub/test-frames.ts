import type { RawFrame } from './raw-socket.ts';

const closeFrame = (payload: Uint8Array): RawFrame => ({ opcode: 8, payload });
const brokenUtf8 = Uint8Array.from([0x22, 0xc3, 0x28, 0x22]);

/** What ends a socket, and nothing else, on every path. */
export const brokenFrames: readonly [string, RawFrame[]][] = [
  ['invalid UTF-8', [{ payload: brokenUtf8 }]],
  [
    'UTF-8 broken off across fragments',
    [
      { payload: Uint8Array.from([0x22, 0xc3]), fin: false },
      { opcode: 0, payload: '"' },
    ],
  ],
  ['a lone surrogate in bytes', [{ payload: Uint8Array.from([0xed, 0xa0, 0x80]) }]],
  ['a reserved opcode', [{ opcode: 3, payload: 'x' }]],
  ['RSV1 without an extension', [{ rsv: 4, payload: '{}' }]],
  ['a fragmented ping', [{ opcode: 9, fin: false, payload: 'x' }]],
  ['a ping of 200 bytes', [{ opcode: 9, payload: 'x'.repeat(200) }]],
  ['a continuation of nothing', [{ opcode: 0, payload: 'x' }]],
  ['text inside fragments', [{ payload: '{', fin: false }, { payload: '}' }]],
  ['close code 999', [closeFrame(Uint8Array.from([0x03, 0xe7]))]],
  ['close code 1006', [closeFrame(Uint8Array.from([0x03, 0xee]))]],
  ['a close frame of one byte', [closeFrame(Uint8Array.from([0x03]))]],
  ['a close reason that is not UTF-8', [closeFrame(Uint8Array.from([0x03, 0xe8, 0xc3, 0x28]))]],
  ['a message of 70 KiB', [{ payload: `"${'x'.repeat(70 * 1024)}"` }]],
  [
    'two fragments of 40 KiB',
    [
      { payload: 'x'.repeat(40 * 1024), fin: false },
      { opcode: 0, payload: 'x'.repeat(40 * 1024) },
    ],
  ],
  ['a declared length of 2^62', [{ payload: 'x', declaredLength: 2n ** 62n }]],
];
