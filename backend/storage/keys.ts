import { Problem } from '../problem.ts';

const pattern = /^[A-Za-z0-9][A-Za-z0-9_-]*(?:\/[A-Za-z0-9][A-Za-z0-9_-]*){0,4}$/;

/** Lets a key pass that is made of plain parts with slashes between. Keys are made by the server; another is a fault of ours. */
export const checkKey = (key: string): string => {
  if (key.length > 200 || !pattern.test(key)) throw new Error('unable to use the key of a file; it is malformed');
  return key;
};

/** The refusal of an upload that is not complete yet. */
export const incomplete = (): Problem => new Problem('conflict', 'unable to complete the upload; bytes are missing');

/** The refusal of an upload that was given up, or finished before. */
export const givenUp = (): Problem =>
  new Problem('conflict', 'unable to complete the upload; it was given up or finished before');
