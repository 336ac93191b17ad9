import type { z } from 'zod';
import { Problem } from '../problem.ts';

/** A command as it came: `id` and `type` are checked, `data` is not. */
export interface CommandFrame {
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
}

/** A frame that is no command; `id` is set where it could be read. */
export interface BrokenFrame {
  readonly id: number | undefined;
  readonly fault: string;
}

const deepest = 16;
const keysAllowed = new Set(['id', 'type', 'data']);

/** Reads a text frame. Refuses what is not one object of `id`, `type` and `data`, nests deeper than 16 or names a key twice. */
export const readFrame = (text: string | undefined): CommandFrame | BrokenFrame => {
  const value = readObject(text);
  if (typeof value === 'string') return { id: undefined, fault: value };
  const { id, type, data = {} } = value as { id?: unknown; type?: unknown; data?: unknown };
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) {
    return { id: undefined, fault: 'id must be a whole number' };
  }
  if (typeof type !== 'string') return { id, fault: 'type must be a string' };
  for (const key in value) if (!keysAllowed.has(key)) return { id, fault: 'it takes id, type and data only' };
  const fault = faultIn(value, text ?? '');
  return fault === undefined ? { id, type, data } : { id, fault };
};

/** Reads the JSON object that a text frame is, or says what else it is. */
export const readObject = (text: string | undefined): object | string => {
  if (text === undefined) return 'it is binary';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : 'it is not an object';
};

/** What is wrong with the object that a text says, if anything: it nests deeper than 16, or names a key twice. */
export const faultIn = (value: object, text: string): string | undefined => {
  const keys = countKeys(value, 0);
  if (keys === undefined) return `it is nested deeper than ${deepest}`;
  return countWrittenKeys(text) === keys ? undefined : 'it names a key twice';
};

const countKeys = (value: unknown, depth: number): number | undefined => {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth === deepest) return undefined;
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const inner of Object.values(value)) {
    const below = countKeys(inner, depth + 1);
    if (below === undefined) return undefined;
    count += below;
  }
  return count;
};

const backslash = 0x5c;
const colon = 0x3a;
const space = 0x20;

/** The keys as a valid JSON text names them, a repeated one each time: strings with a colon behind them. */
const countWrittenKeys = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    let end = text.indexOf('"', at + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    at = end + 1;
    while (text.charCodeAt(at) <= space) at += 1;
    if (text.charCodeAt(at) === colon) count += 1;
  }
  return count;
};

const isEscaped = (text: string, quote: number): boolean => {
  let before = quote - 1;
  while (text.charCodeAt(before) === backslash) before -= 1;
  return (quote - before) % 2 === 0;
};

/** A reply that the command was done. `type` marks the reply to `auth`. */
export const doneFrame = (id: number, data: unknown, type?: string): string =>
  JSON.stringify({ id, ok: true, ...(type !== undefined && { type }), data });

/** A reply that it was not. Without an id it answers a frame whose id could not be read. */
export const refusedFrame = (id: number | undefined, problem: Problem): string => {
  const { code, message, retryAfterMs } = problem;
  const error = { code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  return JSON.stringify({ ...(id !== undefined && { id }), ok: false, error });
};

/** Checks a command's data; throws `validation_failed` that names the first fault. */
export const readData = (schema: z.ZodType, data: unknown): unknown => {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join('.') || 'data';
  // What was sent may be part of the message, at any length.
  throw new Problem('validation_failed', `unable to accept ${path.slice(0, 100)}; ${issue?.message.slice(0, 200)}`);
};
