import { expect, test } from 'vitest';
import type { FileLimits } from '../../../protocol/files.ts';
import { kindOf, nameOf, sortOut, typeOf } from './limits.ts';

const limits: FileLimits = {
  fileBytes: 10,
  filesPerMessage: 2,
  avatarBytes: 10,
  imagePixels: 100,
  voiceSeconds: 10,
};

const aFile = (name: string, size = 1, type = '') => ({ name, blob: new Blob(['x'.repeat(size)], { type }) });
const reasons = (...input: Parameters<typeof sortOut>) =>
  sortOut(...input).rejected.map(({ name, reason }) => `${name} ${reason}`);

test('what is turned down takes no place from what comes after it', () => {
  const files = [aFile('large', 11), aFile('one', 10), aFile('empty', 0), aFile('two'), aFile('three')];
  expect(reasons(files, limits, 0)).toEqual(['large too_large', 'empty empty', 'three too_many']);
  expect(sortOut(files, limits, 1).taken.map(({ name }) => name)).toEqual(['one']);
});

test('while the limits are unknown only empty files are turned down, and all where files are off', () => {
  const files = [aFile('large', 10_000), aFile('empty', 0)];
  expect(reasons(files, undefined, 50)).toEqual(['empty empty']);
  expect(reasons(files, 'off', 0)).toEqual(['large off', 'empty off']);
});

test('a type is taken by itself or with its group, whatever its parameters', () => {
  const types = ['image/*', 'text/plain'];
  const files = [
    aFile('a', 1, 'image/png'),
    aFile('b', 1, 'text/plain;charset=utf-8'),
    aFile('c', 1, 'text/html'),
    aFile('d'),
    aFile('e', 1, 'imagery/png'),
  ];
  const all = { ...limits, filesPerMessage: 9, types };
  expect(reasons(files, all, 0)).toEqual(['c wrong_type', 'd wrong_type', 'e wrong_type']);
});

test.each([
  ['', 'application/octet-stream'],
  ['text', 'application/octet-stream'],
  ['audio/webm;codecs=opus', 'audio/webm;codecs=opus'],
  ['text/plain; charset=utf-8', 'text/plain; charset=utf-8'],
  ['text/plain; what is this', 'text/plain'],
])('the type %j is sent as %j', (given, sent) => {
  expect(typeOf(aFile('any', 1, given))).toBe(sent);
});

test.each([
  ['notes.txt', 'notes.txt'],
  ['a\0b\ud800c.txt', 'abc.txt'],
  ['', 'file'],
  [' .. ', 'file'],
  ['日本語 👩‍👩‍👧.png', '日本語 👩‍👩‍👧.png'],
])('the name %j is sent as %j', (given, sent) => {
  expect(nameOf(aFile(given))).toBe(sent);
});

test('only pictures that browsers draw are shown as pictures', () => {
  const kinds = ['image/png', 'image/svg+xml', 'image/heic', 'video/mp4', 'audio/mpeg', 'application/pdf', ''].map(
    (type) => kindOf(aFile('any', 1, type)),
  );
  expect(kinds).toEqual(['image', 'file', 'file', 'video', 'audio', 'file', 'file']);
  expect(kindOf({ ...aFile('memo', 1, 'video/webm'), voice: { durationMs: 1, waveform: [1] } })).toBe('voice');
});
