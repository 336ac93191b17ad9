import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';

const headBytes = 64 * 1024;
// WHATWG MIME Sniffing §3: a byte that no text has.
const binary = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/**
 * What the bytes of a file say that it is: the media type of its signature, whether it reads as text, and whether that text is markup.
 * @typedef {{ type?: string, text: boolean, markup: boolean }} Bytes
 */

/**
 * Looks at the beginning of a file. Archives are never looked into.
 * @param {string} path
 * @returns {Promise<Bytes>}
 */
export async function sniff(path) {
  const head = await readHead(path);
  const text = decode(head);
  const bytes = { text: text !== undefined, markup: text !== undefined && /^[\s\u0000\ufeff]*</.test(text) };
  const type = ownSignature(head) ?? (await signature(path));
  // Signatures of two bytes, such as BM and MZ, begin texts as well; no picture, sound or program is all text.
  const mistaken = type === undefined || (bytes.text && !readable.test(type));
  return mistaken ? bytes : { ...bytes, type };
}

// What is made of text and has a signature.
const readable = /^(?:application\/(?:pdf|rtf|postscript|eps|pgp-encrypted)|text\/)/;

/** @param {string} path */
async function readHead(path) {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * The text that a file begins with, or `undefined` when it is no text.
 * @param {Buffer} head
 */
function decode(head) {
  const text = utf16(head) ?? utf8(head) ?? head.toString('latin1');
  return binary.test(text) ? undefined : text;
}

/** @param {Buffer} head */
function utf16(head) {
  const mark = head.length > 1 ? head.readUInt16BE(0) : 0;
  if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(head);
  if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(head);
  return undefined;
}

/** @param {Buffer} head */
function utf8(head) {
  try {
    // As a stream, so that a character that the end cuts in two is no error.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
  } catch {
    return undefined;
  }
}

/**
 * Archives by their first bytes, because file-type would go on to look at what is in them; PDF as readers take it, within the first 1024 bytes.
 * @param {Buffer} head
 */
function ownSignature(head) {
  const start = head.subarray(0, 4).toString('latin1');
  if (/^PK(?:\u0003\u0004|\u0005\u0006|\u0007\u0008)/.test(start)) return 'application/zip';
  if (start.startsWith('\u001f\u008b')) return 'application/gzip';
  if (head.subarray(0, 1024).includes('%PDF-')) return 'application/pdf';
  return undefined;
}

/** @param {string} path */
async function signature(path) {
  try {
    return (await fileTypeFromFile(path))?.mime.toLowerCase().replace(/\s/g, '');
  } catch {
    // A damaged file of some kind: not one of that kind.
    return undefined;
  }
}
