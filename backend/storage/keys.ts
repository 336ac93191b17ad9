import { Problem } from '../problem.ts';

const pattern = /^[\da-zA-Z-]{1,64}\/\d{4}\/[\da-zA-Z-]{1,64}$/;

/** True for what can be a key: `<site id>/<yyyy>/<uuid>`. Anything else that lies around in a folder or bucket is not TeaTime's. */
export const isKey = (text: string): boolean => pattern.test(text);

/** Lets a key pass. Keys are made by the server; another is a fault of ours. */
export const checkKey = (key: string): string => {
  if (!isKey(key)) throw new Error('unable to use the key of a file; it is malformed');
  return key;
};

/** The refusal of an upload that is not complete yet. */
export const incomplete = (): Problem => new Problem('conflict', 'unable to complete the upload; bytes are missing');

/** The refusal of an upload that was given up, or finished before. */
export const givenUp = (): Problem =>
  new Problem('conflict', 'unable to complete the upload; it was given up or finished before');
